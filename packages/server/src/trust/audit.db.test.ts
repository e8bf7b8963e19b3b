import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkspaceId } from '../domain/ids.ts';
import { systemActor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { listAudit } from './list-audit.ts';
import { openTestControl, type TestControl } from './testing/open-test-control.ts';
import { verifyAudit } from './verify-audit.ts';

describe('audit log', () => {
  let stores: TestControl;
  beforeAll(async () => {
    stores = await openTestControl();
  });
  afterAll(() => stores?.close());

  const append = (workspaceId: WorkspaceId | null, n: number) =>
    stores.control.transaction((session) =>
      appendAudit(session, {
        workspaceId,
        actor: systemActor,
        action: 'thing.change',
        target: { kind: 'thing', id: n },
        details: { n, text: 'ok', list: [1, 'b'] },
      }),
    );
  const filled = async () => {
    const workspaceId = await stores.newWorkspace();
    for (let n = 1; n <= 5; n++) await append(workspaceId, n);
    const page = await listAudit(stores.control, workspaceId, { limit: 50 });
    return { workspaceId, ids: page.rows.map((row) => row.id).reverse() };
  };
  /** What somebody with the rights of the database's owner could do. */
  const tamper = async (sql: string, values: unknown[] = []) => {
    await stores.control.transaction(async (session) => {
      await session.query('alter table audit_log disable trigger audit_log_append_only');
      await session.query(sql, values as string[]);
      await session.query('alter table audit_log enable trigger audit_log_append_only');
    });
  };

  it('holds together when nobody touched it, also with entries written at the same moment', async () => {
    const workspaceId = await stores.newWorkspace();
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(n % 3 === 0 ? null : workspaceId, n)));
    const { brokenAt, entries } = await verifyAudit(stores.control, workspaceId);
    expect(brokenAt).toBeNull();
    expect(entries).toBeGreaterThanOrEqual(20);
  });

  it('refuses changes and deletions', async () => {
    const { ids } = await filled();
    await expect(stores.control.query("update audit_log set action = 'x' where id = $1", [ids[0]!])).rejects.toThrow();
    await expect(stores.control.query('delete from audit_log where id = $1', [ids[0]!])).rejects.toThrow();
    await expect(stores.control.query('truncate audit_log')).rejects.toThrow();
  });

  it.each([
    ['changed', 'update audit_log set details = \'{"n": 9}\' where id = $1'],
    ['given to somebody else', "update audit_log set actor_kind = 'operator', actor_id = 7 where id = $1"],
    ['dated back', "update audit_log set at = at - interval '1 second' where id = $1"],
  ])('shows an entry that was %s', async (_what, sql) => {
    const { workspaceId, ids } = await filled();
    await tamper(sql, [ids[2]]);
    expect(await verifyAudit(stores.control, workspaceId)).toMatchObject({ brokenAt: ids[2] });
  });

  it('shows that an entry in the middle is gone', async () => {
    const { workspaceId, ids } = await filled();
    await tamper('delete from audit_log where id = $1', [ids[2]]);
    expect(await verifyAudit(stores.control, workspaceId)).toMatchObject({ brokenAt: ids[3] });
  });

  it('shows that entries were cut off the end', async () => {
    const { workspaceId, ids } = await filled();
    await tamper('delete from audit_log where id = any($1)', [[ids[3], ids[4]]]);
    expect(await verifyAudit(stores.control, workspaceId)).toMatchObject({ brokenAt: `after ${ids[2]}` });
  });

  it('takes nothing personal and no secret, even when a caller lets it slip', async () => {
    const workspaceId = await stores.newWorkspace();
    await stores.control.transaction((session) =>
      appendAudit(session, {
        workspaceId,
        actor: systemActor,
        action: 'thing.change',
        target: { kind: 'thing', id: 1 },
        details: { email: 'li@example.com', keys: ['zy_abc', 'fine'] },
      }),
    );
    const { rows } = await listAudit(stores.control, workspaceId, { limit: 1 });
    expect(rows[0]?.details).toEqual({ email: '[removed]', keys: ['[removed]', 'fine'] });
    expect(await verifyAudit(stores.control, workspaceId)).toMatchObject({ brokenAt: null });
  });

  it('is not written when the change it belongs to is not made', async () => {
    const workspaceId = await stores.newWorkspace();
    const failing = stores.control.transaction(async (session) => {
      await appendAudit(session, { workspaceId, actor: systemActor, action: 'a.b', target: { kind: 'a', id: 1 } });
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    expect((await listAudit(stores.control, workspaceId, { limit: 5 })).rows).toEqual([]);
  });
});
