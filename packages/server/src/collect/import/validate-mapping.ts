import { type ImportKind, type ImportMapping, type ImportOptions, importFields } from '@zhiyin/contract';
import { fieldsOf } from './guess-fields.ts';

export type MappingProblem = { readonly field: string; readonly message: string };

/** Why an import cannot start yet; empty when it can. Every message says what to do. */
export function validateMapping(
  kind: ImportKind | null,
  columns: readonly string[],
  mapping: ImportMapping,
  options: ImportOptions,
): MappingProblem[] {
  if (!kind) return [{ field: 'kind', message: `Say what the file holds: ${Object.keys(importFields).join(', ')}.` }];
  const { required, oneOf } = importFields[kind];
  const known = new Set<string>(fieldsOf(kind));
  const problems: MappingProblem[] = [];
  const takenBy = new Map<string, string>();
  for (const [column, field] of Object.entries(mapping)) {
    if (!columns.includes(column))
      problems.push({
        field: `mapping.${column}`,
        message: `The file has no column "${column}". It has: ${columns.slice(0, 20).join(', ')}.`,
      });
    if (field === null || field === '*') continue;
    if (!known.has(field))
      problems.push({
        field: `mapping.${column}`,
        message: `"${field}" is no field of ${kind}. Choose one of: ${[...known].join(', ')}, * to keep the column, or null to leave it out.`,
      });
    else if (takenBy.has(field))
      problems.push({
        field: `mapping.${column}`,
        message: `"${field}" is filled by column "${takenBy.get(field)}" already. Choose another field, * or null.`,
      });
    else takenBy.set(field, column);
  }
  for (const field of required) {
    if (takenBy.has(field) || (field === 'event' && options.eventName)) continue;
    problems.push({
      field,
      message: `Say which column holds ${field}${field === 'event' ? ', or give an event name in the options' : ''}.`,
    });
  }
  if (oneOf.length > 0 && !oneOf.some((field) => takenBy.has(field))) {
    problems.push({ field: oneOf[0]!, message: `Say which column tells who it was: one of ${oneOf.join(', ')}.` });
  }
  if (options.timeZone !== undefined && !isTimeZone(options.timeZone))
    problems.push({
      field: 'options.timeZone',
      message: `"${options.timeZone}" is no time zone. Write it as Asia/Shanghai.`,
    });
  if (options.currency !== undefined && !/^[A-Z]{3}$/.test(options.currency))
    problems.push({ field: 'options.currency', message: `"${options.currency}" is no currency. Write it as CNY.` });
  return problems;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z0-9_+/-]+$/.test(name);
  } catch {
    return false;
  }
}
