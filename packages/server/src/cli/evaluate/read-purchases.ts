import { AppError } from '../../domain/app-error.ts';
import { readLines, splitCsvLine } from './read-table.ts';

/** One entry per row, in file order. Customers are numbered as they appear; days are counted from 1970-01-01 in UTC. */
export type PurchaseRows = { customers: number; customer: number[]; day: number[]; amount: number[] | undefined };

const names = {
  customer: ['customer', 'customer_id', 'customerid', 'user', 'user_id'],
  date: ['date', 'day', 'timestamp', 'occurred_at'],
  amount: ['amount', 'value', 'revenue', 'total'],
};
const fix = 'CSV with a header customer,date[,amount], or JSON lines with those keys; dates as 2026-01-31 or 20260131.';

/** CSV with a header or JSON lines: customer, date and, where there is one, amount (refunds negative). */
export async function readPurchases(path: string): Promise<PurchaseRows> {
  const numberOf = new Map<string, number>();
  const rows: PurchaseRows = { customers: 0, customer: [], day: [], amount: undefined };
  let columns: { customer: number; date: number; amount: number } | undefined;
  let isJson: boolean | undefined;
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber++;
    if (line.trim() === '') continue;
    isJson ??= line.trimStart().startsWith('{');
    if (!isJson && !columns) {
      columns = findColumns(path, splitCsvLine(line));
      if (columns.amount >= 0) rows.amount = [];
      continue;
    }
    const [customer, date, amount] = columns
      ? pickCells(splitCsvLine(line), columns)
      : pickKeys(path, lineNumber, line);
    if (customer === undefined || customer === '') throw wrongLine(path, lineNumber, 'customer is empty');
    if (rows.customer.length === 0 && amount !== undefined) rows.amount = [];
    if (!columns && (amount !== undefined) !== (rows.amount !== undefined)) {
      throw wrongLine(path, lineNumber, 'amount must be on every line or on none');
    }
    rows.amount?.push(amountOf(path, lineNumber, amount));
    rows.day.push(dayOf(path, lineNumber, date));
    const known = numberOf.get(customer) ?? numberOf.size;
    numberOf.set(customer, known);
    rows.customer.push(known);
  }
  if (rows.customer.length === 0) {
    throw new AppError('input.invalid', `${path}: has no rows`, { details: { field: path, fix } });
  }
  rows.customers = numberOf.size;
  return rows;
}

/** Days since 1970-01-01 of the date at the beginning of a text; undefined when there is none. */
export function parseDay(text: string): number | undefined {
  const [, year, month, day] = /^\s*(\d{4})-?(\d{2})-?(\d{2})(?:\D|$)/.exec(text) ?? [];
  if (!year || !month || !day) return undefined;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (at.getUTCMonth() !== Number(month) - 1 || at.getUTCDate() !== Number(day)) return undefined;
  return at.getTime() / 86_400_000;
}

function findColumns(path: string, header: readonly string[]) {
  const at = (allowed: readonly string[]) => header.findIndex((cell) => allowed.includes(cell.trim().toLowerCase()));
  const columns = { customer: at(names.customer), date: at(names.date), amount: at(names.amount) };
  if (columns.customer < 0 || columns.date < 0) {
    throw wrongLine(path, 1, `the header must name customer and date, got ${header.join(',')}`);
  }
  return columns;
}

type Picked = [customer: string | undefined, date: string | undefined, amount: string | undefined];

function pickCells(cells: readonly string[], columns: { customer: number; date: number; amount: number }): Picked {
  return [cells[columns.customer], cells[columns.date], columns.amount < 0 ? undefined : cells[columns.amount]];
}

function pickKeys(path: string, lineNumber: number, line: string): Picked {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw wrongLine(path, lineNumber, `not a JSON object (${(cause as Error).message})`);
  }
  const pick = (allowed: readonly string[]) => {
    const key = Object.keys(row ?? {}).find((name) => allowed.includes(name.toLowerCase()));
    return key === undefined || row[key] === null ? undefined : String(row[key]);
  };
  return [pick(names.customer), pick(names.date), pick(names.amount)];
}

function amountOf(path: string, lineNumber: number, cell: string | undefined): number {
  const amount = cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell);
  if (Number.isFinite(amount)) return amount;
  throw wrongLine(path, lineNumber, `amount must be a number, got ${cell ?? 'nothing'}`);
}

function dayOf(path: string, lineNumber: number, cell: string | undefined): number {
  const day = parseDay(cell ?? '');
  if (day !== undefined) return day;
  throw wrongLine(
    path,
    lineNumber,
    `date must begin with a date such as 2026-01-31 or 20260131, got ${cell ?? 'nothing'}`,
  );
}

function wrongLine(path: string, lineNumber: number, what: string): AppError {
  return new AppError('input.invalid', `${path}, line ${lineNumber}: ${what}`, {
    details: { field: `${path}:${lineNumber}`, fix },
  });
}
