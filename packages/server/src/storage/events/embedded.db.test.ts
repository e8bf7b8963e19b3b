import { openTestStores } from '../testing.ts';
import { testEventStore } from './event-store.contract.ts';

testEventStore('the embedded ClickHouse', async () => {
  const stores = await openTestStores();
  return { store: stores.events, close: stores.close };
});
