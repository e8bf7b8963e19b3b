import type { Json, JsonObject } from '../../domain/events.ts';
import type { Draft, StepResult } from '../draft.ts';
import { isObject, own } from '../json.ts';
import { maskEmails } from '../personal/mask-text.ts';
import { truncateIp } from '../personal/truncate-ip.ts';

/** What of a device says which single device it is. */
const deviceIdentifiers = ['id', 'advertisingId', 'idfa', 'idfv', 'androidId', 'imei', 'mac', 'name'];

/** The context without identifiers: no traits, no device ids, the network instead of the address, pages without e-mails. */
export function cleanContext(draft: Draft): StepResult {
  const context: JsonObject = {};
  for (const key of Object.keys(draft.context)) {
    if (key === 'traits' || key === 'externalIds') continue;
    const value = draft.context[key]!;
    if (key === 'ip') {
      const network = typeof value === 'string' ? truncateIp(value) : undefined;
      if (network) context.ip = network;
    } else if (key === 'device' && isObject(value)) {
      const token = own(value, 'token');
      if (typeof token === 'string' && token !== '') draft.personal.push({ field: 'push_token', value: token });
      context.device = withoutIdentifiers(value);
    } else {
      context[key] = cleanUrls(value, 0);
    }
  }
  draft.context = context;
  return undefined;
}

function withoutIdentifiers(device: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const key of Object.keys(device)) {
    if (key !== 'token' && !deviceIdentifiers.includes(key)) kept[key] = device[key]!;
  }
  return kept;
}

function cleanUrls(value: Json, depth: number): Json {
  if (typeof value === 'string') return maskEmails(value);
  if (typeof value !== 'object' || value === null || depth > 30) return value;
  if (Array.isArray(value)) return value.map((element) => cleanUrls(element, depth + 1));
  const cleaned: JsonObject = {};
  for (const key of Object.keys(value)) cleaned[key] = cleanUrls(value[key]!, depth + 1);
  return cleaned;
}
