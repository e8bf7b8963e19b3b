import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateControlStore } from './control/index.ts';
import { silentLogger } from './engines/supervise.ts';
import { migrateEventStore } from './events/index.ts';
import { migrateStores } from './migrate-stores.ts';
import { openTestStores, type TestStores } from './testing.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

describe('migrations', () => {
  it('change nothing the second time', async () => {
    expect(await migrateControlStore(stores.addresses.control)).toEqual([]);
    expect(await migrateEventStore(stores.addresses.events)).toEqual([]);
  });

  it('run once when several processes start together', async () => {
    const database = `${stores.addresses.events.database}_raced`;
    const addresses = {
      events: { ...stores.addresses.events, database },
      control: { ...stores.addresses.control, schema: database },
    };
    await Promise.all(Array.from({ length: 4 }, () => migrateStores(addresses, silentLogger)));
    const control = await stores.control.query(
      `select version, count(*)::int as n from ${database}.schema_migrations group by 1`,
    );
    expect(control.every((row) => (row as { n: number }).n === 1)).toBe(true);
    const events = await stores.events.maintain(
      `SELECT version, count() AS n FROM ${database}.schema_migrations GROUP BY version`,
      'a test',
    );
    expect(events.every((row) => Number((row as { n: string }).n) === 1)).toBe(true);
    await stores.events.maintain(`DROP DATABASE ${database} SYNC`, 'a test');
    await stores.control.query(`drop schema ${database} cascade`);
  });

  it('refuse a migration that was changed after it ran', async () => {
    const changed = [{ version: 1, name: 'foundation', sql: 'select 1' }];
    await expect(migrateControlStore(stores.addresses.control, { migrations: changed })).rejects.toThrow(
      /changed after it ran|newer than this program/,
    );
  });

  it('refuse a schema that is newer than the program', async () => {
    await expect(migrateControlStore(stores.addresses.control, { migrations: [] })).rejects.toThrow(
      /newer than this program/,
    );
    await expect(migrateEventStore(stores.addresses.events, [])).rejects.toThrow(/newer than this program/);
  });

  it('leave no trace of a migration that fails half-way', async () => {
    const { control } = stores.addresses;
    const schema = `${control.schema}_half`;
    const migrations = [{ version: 1, name: 'half', sql: 'create table a (x integer); select 1/0' }];
    await expect(migrateControlStore({ ...control, schema }, { migrations })).rejects.toThrow(/division by zero/);
    const tables = await stores.control.query('select tablename from pg_tables where schemaname = $1', [schema]);
    expect(tables).toEqual([{ tablename: 'schema_migrations' }]);
    await stores.control.query(`drop schema ${schema} cascade`);
  });
});
