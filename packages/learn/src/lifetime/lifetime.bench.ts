import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Measurement } from '../measurement.ts';
import { fitPurchaseModel } from './fit-purchase-model.ts';
import type { PurchaseHistories } from './purchase-histories.ts';
import { lifetimeModels } from './purchase-model.ts';
import { simulateHistories } from './simulate-histories.fixture.ts';

const sampleFile = path.resolve(
  import.meta.dirname,
  '../../../../../shared/data/science/clv/cdnow_customers_summary.csv.gz',
);
const published = { r: 0.2426, alpha: 4.4135 * 7, a: 0.7929, b: 2.4258 }; // days

/** Seconds to fit, parameter intervals included, on first call: a small sample, and a million customers in days. */
export async function benchLifetime(): Promise<Measurement[]> {
  const hasSample = existsSync(sampleFile);
  const sample = hasSample
    ? readSample()
    : simulateHistories({ customers: 2357, parameters: published, joinDays: 84, untilDay: 273, seed: 1 });
  const million = simulateHistories({
    customers: 1_000_000,
    parameters: published,
    joinDays: 365,
    untilDay: 730,
    seed: 2,
  });
  return [
    measure(`lifetime: BG/NBD, ${hasSample ? 'CDNOW sample' : 'a sample like CDNOW'}`, sample, 'bg-nbd', 0.2),
    measure('lifetime: BG/NBD, 1 million customers', million, 'bg-nbd', 5),
    ...lifetimeModels
      .filter((kind) => kind !== 'bg-nbd')
      .map((kind) => measure(`lifetime: ${kind}, 1 million customers`, million, kind)),
  ];
}

function measure(
  name: string,
  histories: PurchaseHistories,
  kind: (typeof lifetimeModels)[number],
  boundSeconds?: number,
): Measurement {
  const start = performance.now();
  const model = fitPurchaseModel(histories, { kind });
  const value = (performance.now() - start) / 1000;
  const isFitted = model.report?.converged === true;
  return {
    name: `${name} (${model.rows} distinct)`,
    value,
    unit: 's',
    ...(boundSeconds ? { bound: `<= ${boundSeconds} s, converged`, passed: isFitted && value <= boundSeconds } : {}),
  };
}

function readSample(): PurchaseHistories {
  const rows = gunzipSync(readFileSync(sampleFile)).toString().trim().split('\n').slice(1);
  const column = (index: number) => Float64Array.from(rows, (row) => Number(row.split(',')[index]));
  return { repeats: column(1), recency: column(2), age: column(3) };
}
