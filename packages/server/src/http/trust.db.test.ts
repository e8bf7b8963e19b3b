import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourcesChannel } from '../trust/index.ts';
import { openTestServer, type TestClient, type TestServer } from './testing/open-test-server.ts';

describe('members, keys, sources and settings', () => {
  let server: TestServer;
  let owner: TestClient;
  let base: string;
  let workspaceId: number;
  const member = (operatorId: number) => `${base}/members/${operatorId}`;

  beforeAll(async () => {
    server = await openTestServer();
    owner = await server.setUpOwner();
    workspaceId = owner.session.workspaces[0]!.id;
    base = `/api/workspaces/${workspaceId}`;
  });
  afterAll(() => server?.close());

  it('give a new member a first password once, and only add somebody who has an account', async () => {
    const payload = { email: 'li@example.com', name: 'Li', role: 'viewer' };
    const added = await owner.call({ method: 'POST', url: `${base}/members`, payload });
    expect(added.json()).toMatchObject({ member: { email: 'li@example.com', role: 'viewer' } });
    expect((await server.signIn('li@example.com', added.json().firstPassword)).session.operator.name).toBe('Li');
    expect((await owner.call({ method: 'POST', url: `${base}/members`, payload })).json()).toMatchObject({
      code: 'conflict',
      field: 'email',
    });
    const second = await owner.call({ method: 'POST', url: '/api/workspaces', payload: { name: 'Second' } });
    const again = await owner.call({ method: 'POST', url: `/api/workspaces/${second.json().id}/members`, payload });
    expect(again.json()).toMatchObject({ firstPassword: null });
  });

  it('keep the last owner, and let only owners make or touch owners', async () => {
    const ownerId = owner.session.operator.id;
    const admin = await server.addMember(owner, workspaceId, 'admin@example.com', 'admin');
    expect((await owner.call({ method: 'DELETE', url: member(ownerId) })).json()).toMatchObject({ code: 'conflict' });
    expect((await owner.call({ method: 'PATCH', url: member(ownerId), payload: { role: 'admin' } })).statusCode).toBe(
      409,
    );
    expect((await admin.call({ method: 'DELETE', url: member(ownerId) })).statusCode).toBe(403);
    const adminId = admin.session.operator.id;
    expect((await admin.call({ method: 'PATCH', url: member(adminId), payload: { role: 'owner' } })).statusCode).toBe(
      403,
    );

    await owner.call({ method: 'PATCH', url: member(adminId), payload: { role: 'owner' } });
    const bothLeave = await Promise.all([
      owner.call({ method: 'DELETE', url: member(adminId) }),
      admin.call({ method: 'DELETE', url: member(ownerId) }),
    ]);
    expect(bothLeave.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1);
    const left = bothLeave[0]?.statusCode === 204 ? owner : admin;
    if (left === admin) {
      await admin.call({
        method: 'POST',
        url: `${base}/members`,
        payload: { email: owner.session.operator.email, role: 'owner' },
      });
    }
  });

  it('take effect at once: a removed member is out, a changed role counts for the next request', async () => {
    const analyst = await server.addMember(owner, workspaceId, 'analyst@example.com', 'analyst');
    const id = analyst.session.operator.id;
    expect((await analyst.call({ url: `${base}/audit` })).statusCode).toBe(200);
    await owner.call({ method: 'PATCH', url: member(id), payload: { role: 'viewer' } });
    expect((await analyst.call({ url: `${base}/audit` })).statusCode).toBe(403);
    await owner.call({ method: 'DELETE', url: member(id) });
    expect((await analyst.call({ url: `${base}/overview` })).statusCode).toBe(404);
  });

  it('make API keys that are shown once, stored as a hash, marked when used, and dead when revoked', async () => {
    const created = await owner.call({
      method: 'POST',
      url: `${base}/api-keys`,
      payload: { name: 'ETL', scopes: ['data:read'] },
    });
    const { key, secret } = created.json();
    expect(secret).toMatch(/^zy_[\w-]{43}$/);
    expect(secret.startsWith(key.prefix)).toBe(true);
    const dump = JSON.stringify(await server.stores.control.query('select * from api_keys'));
    expect(dump).not.toContain(secret.slice(12));

    const headers = { authorization: `Bearer ${secret}` };
    expect((await server.app.inject({ url: `${base}/overview`, headers })).statusCode).toBe(200);
    const listed = (await owner.call({ url: `${base}/api-keys` })).json().rows;
    expect(listed[0].lastUsedAt).not.toBeNull();
    await owner.call({ method: 'DELETE', url: `${base}/api-keys/${key.id}` });
    expect((await server.app.inject({ url: `${base}/overview`, headers })).statusCode).toBe(401);
  });

  it('make no key that can do more than its maker', async () => {
    const created = await owner.call({
      method: 'POST',
      url: `${base}/api-keys`,
      payload: { name: 'ops', scopes: ['settings:write'] },
    });
    const headers = { authorization: `Bearer ${created.json().secret}` };
    const payload = { name: 'more', scopes: ['settings:write', 'people:reveal'] };
    const more = await server.app.inject({ method: 'POST', url: `${base}/api-keys`, headers, payload });
    expect(more.json()).toMatchObject({ status: 403, field: 'scopes' });
  });

  it('make sources with a write key of their own, renew it, and tell every process', async () => {
    const heard: string[] = [];
    const stop = await server.stores.control.listen(sourcesChannel, (payload) => heard.push(payload));
    const payload = { name: 'Shop', kind: 'web', allowedOrigins: ['https://shop.example/path'] };
    const source = (await owner.call({ method: 'POST', url: `${base}/sources`, payload })).json();
    expect(source).toMatchObject({ kind: 'web', allowedOrigins: ['https://shop.example'], disabledAt: null });
    await server.stores.control.query(
      `insert into ingest_counts values (${workspaceId}, ${source.id}, (now() at time zone 'utc')::date, 'valid', '', 7),
         (${workspaceId}, ${source.id}, (now() at time zone 'utc')::date - 5, 'valid', '', 100)`,
    );
    const url = `${base}/sources/${source.id}`;
    const renewed = (
      await owner.call({ method: 'PATCH', url, payload: { rotate: true, disabled: true, eventsPerSecondMax: 5 } })
    ).json();
    expect(renewed.writeKey).not.toBe(source.writeKey);
    expect(renewed.disabledAt).not.toBeNull();
    expect(renewed).toMatchObject({ eventsPerSecondMax: 5, recent: { valid: 7, duplicate: 0, quarantined: 0 } });
    await expect.poll(() => heard.filter((id) => id === String(workspaceId)).length).toBe(2);
    await stop();
  });

  it('change settings for every process, and write it into the audit log without the values of people', async () => {
    const payload = { name: 'Tea & Co', settings: { maskFreeText: false } };
    const changed = await owner.call({ method: 'PATCH', url: base, payload });
    expect(changed.json()).toMatchObject({ name: 'Tea & Co', settings: { maskFreeText: false, phoneCountry: 'CN' } });
    await expect.poll(async () => (await owner.call({ url: base })).json().name).toBe('Tea & Co');

    const { rows } = (await owner.call({ url: `${base}/audit?limit=200` })).json();
    const actions = rows.map((row: { action: string }) => row.action);
    for (const action of [
      'workspace.update',
      'source.rotate_key',
      'api_key.revoke',
      'member.add',
      'member.remove',
      'session.start',
      'installation.set_up',
    ]) {
      expect(actions, action).toContain(action);
    }
    expect(JSON.stringify(rows.map((row: { details: unknown }) => row.details))).not.toMatch(/@|zy_/);
    expect((await owner.call({ url: `${base}/audit/verify` })).json()).toMatchObject({ brokenAt: null });
    const page = (await owner.call({ url: `${base}/audit?limit=2&action=member.` })).json();
    expect(page.rows).toHaveLength(2);
    const next = (await owner.call({ url: `${base}/audit?limit=2&action=member.&cursor=${page.nextCursor}` })).json();
    expect(next.rows[0].id).not.toBe(page.rows[1].id);
  });

  it('leave one audit entry for each change a stage makes, with ids and counts only', async () => {
    const before = (await owner.call({ url: `${base}/audit?limit=200` })).json().rows.length;
    const changes = [
      ['POST', '/people/77/unmerge', { lowId: '1', highId: '2' }],
      ['POST', '/people/77/remerge', { lowId: '1', highId: '2' }],
      ['POST', '/quarantine/replay', { filter: { text: 'li@example.com' }, actions: [] }],
      ['POST', '/quarantine/discard', { filter: { reason: 'bot' } }],
      ['PATCH', '/properties', { property: 'traits.email', action: 'vault' }],
      ['POST', '/imports/1/start', {}],
    ] as const;
    for (const [method, path, payload] of changes) {
      const { statusCode, body } = await owner.call({ method, url: base + path, payload });
      expect(statusCode, `${path} ${body}`).toBe(200);
    }
    expect((await owner.call({ url: `${base}/export/people?format=csv&reveal=true` })).statusCode).toBe(200);
    const { rows } = (await owner.call({ url: `${base}/audit?limit=200` })).json();
    expect(rows.slice(0, rows.length - before).map((row: { action: string }) => row.action)).toEqual([
      'export.create',
      'import.start',
      'property.update',
      'quarantine.discard',
      'quarantine.replay',
      'person.remerge',
      'person.unmerge',
    ]);
    expect(rows[4].details).toEqual({ state: 'open', byText: true, actions: 0, keptAsRule: false, records: 3 });
  });
});
