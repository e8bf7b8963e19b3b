import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asWorkspaceId, type WorkspaceId } from '../../domain/ids.ts';
import type { ControlStore } from './control-store.ts';

export type ControlStoreUnderTest = { readonly store: ControlStore; readonly close: () => Promise<void> };

/** Every ControlStore passes this, on the embedded PostgreSQL and on a server of somebody else. */
export function testControlStore(name: string, open: () => Promise<ControlStoreUnderTest>): void {
  describe(`${name} as a control store`, () => {
    let tested: ControlStoreUnderTest;
    let store: ControlStore;
    let one: WorkspaceId;
    let two: WorkspaceId;

    beforeAll(async () => {
      tested = await open();
      store = tested.store;
      const add = async (brand: string): Promise<WorkspaceId> => {
        const [row] = await store.query<{ id: number }>(
          'insert into workspaces (name, key_sealed) values ($1, $2) returning id',
          [brand, Buffer.from('00ff', 'hex')],
        );
        return asWorkspaceId(row?.id ?? 0);
      };
      [one, two] = [await add('one'), await add('two')];
      await store.query(
        'create table counters (workspace_id integer not null, name text primary key, n integer not null)',
      );
    });
    afterAll(() => tested?.close());

    const setCounter = (counter: string) =>
      store.of(one).query('insert into counters (workspace_id, name, n) values ($1, $2, 0)', [counter]);
    const counter = async (which: string): Promise<number | undefined> =>
      (
        await store
          .of(one)
          .query<{ n: number }>('select n from counters where workspace_id = $1 and name = $2', [which])
      )[0]?.n;

    it('answers big integers as text, instants as Date and bytes as Buffer', async () => {
      const rows = await store.query(
        `select 9223372036854775807 as big, timestamptz '2026-01-01T00:00:00.123Z' as instant, '\\x00ff'::bytea as bytes, '{"a":[1]}'::jsonb as json`,
      );
      expect(rows).toEqual([
        {
          big: '9223372036854775807',
          instant: new Date('2026-01-01T00:00:00.123Z'),
          bytes: Buffer.from('00ff', 'hex'),
          json: { a: [1] },
        },
      ]);
    });

    it('puts the workspace in front of the values', async () => {
      await store
        .of(one)
        .query(`insert into sources (workspace_id, name, kind, write_key) values ($1, $2, 'web', $3)`, [
          'site',
          `k${one}`,
        ]);
      const own = 'select name from sources where workspace_id = $1';
      expect(await store.of(one).query(own)).toEqual([{ name: 'site' }]);
      expect(await store.of(two).query(own)).toEqual([]);
    });

    it.each([
      ['does not use $1', 'select * from sources where workspace_id = 1'],
      ['uses $10 but not $1', 'select * from sources where workspace_id = $10'],
      ['uses $1 for something else', 'select * from operators where id = $1'],
      ['names the workspace in a comment only', 'select * from operators where id = $1 -- workspace_id'],
    ])('refuses a workspace’s statement that %s', async (_, sql) => {
      await expect(async () => store.of(one).query(sql)).rejects.toThrow(/must use \$1 as workspace_id/);
    });

    it('takes back everything of a failed transaction', async () => {
      await setCounter('undone');
      const failing = store.transaction(async (session) => {
        await session.of(one).query('update counters set n = 5 where workspace_id = $1');
        throw new Error('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      expect(await counter('undone')).toBe(0);
    });

    it('repeats a transaction that lost a race, so that no change is lost', async () => {
      await setCounter('raced');
      const addOne = () =>
        store.transaction(async (session) => {
          await session.query('set transaction isolation level serializable');
          const [row] = await session
            .of(one)
            .query<{ n: number }>(`select n from counters where workspace_id = $1 and name = 'raced'`);
          await session
            .of(one)
            .query(`update counters set n = $2 where workspace_id = $1 and name = 'raced'`, [(row?.n ?? 0) + 1]);
        });
      await Promise.all([addOne(), addOne(), addOne()]);
      expect(await counter('raced')).toBe(3);
    });

    it('keeps the connection when a transaction fails', async () => {
      for (let attempt = 0; attempt < 20; attempt += 1) {
        await store.transaction((session) => session.query('select 1/0')).catch(() => {});
      }
      expect(await store.query('select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('calls a broken constraint a conflict and a wrong statement a bug', async () => {
      await setCounter('taken');
      await expect(setCounter('taken')).rejects.toMatchObject({ code: 'conflict', details: { sqlState: '23505' } });
      await expect(store.query('selekt 1')).rejects.toMatchObject({ code: 'internal', details: { sqlState: '42601' } });
    });

    it('hears what is said on a channel, also after its connection was cut', async () => {
      const heard: string[] = [];
      const stop = await store.listen('contract_channel', (payload) => heard.push(payload));
      await store.query(`select pg_notify('contract_channel', 'first')`);
      await expect.poll(() => heard).toContain('first');
      await store.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'zhiyin listen' and usename = current_user`,
      );
      await expect.poll(() => heard, { timeout: 10_000 }).toContain('');
      await store.query(`select pg_notify('contract_channel', 'second')`);
      await expect.poll(() => heard).toContain('second');
      await stop();
    });

    it('lets nobody change or remove an entry of the audit log', async () => {
      await store.query(
        `insert into audit_log (at, actor_kind, action, previous_hash, hash) values (now(), 'system', 'x', '\\x', '\\x')`,
      );
      await expect(store.query('update audit_log set action = $1', ['y'])).rejects.toThrow(/append-only/);
      await expect(store.query('delete from audit_log')).rejects.toThrow(/append-only/);
      await expect(store.query('truncate audit_log')).rejects.toThrow(/append-only/);
    });

    it('is durable: a commit waits for the disk', async () => {
      const settings = await store.query<{ name: string; setting: string }>(
        `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') order by name`,
      );
      expect(settings.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
    });

    it('answers ping', async () => {
      expect(await store.ping(2000)).toBe(true);
    });
  });
}
