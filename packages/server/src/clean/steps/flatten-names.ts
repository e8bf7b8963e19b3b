import type { Json, JsonObject } from '../../domain/events.ts';
import type { Draft, StepResult } from '../draft.ts';
import { isObject } from '../json.ts';

const odd = /[.\u0000-\u001f]|^$/;

/**
 * The event store reads a point in a name as a path: `{"a.b": 1, "a": {"b": 2}}` would be the same path twice, and one such event
 * would fail the insert of all its neighbours. Points in names become underscores; empty names get one. Lists within lists have one
 * type there, so those that mix types keep the inner lists as JSON text.
 */
export function flattenNames(draft: Draft): StepResult {
  const properties = flatten(draft.properties);
  const context = flatten(draft.context);
  if (properties === draft.properties && context === draft.context) return undefined;
  draft.properties = properties as JsonObject;
  draft.context = context as JsonObject;
  draft.repairs.push('names');
  return undefined;
}

/** The same value when nothing is odd, so that the usual event costs a walk and no copy. */
function flatten(value: Json): Json {
  if (Array.isArray(value)) {
    let changed: Json[] | undefined;
    const isOddList = value.some(Array.isArray) && !isTable(value);
    for (let i = 0; i < value.length; i += 1) {
      const inner = value[i]!;
      const element = isOddList && Array.isArray(inner) ? JSON.stringify(inner) : flatten(inner);
      if (element !== value[i]) {
        changed ??= [...value];
        changed[i] = element;
      }
    }
    return changed ?? value;
  }
  if (!isObject(value)) return value;
  let changed: JsonObject | undefined;
  for (const key of Object.keys(value)) {
    const item = flatten(value[key]!);
    const isOdd = odd.test(key);
    if (!isOdd && item === value[key]) continue;
    changed ??= { ...value };
    if (isOdd) delete changed[key];
    changed[isOdd ? freeName(changed, plainName(key)) : key] = item;
  }
  return changed ?? value;
}

/** Lists of numbers in a list, such as coordinates. */
const isTable = (list: readonly Json[]): boolean =>
  list.every((row) => Array.isArray(row) && row.every((cell) => typeof cell === 'number'));

const plainName = (key: string): string => key.replace(/[.\u0000-\u001f]/g, '_') || '_';

function freeName(object: JsonObject, wanted: string): string {
  let name = wanted;
  while (Object.hasOwn(object, name)) name = `${name}_`;
  return name;
}
