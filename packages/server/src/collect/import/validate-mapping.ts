import {
  explainSaid,
  type ImportKind,
  type ImportMapping,
  type ImportOptions,
  importFields,
  type Said,
  type SaidText,
  said,
} from '@zhiyin/contract';
import { fieldsOf } from './guess-fields.ts';

export type MappingProblem = { readonly field: string; readonly message: string; readonly explanation: Said | null };

/** Why an import cannot start yet; empty when it can. Every message says what to do. */
export function validateMapping(
  kind: ImportKind | null,
  columns: readonly string[],
  mapping: ImportMapping,
  options: ImportOptions,
): MappingProblem[] {
  if (!kind) return [problem('kind', said('kind_needed', { kinds: Object.keys(importFields).join(', ') }))];
  const { required, oneOf } = importFields[kind];
  const known = new Set<string>(fieldsOf(kind));
  const problems: MappingProblem[] = [];
  const takenBy = new Map<string, string>();
  for (const [column, field] of Object.entries(mapping)) {
    if (!columns.includes(column))
      problems.push(
        problem(`mapping.${column}`, said('no_column', { column, columns: columns.slice(0, 20).join(', ') })),
      );
    if (field === null || field === '*') continue;
    if (!known.has(field))
      problems.push(problem(`mapping.${column}`, said('no_field', { field, kind, fields: [...known].join(', ') })));
    else if (takenBy.has(field))
      problems.push(problem(`mapping.${column}`, said('filled_twice', { field, column: takenBy.get(field)! })));
    else takenBy.set(field, column);
  }
  for (const field of required) {
    if (takenBy.has(field) || (field === 'event' && options.eventName)) continue;
    const code = field === 'event' ? 'column_or_name_needed' : 'column_needed';
    problems.push(problem(field, said(code, { field })));
  }
  if (oneOf.length > 0 && !oneOf.some((field) => takenBy.has(field))) {
    problems.push(problem(oneOf[0]!, said('identity_needed', { fields: oneOf.join(', ') })));
  }
  if (options.timeZone !== undefined && !isTimeZone(options.timeZone))
    problems.push(problem('options.timeZone', said('no_time_zone', { value: options.timeZone })));
  if (options.currency !== undefined && !/^[A-Z]{3}$/.test(options.currency))
    problems.push(problem('options.currency', said('no_currency_code', { value: options.currency })));
  return problems;
}

export const problem = (field: string, message: SaidText): MappingProblem => ({
  field,
  message,
  explanation: explainSaid(message),
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z0-9_+/-]+$/.test(name);
  } catch {
    return false;
  }
}
