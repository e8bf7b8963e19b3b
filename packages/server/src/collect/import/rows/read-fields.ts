import type { ImportPlan } from '../import-plan.ts';

/** One row of the file by our fields, and the columns kept under their own name. Maps, because headers may be called `__proto__`. */
export type RowFields = {
  readonly row: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly kept: ReadonlyMap<string, string>;
  readonly raw: string;
};

export function readFields(plan: Pick<ImportPlan, 'mapping' | 'file'>, row: number, raw: string): RowFields {
  const values = new Map(Object.entries(JSON.parse(raw) as Record<string, unknown>));
  const fields = new Map<string, string>();
  const kept = new Map<string, string>();
  for (const column of plan.file.columns) {
    const text = toText(values.get(column));
    const field = Object.hasOwn(plan.mapping, column) ? plan.mapping[column] : null;
    if (text === '' || !field) continue;
    if (field === '*') kept.set(column, text);
    else fields.set(field, text);
  }
  return { row, fields, kept, raw };
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.trim() === '\\N' ? '' : text.trim();
}

/** `17850.0` is what spreadsheets make of a number in a column with gaps. */
export function plainId(text: string): string {
  return text.replace(/^(\d+)\.0+$/u, '$1');
}

export function isYes(text: string): boolean {
  return /^(1|true|yes|y|t|on|是|已同意|同意|已订阅|已删除|下架)$/iu.test(text);
}
