import type { Json, JsonObject } from '../../domain/events.ts';
import { maskIdentifier } from '../../domain/mask-identifier.ts';
import { isObject } from '../json.ts';
import { classifyName } from '../personal/classify-name.ts';
import { maskText } from '../personal/mask-text.ts';

const identifierNames = new Set([
  'userId',
  'anonymousId',
  'previousId',
  'user_id',
  'anonymous_id',
  'openid',
  'unionid',
  'device_id',
]);

/** A raw record for those who may not see people in clear: identifiers shortened, personal values replaced, texts masked. */
export function maskRaw(text: string): string {
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    return maskText(text);
  }
  return JSON.stringify(mask(parsed, ''));
}

function mask(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.map((element) => mask(element, name));
  if (isObject(value)) {
    const masked: JsonObject = {};
    for (const key of Object.keys(value)) {
      Object.defineProperty(masked, key, {
        value: mask(value[key]!, key),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return masked;
  }
  if (value === null || typeof value === 'boolean') return value;
  if (identifierNames.has(name)) return maskIdentifier(name, String(value));
  // A device's id among its other facts.
  const found = classifyName(name, name !== 'name');
  if (found !== 'none') return `[${found}]`;
  return typeof value === 'string' ? maskText(value) : value;
}
