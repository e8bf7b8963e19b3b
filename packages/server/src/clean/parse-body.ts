import { isUtf8 } from 'node:buffer';
import { type SaidText, said } from '@zhiyin/contract';
import type { Json, JsonObject } from '../domain/events.ts';

export type ParsedBody = { readonly value: Json; readonly repairs: readonly string[] } | { readonly problem: SaidText };

const replacement = '\uFFFD';

/**
 * A body to JSON without losing anything silently: whole numbers beyond 2^53 stay exact as text, text in GB18030 is read as such,
 * NUL characters and halves of surrogate pairs are taken out, `__proto__` becomes an ordinary name. The slow paths are taken
 * only by bodies that need them.
 */
export function parseBody(body: Buffer): ParsedBody {
  const repairs: string[] = [];
  const text = decode(body, repairs);
  let value: Json;
  try {
    value = holdsLongNumber(text) ? parseKeepingLongNumbers(text, repairs) : (JSON.parse(text) as Json);
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 120) : 'unreadable';
    return { problem: said('not_json', { error: why }) };
  }
  if (text.includes('\\u') || text.includes('__proto__')) value = mend(value, repairs);
  return { value, repairs };
}

/** True when bytes that are no text were replaced by a mark while decoding. */
export const lostText = (value: JsonObject): boolean => JSON.stringify(value).includes(replacement);

function decode(body: Buffer, repairs: string[]): string {
  if (isUtf8(body)) {
    const text = body.toString('utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
  try {
    const text = new TextDecoder('gb18030', { fatal: true }).decode(body);
    repairs.push('encoding');
    return text;
  } catch {
    repairs.push('undecoded');
    return body.toString('utf8');
  }
}

const longDigits = 16;

/** So many digits in a row cannot pass unseen between two looks that are that far apart. */
function holdsLongNumber(text: string): boolean {
  for (let at = longDigits - 1; at < text.length; at += longDigits) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let from = at;
    while (isDigit(text.charCodeAt(from - 1))) from -= 1;
    let to = at + 1;
    while (isDigit(text.charCodeAt(to))) to += 1;
    if (to - from >= longDigits) return true;
  }
  return false;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function parseKeepingLongNumbers(text: string, repairs: string[]): Json {
  let kept = false;
  const value = JSON.parse(text, function keepLong(_key: string, item: Json, context?: { source?: string }) {
    if (typeof item !== 'number' || Number.isSafeInteger(item)) return item;
    if (!/^-?\d+$/.test(context?.source ?? '')) return item;
    kept = true;
    return context!.source!;
  } as (key: string, value: unknown) => unknown) as Json;
  if (kept) repairs.push('long_number');
  return value;
}

function mend(value: Json, repairs: string[]): Json {
  const before = repairs.length;
  const note = (repair: string) => {
    if (!repairs.includes(repair, before)) repairs.push(repair);
  };
  const mendText = (text: string): string => {
    let mended = text;
    if (mended.includes('\0')) {
      mended = mended.replaceAll('\0', '');
      note('control_character');
    }
    if (!mended.isWellFormed()) {
      mended = mended.toWellFormed();
      note('broken_character');
    }
    return mended;
  };
  // By hand, not by recursion: the depth is the sender's choice until the limits were checked.
  const root: { value: Json } = { value };
  const waiting: { holder: Record<string, Json> | Json[]; key: string | number }[] = [
    { holder: root as unknown as Record<string, Json>, key: 'value' },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { holder, key } = next as { holder: Record<string, Json>; key: string };
    const item = holder[key]!;
    if (typeof item === 'string') holder[key] = mendText(item);
    else if (Array.isArray(item)) for (let i = 0; i < item.length; i += 1) waiting.push({ holder: item, key: i });
    else if (typeof item === 'object' && item !== null) {
      const renamed = renameKeys(item, mendText, note);
      holder[key] = renamed;
      for (const inner of Object.keys(renamed)) waiting.push({ holder: renamed, key: inner });
    }
  }
  return root.value;
}

function renameKeys(
  object: JsonObject,
  mendText: (text: string) => string,
  note: (repair: string) => void,
): JsonObject {
  const keys = Object.keys(object);
  const clean = keys.every((key) => key !== '__proto__' && key.isWellFormed() && !key.includes('\0'));
  if (clean) return object;
  return Object.fromEntries(
    keys.map((key) => {
      if (key !== '__proto__') return [mendText(key), object[key]!];
      note('reserved_name');
      return ['proto', object[key]!];
    }),
  );
}
