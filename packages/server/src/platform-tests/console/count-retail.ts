import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** UCI Online Retail, not part of this repository. */
export const retailFile = path.resolve(
  import.meta.dirname,
  '../../../../../../shared/data/retail/online-retail/online_retail.csv.gz',
);
export const hasRetail = existsSync(retailFile);

/** An independent count of what the console must show; it shares no code with the platform. */
export function countRetail() {
  const [, ...rows] = gunzipSync(readFileSync(retailFile)).toString('utf8').trimEnd().split(/\r?\n/).map(splitLine);
  const monthly = new Map<string, number>();
  /** Lines without a customer, by invoice. */
  const nobody = new Map<string, number>();
  const found = { rows: rows.length, kept: 0, quarantined: 0, revenue: 0, refunds: 0 };
  for (const [invoice = '', , , quantity = '', day = '', price = '', customer = ''] of rows) {
    const isRefund = invoice.startsWith('C') && quantity.startsWith('-');
    if (customer === '') nobody.set(invoice, (nobody.get(invoice) ?? 0) + 1);
    if (customer === '' || price.startsWith('-') || (quantity.startsWith('-') && !isRefund)) {
      found.quarantined += 1;
      continue;
    }
    // Prices have up to three digits after the point: thousandths are whole numbers, and exact.
    const thousandths = Number(quantity) * Math.round(Number(price) * 1_000);
    const pence = Math.sign(thousandths) * Math.round(Math.abs(thousandths) / 10);
    found.kept += 1;
    if (isRefund) found.refunds -= pence;
    else found.revenue += pence;
    const month = day.slice(0, 7);
    monthly.set(month, (monthly.get(month) ?? 0) + pence);
  }
  return { ...found, monthly, nobody };
}

/** One line of CSV; no value of this file holds a line break. */
function splitLine(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const values: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    values.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  }
  return values;
}
