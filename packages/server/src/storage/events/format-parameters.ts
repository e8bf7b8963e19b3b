import { assert } from '../../domain/app-error.ts';
import type { Question } from './event-store.ts';

/** Values for `{name:Type}`. Instants become UTC text in the precision that the declared type can read. */
export function formatParameters(
  sql: string,
  parameters: Question['parameters'] = {},
): Record<string, string | number | boolean | (string | number | bigint)[]> {
  const types = new Map(
    [...sql.matchAll(/\{\s*([A-Za-z_]\w*)\s*:\s*([^}]*)\}/g)].map((match) => [match[1], match[2]?.trim() ?? '']),
  );
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      assert(name !== 'workspace', 'the parameter name workspace is reserved');
      if (value instanceof Date) return [name, formatInstant(value, types.get(name) ?? '')];
      return [name, typeof value === 'object' ? formatArray(value, types.get(name) ?? '') : value];
    }),
  );
}

/** Ids are decimal text here and integers there: an array of them must not be quoted. */
function formatArray(values: readonly (string | number)[], type: string): (string | number | bigint)[] {
  return /^Array\(U?Int/.test(type) ? values.map((value) => BigInt(value)) : [...values];
}

function formatInstant(value: Date, type: string): string {
  const text = value.toISOString();
  if (/^(Nullable\()?Date(32)?\b/.test(type) && !/DateTime/.test(type)) return text.slice(0, 10);
  return text.slice(0, /DateTime64/.test(type) ? 23 : 19).replace('T', ' ');
}
