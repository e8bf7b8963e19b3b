import { expect, it } from 'vitest';
import { openTestStores } from '../testing.ts';
import { testEventStore } from './event-store.contract.ts';

testEventStore('the embedded ClickHouse', async () => {
  const stores = await openTestStores();
  return { store: stores.events, close: stores.close };
});

it('works with as many threads as it may, also where little memory is free for each', async () => {
  const stores = await openTestStores();
  const plan = await stores.events.maintain<{ explain: string }>(
    'EXPLAIN PIPELINE SELECT sum(number) FROM numbers_mt(10000000)',
    'a test',
  );
  expect(plan.map(({ explain }) => explain).join('\n')).toContain('× 2');
  await stores.close();
});
