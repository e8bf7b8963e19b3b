import type { Panel } from '@zhiyin/contract';
import type { Formats } from '../format/use-formats.ts';

/** What a chart is drawn from; rows that were computed on the page have no query to show. */
export type ChartPanel = Omit<Panel, 'query'> & { readonly query?: Panel['query'] };
type Row = Panel['rows'][number];

/** A number of a row; null when it is missing or not a number. */
export function numberOf(row: Row | null | undefined, key: string): number | null {
  const value = row?.[key];
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  // 64-bit counts may travel as text.
  if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value);
  return null;
}

export const textOf = (row: Row | null | undefined, key: string): string => String(row?.[key] ?? '');

export const currencyOf = (panel: ChartPanel | undefined): string | undefined =>
  panel?.columns.find(({ type, currency }) => type === 'money' && currency)?.currency;

/** A cell as people read it; an en dash where nothing is known. */
export function formatCell(value: Row[string] | undefined, column: Panel['columns'][number], formats: Formats): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'string') {
    if (column.type === 'date') return formats.date(value.slice(0, 10));
    if (column.type === 'instant') return formats.exact(value);
    return value;
  }
  if (column.type === 'money') return formats.money(value, column.currency);
  if (column.type === 'rate') return formats.rate(value);
  return formats.count(value);
}

/** A count, or an en dash while it is not known: a zero would be a claim. */
export const countOrDash = (value: number | null, formats: Formats): string =>
  value === null ? '–' : formats.count(value);
