import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { cleaningRules, registerPeople } from '../../clean/index.ts';
import type { Measurement } from '../../measurement.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { getImport, startImport } from './manage-imports.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { runImport } from './run-import.ts';
import { act, noJournal, testDeps, testWorkspace } from './testing.ts';

const leastRatio = 0.4;

/**
 * Rows a second of an import (report and all) against the engine's own raw insert of the same file into a typed table with the
 * same durability, in the same run. The raw insert checks nothing, knows nobody and keeps no duplicates out. Both come after a
 * small import, because a started engine is slow at first, and in turn: the middle one of three ratios counts.
 */
export async function benchImport(rows = 2_000_000): Promise<Measurement[]> {
  const stores = await openTestStores();
  try {
    const measured: Measurement[] = [];
    for (const kind of ['orders', 'events'] as const) {
      await measureImport(stores, kind, rows / 20);
      const turns = [];
      for (let turn = 0; turn < 3; turn++) turns.push(await measureImport(stores, kind, rows));
      measured.push(turns.toSorted((a, b) => a.ratio - b.ratio)[1]!);
    }
    return measured;
  } finally {
    await stores.close();
  }
}

type Kind = 'orders' | 'events';

const files: Readonly<
  Record<
    Kind,
    { header: string; structure: string; orderBy: string; line: (i: number, random: () => number) => string }
  >
> = {
  orders: {
    header: 'order_id,sku,product,quantity,created_at,unit_price,customer_id,country',
    structure:
      'order_id String, sku String, product String, quantity Decimal(18, 3), created_at DateTime64(3), unit_price Decimal(18, 4), customer_id String, country LowCardinality(String)',
    orderBy: 'customer_id, created_at',
    line: (i, random) => {
      // As in the Online Retail data: some 20 lines an order and 120 a customer.
      const order = Math.floor(i / 20);
      const item = Math.floor(random() * random() * 5_000);
      return `O${100_000 + order},SKU${item},Product number ${item} in blue,${1 + (i % 4)},${timeOf(order * 20_000)},${(1 + (item % 90)).toFixed(2)},${10_000 + ((order * 7_919) % 17_000)},${['China', 'France', 'Japan'][order % 3]}`;
    },
  },
  events: {
    header: 'event_time,event_type,product_id,category,brand,price,user_id',
    structure:
      'event_time DateTime64(3), event_type LowCardinality(String), product_id String, category LowCardinality(String), brand LowCardinality(String), price Decimal(18, 4), user_id String',
    orderBy: 'user_id, event_time',
    line: (i, random) => {
      const item = Math.floor(random() * random() * 5_000);
      return `${timeOf(i * 7_000)},${['view', 'view', 'cart', 'search'][i % 4]},SKU${item},category ${item % 40},brand ${item % 120},${(1 + (item % 90)).toFixed(2)},${10_000 + ((Math.floor(i / 5) * 7_919) % 20_000)}`;
    },
  },
};

export async function measureImport(
  stores: TestStores,
  kind: Kind,
  rows: number,
): Promise<Measurement & { readonly ratio: number }> {
  const folder = stores.config.collect.importDir;
  await mkdir(folder, { recursive: true });
  const path = `${folder}/bench-${kind}.csv`;
  await writeRows(path, kind, rows);
  const baselineSeconds = await rawInsert(stores, kind, path);
  const workspace = testWorkspace(await stores.newWorkspace());
  const deps = testDeps(stores, { rules: cleaningRules, registerPeople });
  const created = await createImport(stores, workspace, { fileName: `${kind}.csv`, kind }, act);
  await receiveImportFile(stores, deps, workspace, created.id, createReadStream(path), act);
  await startImport(stores, workspace, created.id, act);
  const began = performance.now();
  await runImport(stores, deps, workspace, created.id, {
    signal: new AbortController().signal,
    journal: noJournal,
    onProgress: process.env.VERBOSE
      ? (p) => console.error(kind, p.stage, Math.round(performance.now() - began))
      : undefined,
  });
  const seconds = (performance.now() - began) / 1_000;
  const { report, error } = await getImport(stores, workspace, created.id);
  if (report?.accepted !== rows)
    throw new Error(`benchImport: ${kind}: ${report?.accepted} of ${rows} rows accepted: ${error}`);
  await rm(path);
  const ratio = baselineSeconds / seconds;
  return {
    name: `import ${kind}`,
    value: Math.round(rows / seconds),
    unit: 'rows/s',
    baseline: Math.round(rows / baselineSeconds),
    ratio: Math.round(ratio * 100) / 100,
    bound: `≥ ${leastRatio} of the engine's raw insert`,
    passed: ratio >= leastRatio,
  };
}

async function rawInsert(stores: TestStores, kind: Kind, path: string): Promise<number> {
  const { structure, orderBy } = files[kind];
  const table = `${stores.config.events.database}.bench_raw`;
  await stores.events.maintain(
    `CREATE TABLE ${table} (${structure}) ENGINE = MergeTree ORDER BY (${orderBy}) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
    'bench',
  );
  const began = performance.now();
  await stores.events.maintain(
    `INSERT INTO ${table} SELECT * FROM file('${path}', 'CSV', '${structure}') SETTINGS input_format_csv_skip_first_lines = 1`,
    'bench',
  );
  const seconds = (performance.now() - began) / 1_000;
  await stores.events.maintain(`DROP TABLE ${table} SYNC`, 'bench');
  return seconds;
}

export async function writeRows(path: string, kind: Kind, rows: number): Promise<void> {
  const { header, line } = files[kind];
  const stream = createWriteStream(path);
  const random = seeded(7);
  let text = `${header}\n`;
  for (let i = 0; i < rows; i++) {
    text += `${line(i, random)}\n`;
    if (text.length < 1_000_000) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await once(stream, 'close');
}

const timeOf = (offsetMs: number): string =>
  new Date(1_700_000_000_000 + (offsetMs % 60_000_000_000)).toISOString().slice(0, 19).replace('T', ' ');

/** Mulberry32: small, seeded, good enough to draw goods. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
