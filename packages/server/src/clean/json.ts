import { said } from '@zhiyin/contract';
import type { Json, JsonObject } from '../domain/events.ts';

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own property only: nothing is ever found on a prototype. */
export function own(object: JsonObject, key: string): Json | undefined {
  const value = object[key];
  // Most are not there at all, and the second look is only for those that are.
  return value !== undefined && Object.hasOwn(object, key) ? value : undefined;
}

export function ownObject(object: JsonObject, key: string): JsonObject | undefined {
  const value = own(object, key);
  return isObject(value) ? value : undefined;
}

/** A value as a short piece of a sentence. Never the whole of it, and text only by its length: it may be personal. */
export function describe(value: Json | undefined): string {
  if (value === undefined) return said('got_nothing');
  if (value === null) return said('got_null');
  if (Array.isArray(value)) return said('got_list', { count: value.length });
  if (typeof value === 'object') return said('got_object');
  if (typeof value === 'string') return value === '' ? said('got_empty') : said('got_text', { count: value.length });
  return String(value);
}

export function valueTypeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}
