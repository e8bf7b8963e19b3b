import { type ImportKind, type ImportMapping, importFields } from '@zhiyin/contract';

export type MappingProblem =
  | { readonly kind: 'missing'; readonly field: string }
  | { readonly kind: 'one_of'; readonly fields: readonly string[] }
  | { readonly kind: 'twice'; readonly field: string; readonly columns: readonly string[] };

/** What still keeps the file from being imported, known without asking the server: each field once, none missing. */
export function findMappingProblems(kind: ImportKind, mapping: ImportMapping, hasEventName = false): MappingProblem[] {
  const { required, oneOf } = importFields[kind];
  const columns = new Map<string, string[]>();
  for (const [column, field] of Object.entries(mapping)) {
    if (field === null || field === '*') continue;
    columns.set(field, [...(columns.get(field) ?? []), column]);
  }
  const problems: MappingProblem[] = [];
  for (const field of required) {
    if (columns.has(field) || (field === 'event' && hasEventName)) continue;
    problems.push({ kind: 'missing', field });
  }
  if (oneOf.length > 0 && !oneOf.some((field) => columns.has(field))) problems.push({ kind: 'one_of', fields: oneOf });
  for (const [field, names] of columns) if (names.length > 1) problems.push({ kind: 'twice', field, columns: names });
  return problems;
}
