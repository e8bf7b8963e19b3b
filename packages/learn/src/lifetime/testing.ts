import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Purchases } from './build-histories.ts';
import type { PurchaseHistories } from './purchase-histories.ts';

const folder = path.resolve(import.meta.dirname, '../../../../../shared/data');
const paths = {
  cdnowSummary: 'science/clv/cdnow_customers_summary.csv.gz',
  cdnowPurchases: 'science/clv/CDNOW_sample.txt.gz',
  onlineRetail: 'retail/online-retail/online_retail.csv.gz',
};

/** Real data are not part of the project: tests that want them say so in their title and rest without. */
export const hasData = Object.values(paths).every((file) => existsSync(path.join(folder, file)));
export const whereData = hasData ? '' : ' (skipped: data not present)';

/** CDNOW, 2,357 customers, weeks, 39 weeks of calibration. */
export function readCdnowSummary(): PurchaseHistories {
  const rows = readRows(paths.cdnowSummary)
    .slice(1)
    .map((row) => row.split(',').map(Number));
  return { repeats: rows.map((row) => row[1]), recency: rows.map((row) => row[2]), age: rows.map((row) => row[3]) };
}

/** CDNOW, single purchases; times in days. */
export function readCdnowPurchases(): { customer: number[]; time: number[]; amount: number[] } {
  const rows = readRows(paths.cdnowPurchases).map((row) => row.trim().split(/\s+/));
  return {
    customer: rows.map((row) => Number(row[1])),
    time: rows.map((row) => dayOf(`${row[2].slice(0, 4)}-${row[2].slice(4, 6)}-${row[2].slice(6)}`)),
    amount: rows.map((row) => Number(row[4])),
  };
}

/** Online Retail: invoices that are neither cancelled nor free, of known customers; times in days. */
export function readOnlineRetail(): Purchases {
  const customer: number[] = [];
  const time: number[] = [];
  for (const row of readRows(paths.onlineRetail)) {
    const [, invoice, quantity, date, price, who] =
      /^([^,]*),.*,(-?\d+),(\d{4}-\d\d-\d\d) [^,]*,(-?[\d.]+),(\d+)[.\d]*,[^,]*$/.exec(row.trim()) ?? [];
    if (!invoice || invoice.startsWith('C') || Number(quantity) <= 0 || Number(price) <= 0) continue;
    customer.push(Number(who));
    time.push(dayOf(date));
  }
  return { customer, time };
}

export const dayOf = (date: string): number => Math.floor(Date.parse(date) / 86_400_000);

function readRows(file: string): string[] {
  return gunzipSync(readFileSync(path.join(folder, file)))
    .toString()
    .trim()
    .split('\n');
}
