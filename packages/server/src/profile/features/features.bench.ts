import type { Measurement } from '../../measurement.ts';
import { openTestStores } from '../../storage/testing.ts';
import { discoverPlan } from './discover-plan.ts';
import { featureParameters, featuresSql } from './features-sql.ts';
import { readFeatures } from './read-features.ts';

const events = Number(process.env.ZHIYIN_BENCH_EVENTS ?? 5_000_000);
const people = events / 50;
/** What the bound is about: a million people from fifty million events. */
const scale = 50_000_000 / events;
const boundSeconds = 180;

/**
 * Features of everybody, 50 events and 5 orders each over a year: in the engine alone, and read into tables here. Linear in people and
 * events, so the bound for 50 million events is asked of the measured time scaled up.
 */
export async function benchFeatures(): Promise<Measurement[]> {
  const stores = await openTestStores();
  try {
    const id = await stores.newWorkspace({ timeZone: 'Asia/Shanghai', currency: 'CNY' });
    await fill(stores.events.maintain, stores.config.events.database, id);
    const plan = await discoverPlan(stores.events, { id, currency: 'CNY', timeZone: 'Asia/Shanghai' }, new Date());
    const filter = { who: 'everyone', withinDays: 1 } as const;
    const at = new Date();
    const engine = await seconds(() =>
      stores.events.read(
        id,
        {
          name: 'bench-features',
          parameters: featureParameters(plan, filter, at),
          sql: `SELECT count(), sum(arraySum(one -> ifNotFinite(one, 0), numbers)) FROM (${featuresSql(plan, filter)})`,
        },
        { timeoutMs: 600_000, memoryBytesMax: 8e9 },
      ),
    );
    let rows = 0;
    const read = await seconds(async () => {
      for await (const page of readFeatures(stores.events, id, plan, { at, filter })) rows += page.table.rows;
    });
    return [
      measured(`features of ${people} people from ${events} events, in the engine`, engine),
      measured(`the same, ${rows} rows read`, read),
    ];
  } finally {
    await stores.close();
  }
}

function measured(name: string, value: number): Measurement {
  const scaled = value * scale;
  return {
    name,
    value,
    unit: 's',
    bound: `${scaled.toFixed(0)} s at 50 million events <= ${boundSeconds} s`,
    passed: scaled <= boundSeconds,
  };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

async function fill(
  maintain: (statement: string, reason: string) => Promise<unknown>,
  database: string,
  workspaceId: number,
): Promise<void> {
  const person = `bitAnd(sipHash64(number % ${people}), 0x7fffffffffffffff)`;
  const batch = Math.min(events, 1_000_000);
  for (let from = 0; from < events; from += batch) {
    await maintain(
      `INSERT INTO ${database}.events (workspace_id, source_id, message_key, identity_id, type, name, occurred_at, received_at, properties, context, repairs, import_id)
       SELECT ${workspaceId}, 1, reinterpretAsUUID(sipHash128(number)), ${person}, 'track',
         ['product_viewed', 'product_viewed', 'page_viewed', 'product_added', 'product_list_viewed', 'email_delivered', 'order_completed',
          'email_opened', 'product_viewed', 'checkout_started'][1 + intDiv(number, ${people}) % 10],
         now64(3) - toIntervalSecond(sipHash64(number, 1) % 31536000), now64(3) - toIntervalSecond(number % 2000000),
         concat('{"product_id":"sku-', toString(number % 5000), '","price":', toString(10 + number % 90), ',"currency":"CNY"}'),
         '{"device":{"type":"ios"},"campaign":{"source":"search"}}', [], 0
       FROM numbers(${from}, ${batch})`,
      'test: features',
    );
    await maintain(
      `INSERT INTO ${database}.order_lines (workspace_id, source_id, line_key, identity_id, order_id, kind, item_id, item_name, category, quantity, unit_price, amount_minor, currency, occurred_at, received_at, import_id)
       SELECT ${workspaceId}, 1, reinterpretAsUUID(sipHash128(number, 7)), ${person}, toString(number), 'sale', 'tea', 'Tea', ['tea', 'cups', 'bags'][1 + number % 3],
         1, 50, 5000, 'CNY', now64(3) - toIntervalSecond(sipHash64(number, 1) % 31536000), now64(3), 0
       FROM numbers(${from / 10}, ${batch / 10})`,
      'test: features',
    );
  }
}
