import { openTestStores } from '../testing.ts';
import { testControlStore } from './control-store.contract.ts';

testControlStore('the embedded PostgreSQL', async () => {
  const stores = await openTestStores();
  return { store: stores.control, close: stores.close };
});
