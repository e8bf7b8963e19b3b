import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession, ControlStore, SqlValue } from '../../storage/control/control-store.ts';

const migration = new URL('../../storage/control/migrations/001-foundation.sql', import.meta.url);

/** A control store in a schema of its own on the machine's PostgreSQL; dropped on close. */
export async function openTestControl(schema: string, url = 'postgres://postgres@127.0.0.1:5432/test') {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === 20 ? (text: string) => text : pg.types.getTypeParser(oid, format),
  } as pg.CustomTypesConfig;
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  await admin.query(`drop schema if exists ${schema} cascade`);
  await admin.query(`create schema ${schema}`);
  const pool = new pg.Pool({ connectionString: url, max: 8, options: `-c search_path=${schema}`, types });
  await pool.query(await readFile(migration, 'utf8'));

  const sessionOn = (client: pg.Pool | pg.PoolClient): ControlSession => ({
    query: async <Row>(sql: string, values: readonly SqlValue[] = []) =>
      (await client.query(sql, values as unknown[])).rows as Row[],
    of: (workspaceId: WorkspaceId) => ({
      query: async <Row>(sql: string, values: readonly SqlValue[] = []) =>
        (await client.query(sql, [workspaceId, ...(values as unknown[])])).rows as Row[],
    }),
  });
  const control: ControlStore = {
    ...sessionOn(pool),
    async transaction<T>(work: (session: ControlSession) => Promise<T>): Promise<T> {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await work(sessionOn(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => {});
        throw error;
      } finally {
        client.release();
      }
    },
    ping: async () => true,
    listen: async () => async () => {},
    connectionString: `${url}?options=-c%20search_path%3D${schema}`,
    async close() {
      await pool.end();
      await admin.query(`drop schema if exists ${schema} cascade`);
      await admin.end();
    },
  };
  return control;
}
