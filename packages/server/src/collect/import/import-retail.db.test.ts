import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { getImport, startImport } from './manage-imports.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { runImport } from './run-import.ts';
import { act, noJournal, recordingPorts, testDeps, testWorkspace, upload } from './testing.ts';

const file = path.resolve(
  import.meta.dirname,
  '../../../../../../shared/data/retail/online-retail/online_retail.csv.gz',
);

/** An independent count: plain code over the unpacked text, sharing nothing with the import. */
function countRetail(text: string) {
  const rows = splitCsv(text).slice(1);
  const orders = new Set<string>();
  const refunds = new Set<string>();
  const customers = new Set<string>();
  const found = {
    rows: rows.length,
    kept: 0,
    missing: 0,
    negativeQuantity: 0,
    negativePrice: 0,
    revenueMinor: 0n,
    refundsMinor: 0n,
    orders: 0,
    refunds: 0,
    customers: 0,
  };
  for (const [invoice = '', , , quantity = '', , price = '', customer = ''] of rows) {
    const isRefund = invoice.startsWith('C') && quantity.startsWith('-');
    if (customer === '') found.missing += 1;
    else if (quantity.startsWith('-') && !isRefund) found.negativeQuantity += 1;
    else if (price.startsWith('-')) found.negativePrice += 1;
    else {
      found.kept += 1;
      customers.add(customer);
      const amount = minor(BigInt(quantity), price);
      if (isRefund) {
        found.refundsMinor += amount;
        refunds.add(`${invoice} ${customer}`);
      } else {
        found.revenueMinor += amount;
        orders.add(`${invoice} ${customer}`);
      }
    }
  }
  return { ...found, orders: orders.size, refunds: refunds.size, customers: customers.size };
}

/** quantity × price in pence, half away from zero. */
function minor(quantity: bigint, price: string): bigint {
  const [whole = '0', fraction = ''] = price.split('.');
  const tenThousandths = quantity * BigInt(whole + fraction.padEnd(4, '0').slice(0, 4));
  const [size, sign] = tenThousandths < 0n ? [-tenThousandths, -1n] : [tenThousandths, 1n];
  return sign * ((size + 50n) / 100n);
}

function splitCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let inQuotes = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (inQuotes) {
      if (character !== '"') value += character;
      else if (text[i + 1] === '"') {
        value += '"';
        i += 1;
      } else inQuotes = false;
    } else if (character === '"') inQuotes = true;
    else if (character === ',') {
      row.push(value);
      value = '';
    } else if (character === '\n') {
      rows.push([...row, value.replace(/\r$/, '')]);
      row = [];
      value = '';
    } else value += character;
  }
  if (value !== '' || row.length > 0) rows.push([...row, value]);
  return rows;
}

describe.skipIf(!existsSync(file))(
  `Online Retail (UCI, 541,909 rows)${existsSync(file) ? '' : ' skipped: data not present'}`,
  () => {
    let stores: TestStores;
    let workspace: Workspace;
    const ports = recordingPorts();

    beforeAll(async () => {
      stores = await openTestStores();
      workspace = testWorkspace(await stores.newWorkspace({ currency: 'GBP' }), { currency: 'GBP' });
    });
    afterAll(async () => stores?.close());

    const importIt = async (bytes: Buffer, fileName: string) => {
      const deps = testDeps(stores, ports);
      const created = await createImport(stores, workspace, { fileName }, act);
      const received = await receiveImportFile(stores, deps, workspace, created.id, upload(bytes), act);
      expect(received).toMatchObject({ state: 'ready', kind: 'orders' });
      await startImport(stores, workspace, created.id, act);
      await runImport(stores, deps, workspace, created.id, {
        signal: new AbortController().signal,
        journal: noJournal,
      });
      return getImport(stores, workspace, created.id);
    };
    const table = async (sql: string) => {
      const rows = await stores.events.maintain<Record<string, string>>(
        sql.replaceAll('@', `${stores.config.events.database}.`),
        'test: look at the tables',
      );
      return rows[0]!;
    };

    it('agrees with an independent count: rows per outcome and reason, orders, customers, revenue and refunds to the penny', async () => {
      const bytes = readFileSync(file);
      const expected = countRetail(gunzipSync(bytes).toString('utf8'));
      const done = await importIt(bytes, 'online_retail.csv.gz');
      expect(done.error).toBeNull();
      expect(done.report).toMatchObject({
        received: expected.rows,
        accepted: 0,
        repaired: expected.kept,
        duplicate: 0,
        quarantined: expected.missing + expected.negativeQuantity + expected.negativePrice,
        repairs: { 'user_id:float': expected.kept },
        reasons: nonZero({
          missing_identity: expected.missing,
          negative_quantity: expected.negativeQuantity,
          negative_price: expected.negativePrice,
        }),
        made: {
          lines: expected.kept,
          orders: expected.orders,
          refunds: expected.refunds,
          people: expected.customers,
          revenue_minor: Number(expected.revenueMinor),
          refunds_minor: Number(expected.refundsMinor),
        },
      });
      expect(
        await table(
          `SELECT count() AS lines, uniqExact(line_key) AS keys, sumIf(amount_minor, kind = 'sale') AS revenue, sumIf(amount_minor, kind = 'refund') AS refunds, uniqExact(identity_id) AS people FROM @order_lines`,
        ),
      ).toEqual({
        lines: String(expected.kept),
        keys: String(expected.kept),
        revenue: String(expected.revenueMinor),
        refunds: String(expected.refundsMinor),
        people: String(expected.customers),
      });
      expect(
        await table(
          `SELECT countIf(name = 'order_completed') AS completed, countIf(name = 'order_refunded') AS refunded, sum(toInt64(properties.amount_minor)) AS amount FROM @events`,
        ),
      ).toEqual({
        completed: String(expected.orders),
        refunded: String(expected.refunds),
        amount: String(expected.revenueMinor + expected.refundsMinor),
      });
      expect(await table(`SELECT count() AS records FROM @quarantine WHERE reason = 'missing_identity'`)).toEqual({
        records: String(expected.missing),
      });
      expect(new Set(ports.people.map((person) => person.value)).size).toBe(expected.customers);
      const counts = await stores.control
        .of(workspace.id)
        .query<{ outcome: string; n: string }>(
          'select outcome, sum(records) as n from ingest_counts where workspace_id = $1 group by outcome order by outcome',
        );
      expect(counts).toEqual([
        { outcome: 'quarantined', n: String(done.report!.quarantined) },
        { outcome: 'valid', n: String(expected.kept) },
      ]);
    });

    it('adds nothing when the same file comes again, under its name or another and packed or not', async () => {
      const before = await table(
        'SELECT (SELECT count() FROM @order_lines) AS lines, (SELECT count() FROM @events) AS events, (SELECT count() FROM @quarantine FINAL) AS records',
      );
      const bytes = readFileSync(file);
      for (const [content, name] of [
        [bytes, 'again.csv.gz'],
        [gunzipSync(bytes), 'unpacked.csv'],
      ] as const) {
        const done = await importIt(content, name);
        expect(done.report).toMatchObject({
          received: 541_909,
          accepted: 0,
          repaired: 0,
          duplicate: 541_909,
          quarantined: 0,
        });
      }
      expect(
        await table(
          'SELECT (SELECT count() FROM @order_lines) AS lines, (SELECT count() FROM @events) AS events, (SELECT count() FROM @quarantine FINAL) AS records',
        ),
      ).toEqual(before);
    });

    it('keeps no customer number in the event store, and raw rows only sealed', async () => {
      expect(
        await table(`SELECT countIf(position(raw_sealed, 'United Kingdom') > 0) AS open FROM @quarantine`),
      ).toEqual({ open: '0' });
      expect(await table(`SELECT countIf(identity_id BETWEEN 12000 AND 19000) AS plain FROM @order_lines`)).toEqual({
        plain: '0',
      });
    });
  },
);

const nonZero = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
