import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { ControlSession, ControlStore, SqlValue } from '../../storage/control/control-store.ts';

const url = process.env.ZHIYIN_TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';

export type TestControl = { control: ControlStore; schema: string; close(): Promise<void> };

/** A control store of one's own for a test: a fresh schema on a PostgreSQL that runs already; gone after `close`. */
export async function openTestControl(): Promise<TestControl> {
  const schema = `trust_${randomBytes(5).toString('hex')}`;
  const admin = new pg.Client(url);
  await admin.connect();
  await admin.query(`create schema ${schema}`);
  await admin.query(`set search_path to ${schema}`);
  const migrations = path.join(import.meta.dirname, '../../storage/control/migrations');
  await admin.query(await readFile(path.join(migrations, '001-foundation.sql'), 'utf8'));
  const pool = new pg.Pool({ connectionString: url, max: 6, options: `-c search_path=${schema}` });
  const listeners: pg.Client[] = [];
  const control: ControlStore = {
    ...sessionOn(pool),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await work(sessionOn(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
    ping: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    async listen(channel, onMessage) {
      const client = new pg.Client(url);
      await client.connect();
      listeners.push(client);
      client.on('notification', (message) => onMessage(message.payload ?? ''));
      await client.query(`listen ${channel}`);
      return () => client.end();
    },
    connectionString: url,
    close: () => pool.end(),
  };
  return {
    control,
    schema,
    async close() {
      await Promise.all(listeners.map((client) => client.end().catch(() => undefined)));
      await pool.end();
      await admin.query(`drop schema ${schema} cascade`);
      await admin.end();
    },
  };
}

function sessionOn(runner: pg.Pool | pg.PoolClient): ControlSession {
  const query = async <Row>(sql: string, values: readonly SqlValue[] = []) =>
    (await runner.query(sql, values as unknown[])).rows as Row[];
  return { query, of: (workspaceId) => ({ query: (sql, values = []) => query(sql, [workspaceId, ...values]) }) };
}
