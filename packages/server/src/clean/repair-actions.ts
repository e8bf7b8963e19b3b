import type { RepairAction } from '@zhiyin/contract';
import type { Json, JsonObject } from '../domain/events.ts';
import { isObject, own } from './json.ts';
import { parseAmountText } from './money/parse-amount-text.ts';
import { parseInstant } from './parse-instant.ts';

const forbiddenSegments = new Set(['__proto__', 'constructor', 'prototype', '']);

/**
 * The mending an operator wrote, applied to one record. Pure: gives a changed copy. A path is names joined by points; where it
 * meets a list, it means each element, unless a number names one. What a path does not find is left alone.
 */
export function applyRepairActions(record: JsonObject, actions: readonly RepairAction[], timeZone = 'UTC'): JsonObject {
  const copy = structuredClone(record);
  for (const action of actions) applyAction(copy, action, timeZone, (path) => path.split('.'));
  return copy;
}

/** The same for a row of a file: paths are names of columns, also when there is a point in them. */
export function applyRowActions(row: JsonObject, actions: readonly RepairAction[], timeZone = 'UTC'): JsonObject {
  const copy = structuredClone(row);
  for (const action of actions) applyAction(copy, action, timeZone, (column) => [column]);
  return copy;
}

type SplitPath = (path: string) => string[];

function applyAction(record: JsonObject, action: RepairAction, timeZone: string, split: SplitPath): void {
  const path = split(action.path);
  if (path.some((segment) => forbiddenSegments.has(segment))) return;
  if (action.do === 'rename') {
    rename(record, path, split(action.to));
    return;
  }
  const makes = action.do === 'set' || action.do === 'default';
  for (const { holder, key } of findPlaces(record, path, makes)) {
    const value = own(holder, key);
    switch (action.do) {
      case 'set':
        holder[key] = action.value;
        break;
      case 'default':
        if (value === undefined || value === null || value === '') holder[key] = action.value;
        break;
      case 'remove':
        delete holder[key];
        break;
      case 'convert': {
        const converted = value === undefined ? undefined : convert(value, action.to, timeZone);
        if (converted !== undefined) holder[key] = converted;
        break;
      }
      case 'replace':
        if (typeof value === 'string') holder[key] = value.replaceAll(action.find, () => action.with);
        break;
    }
  }
}

type Place = { readonly holder: JsonObject; readonly key: string };

/** Where the path ends: one place, or one per list element on the way. */
function findPlaces(root: JsonObject, path: readonly string[], makes: boolean): Place[] {
  let holders: Json[] = [root];
  for (const segment of path.slice(0, -1)) holders = holders.flatMap((holder) => descend(holder, segment, makes));
  const key = path.at(-1)!;
  return holders.flatMap((holder) => {
    if (isObject(holder)) return [{ holder, key }];
    if (!Array.isArray(holder)) return [];
    // An element named by its number: a list takes keys as an object does.
    if (/^\d+$/.test(key)) return Number(key) < holder.length ? [{ holder: holder as unknown as JsonObject, key }] : [];
    return holder.filter(isObject).map((element) => ({ holder: element, key }));
  });
}

function descend(holder: Json, segment: string, makes: boolean): Json[] {
  if (Array.isArray(holder)) {
    if (/^\d+$/.test(segment)) return holder[Number(segment)] === undefined ? [] : [holder[Number(segment)]!];
    return holder.filter(isObject).flatMap((element) => descend(element, segment, makes));
  }
  if (!isObject(holder)) return [];
  const value = own(holder, segment);
  if ((value === undefined || value === null) && makes) {
    const made: JsonObject = {};
    holder[segment] = made;
    return [made];
  }
  return value === undefined ? [] : [value];
}

/** Within one object the name changes, also in each element of a list; else the value moves. */
function rename(record: JsonObject, path: readonly string[], to: readonly string[]): void {
  if (to.some((segment) => forbiddenSegments.has(segment))) return;
  const sameHolder = to.length === 1 || to.slice(0, -1).join('.') === path.slice(0, -1).join('.');
  for (const { holder, key } of findPlaces(record, path, false)) {
    const value = own(holder, key);
    if (value === undefined) continue;
    delete holder[key];
    if (sameHolder && (to.length > 1 || path.length === 1)) holder[to.at(-1)!] = value;
    else for (const place of findPlaces(record, to, true)) place.holder[place.key] = value;
  }
}

function convert(value: Json, to: 'text' | 'number' | 'boolean' | 'instant', timeZone: string): Json | undefined {
  if (to === 'text') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (to === 'number') {
    if (typeof value === 'boolean') return value ? 1 : 0;
    const amount = typeof value === 'string' ? parseAmountText(value, 'USD') : undefined;
    return amount ? Number(amount.number) : undefined;
  }
  if (to === 'boolean') return parseBoolean(value);
  return parseInstant(value, timeZone)?.at.toISOString();
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', 'y', '1', 'on', '是', '真', '有'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0', 'off', '否', '假', '无'].map((word) => [word, false] as const),
]);

export function parseBoolean(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'object') return undefined;
  return truths.get(String(value).trim().toLowerCase());
}
