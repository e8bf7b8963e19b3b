import type { Panel } from '@zhiyin/contract';
import { minorDigits, toMajor } from '../format/format-money.ts';

type Cell = string | number | null | undefined;

/** A panel as CSV (RFC 4180) with the given headings. Opens safely in spreadsheets. */
export function formatCsv(panel: Pick<Panel, 'columns' | 'rows'>, heading: (key: string) => string): string {
  return formatDelimited(panel, heading, ',');
}

/** The same with tabs: what a spreadsheet expects from the clipboard. */
export function formatTsv(panel: Pick<Panel, 'columns' | 'rows'>, heading: (key: string) => string): string {
  return formatDelimited(panel, heading, '\t');
}

function formatDelimited(
  panel: Pick<Panel, 'columns' | 'rows'>,
  heading: (key: string) => string,
  delimiter: string,
): string {
  const lines = [panel.columns.map((column) => escapeCell(heading(column.key), delimiter))];
  for (const row of panel.rows) {
    lines.push(
      panel.columns.map((column) => {
        const value = row[column.key];
        return escapeCell(
          column.type === 'money' && typeof value === 'number' ? majorCell(value, column.currency) : value,
          delimiter,
        );
      }),
    );
  }
  return `${lines.map((cells) => cells.join(delimiter)).join('\r\n')}\r\n`;
}

/**
 * One cell. Text that a spreadsheet would run as a formula gets a leading apostrophe: event and
 * product names come from outside, and a name such as `=HYPERLINK(…)` must stay a name.
 */
export function escapeCell(value: Cell, delimiter = ','): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = /^[\s]*[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  const needsQuotes = text.includes(delimiter) || /["\r\n\t]/.test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

function majorCell(minor: number, currency = 'USD'): number {
  return Number(toMajor(minor, currency).toFixed(minorDigits(currency)));
}
