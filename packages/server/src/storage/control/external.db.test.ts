import pg from 'pg';
import { describe, it } from 'vitest';
import { testControlStore } from './control-store.contract.ts';
import { migrateControlStore, openControlStore } from './index.ts';

const connectionString = process.env.ZHIYIN_TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const schema = `zhiyin_test_${process.pid}`;

if (await isReachable()) {
  testControlStore('a PostgreSQL server of its own', async () => {
    const address = { connectionString, schema, embedded: false };
    await migrateControlStore(address);
    const store = openControlStore(address);
    return {
      store,
      async close() {
        await store.query(`drop schema ${schema} cascade`);
        await store.close();
      },
    };
  });
} else {
  describe('a PostgreSQL server of its own as a control store', () => {
    it.skip('is not reachable: set ZHIYIN_TEST_DATABASE_URL to a database to run this suite on it', () => {});
  });
}

async function isReachable(): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
