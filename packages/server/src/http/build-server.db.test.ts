import { problemSchema } from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../domain/app-error.ts';
import { declaredRoutes } from './policy.ts';
import { fakeProfile } from './testing/fake-stages.ts';
import { openTestServer, type TestClient, type TestServer } from './testing/open-test-server.ts';

describe('the server', () => {
  let server: TestServer;
  let owner: TestClient;
  let base: string;
  let failure: Error = new Error('not set');

  beforeAll(async () => {
    const profile = { ...fakeProfile, listPeople: () => Promise.reject(failure) };
    server = await openTestServer({ profile });
    owner = await server.setUpOwner();
    base = `/api/workspaces/${owner.session.workspaces[0]!.id}`;
  });
  afterAll(() => server?.close());

  const problemOf = async (options: Parameters<TestClient['call']>[0]) => {
    const response = await owner.call(options);
    expect(response.headers['content-type']).toContain('application/problem+json');
    const problem = problemSchema.parse(response.json());
    expect(problem.status).toBe(response.statusCode);
    expect(problem.instance).toBe(response.headers['x-request-id']);
    return problem;
  };

  it('tells every mistake as problem details that name the field and the fix', async () => {
    const post = (url: string, payload: unknown, headers = {}) =>
      problemOf({ method: 'POST', url: base + url, payload: payload as string, headers });
    expect(await post('/sources', { name: '', kind: 'fax' })).toMatchObject({
      status: 400,
      code: 'input.invalid',
      field: 'name',
      errors: [{ field: 'name' }, { field: 'kind' }],
    });
    expect(await post('/quarantine/preview', { filter: {}, actions: [{ do: 'set', path: '' }] })).toMatchObject({
      field: 'actions[0].path',
    });
    expect(await post('/sources', { name: 'a', kind: 'web', colour: 'red' })).toMatchObject({
      status: 400,
      field: 'colour',
    });
    const json = { 'content-type': 'application/json' };
    expect(await post('/sources', '{"name": ', json)).toMatchObject({ status: 400, field: 'body' });
    expect(await post('/sources', '{"__proto__": {"x": 1}}', json)).toMatchObject({ status: 400 });
    expect(await post('/sources', '<a/>', { 'content-type': 'text/xml' })).toMatchObject({
      status: 415,
      field: 'content-type',
    });
    expect(await post('/sources', { name: 'x'.repeat(1_100_000) })).toMatchObject({
      status: 413,
      code: 'input.too_large',
    });
    expect(await problemOf({ url: `${base}/nothing` })).toMatchObject({ status: 404, code: 'not_found' });
    expect(await problemOf({ method: 'PUT', url: `${base}/sources`, payload: {} })).toMatchObject({
      status: 405,
      code: 'method_not_allowed',
    });
    expect((await owner.call({ method: 'PUT', url: `${base}/sources` })).headers.allow).toMatch(/GET/);
    expect(await problemOf({ url: `${base}/overview/summary?from=2026-02-01&to=2026-01-01` })).toMatchObject({
      field: 'to',
    });
    expect(await problemOf({ url: `${base}/people?limit=1000` })).toMatchObject({ field: 'limit' });
  });

  it('turns codes of stages into status numbers, and says nothing of what is inside', async () => {
    const cases: [Error, number, string][] = [
      [new AppError('storage.unavailable', 'connect to 10.0.0.7 failed: SELECT secret'), 503, 'storage.unavailable'],
      [new AppError('storage.full', 'No space left on /data/x'), 503, 'storage.full'],
      [new AppError('not_found', 'There is no such person.'), 404, 'not_found'],
      [new TypeError('secret of undefined'), 500, 'internal'],
    ];
    for (const [error, status, code] of cases) {
      failure = error;
      const response = await owner.call({ url: `${base}/people` });
      expect(response.json()).toMatchObject({ status, code });
      expect(response.body).not.toMatch(/secret|10\.0\.0\.7|\/data\/x|at .*\.ts/);
      if (status === 503) expect(response.headers['retry-after']).toBeDefined();
    }
  });

  it('describes every route of the API in OpenAPI 3.1 with its scope and its problems', async () => {
    const document = (await server.app.inject({ url: '/api/openapi.json' })).json();
    expect(document.openapi).toBe('3.1.0');
    const routes = declaredRoutes(server.app).filter(
      ({ url, method }) =>
        url.startsWith('/api/') && !url.startsWith('/api/docs') && url !== '/api/openapi.json' && method !== 'HEAD',
    );
    expect(routes.length).toBeGreaterThan(45);
    for (const { url, method, policy } of routes) {
      const operation = document.paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      const says = `${method} ${url}`;
      expect(operation, says).toBeDefined();
      expect(operation.summary, says).toBeTruthy();
      expect(operation.responses['4XX'] ?? operation.responses['4xx'], says).toBeDefined();
      if (policy.kind === 'workspace') expect(operation.description, says).toContain(policy.scope);
      const named = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const described = (operation.parameters ?? []).filter((parameter: { in: string }) => parameter.in === 'path');
      expect(described.map(({ name }: { name: string }) => name).sort(), says).toEqual(named.sort());
    }
    expect(JSON.stringify(document)).not.toContain('"$ref":"#/components/schemas/undefined"');
  });

  it('has a reference page whose files are its own', async () => {
    const page = await server.app.inject({ url: '/api/docs/' });
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    const scripts = [...page.body.matchAll(/<script[^>]*>([^<]*)<\/script>/g)].map(([, inline]) => inline?.trim());
    expect(scripts.every((inline) => inline === '')).toBe(true);
  });

  it('sends its security headers with every kind of answer', async () => {
    for (const url of ['/api/session', '/api/nothing', '/health', '/people', '/api/docs/', '/x.js']) {
      const { headers } = await server.app.inject({ url });
      const policy = String(headers['content-security-policy']);
      expect(policy, url).toContain("frame-ancestors 'none'");
      expect(
        policy.split('; ').find((part) => part.startsWith('script-src')),
        url,
      ).toBe("script-src 'self'");
      expect(headers['x-content-type-options'], url).toBe('nosniff');
      expect(headers['referrer-policy'], url).toBe('no-referrer');
    }
  });

  it('shows numbers to this machine, and elsewhere only with a key that may read settings', async () => {
    const far = { remoteAddress: '203.0.113.7', url: '/metrics' };
    expect((await server.app.inject({ url: '/metrics' })).statusCode).toBe(200);
    expect((await server.app.inject(far)).statusCode).toBe(401);
    expect(
      (await server.app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '203.0.113.7' } })).statusCode,
    ).toBe(401);
    const key = async (scope: string) =>
      (await owner.call({ method: 'POST', url: `${base}/api-keys`, payload: { name: 'x', scopes: [scope] } })).json()
        .secret;
    const withKey = async (scope: string) =>
      (await server.app.inject({ ...far, headers: { authorization: `Bearer ${await key(scope)}` } })).statusCode;
    expect(await withKey('data:read')).toBe(403);
    expect(await withKey('settings:read')).toBe(200);
  });

  it('takes a file of any size as it comes, and refuses one for which there is no room', async () => {
    const upload = (payload: Buffer) =>
      owner.call({
        method: 'PUT',
        url: `${base}/imports/1/file`,
        payload,
        headers: { 'content-type': 'application/octet-stream' },
      });
    expect((await upload(Buffer.alloc(3_000_000, 'x'))).json()).toMatchObject({ sizeBytes: 3_000_000 });
    const full = await openTestServer({ diskReserveBytes: Number.MAX_SAFE_INTEGER });
    const client = await full.setUpOwner();
    const refused = await client.call({
      method: 'PUT',
      url: `/api/workspaces/1/imports/1/file`,
      payload: Buffer.alloc(10),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(refused.json()).toMatchObject({ status: 503, code: 'storage.full' });
    await full.close();
  });

  it('hides the cells of files from those who may not see people in clear', async () => {
    const workspaceId = owner.session.workspaces[0]!.id;
    const viewer = await server.addMember(owner, workspaceId, 'viewer@example.com', 'viewer');
    expect((await owner.call({ url: `${base}/imports/1` })).body).toContain('li@example.com');
    expect((await viewer.call({ url: `${base}/imports/1` })).body).not.toContain('li@example.com');
    expect((await viewer.call({ url: `${base}/imports` })).body).not.toContain('li@example.com');
    expect((await viewer.call({ url: `${base}/export/events?reveal=true` })).json()).toMatchObject({
      status: 403,
      field: 'reveal',
    });
  });

  it('answers 429 with Retry-After to a caller who asks too often, and not to the others', async () => {
    const small = await openTestServer({
      limits: { perActor: { perSecond: 1, burst: 5 }, perAddress: { perSecond: 1e4, burst: 1e4 } },
    });
    const client = await small.setUpOwner();
    const statuses = await Promise.all(
      Array.from({ length: 9 }, async () => (await client.call({ url: '/api/session' })).statusCode),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    const refused = await client.call({ url: '/api/session' });
    expect(refused.json()).toMatchObject({ status: 429, code: 'overload' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await small.app.inject({ url: '/api/setup' })).statusCode).toBe(200);
    await small.close();
  });

  it('streams events while somebody may listen, and ends when they may not, when there are too many, and when it stops', async () => {
    const live = await openTestServer({ limits: { streamsPerWorkspace: 2, heartbeatMs: 100 } });
    const client = await live.setUpOwner();
    await live.app.listen({ port: 25_101, host: '127.0.0.1' });
    const open = (signal?: AbortSignal) =>
      fetch('http://127.0.0.1:25101/api/workspaces/1/events/live', { headers: { cookie: client.cookie }, signal });
    const first = await open();
    expect(first.headers.get('content-type')).toContain('text/event-stream');
    expect(first.headers.get('x-content-type-options')).toBe('nosniff');
    const reader = first.body!.getReader();
    let text = '';
    while (!text.includes('still here')) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toMatch(/event: events\ndata: \[\{"messageKey"/);

    const leaving = new AbortController();
    await open(leaving.signal);
    expect((await open()).status).toBe(429);
    leaving.abort();
    await expect
      .poll(async () => {
        const again = await open(AbortSignal.timeout(5_000));
        await again.body?.cancel();
        return again.status;
      })
      .toBe(200);

    await client.call({ method: 'DELETE', url: '/api/session' });
    let ended = false;
    while (!ended) ended = (await reader.read()).done;
    expect(ended).toBe(true);
    await live.close();
  });

  it('is not ready while a store does not answer, and alive all the same', async () => {
    const sick = await openTestServer({
      readiness: [{ name: 'events', check: async () => ({ ok: false, says: 'does not answer' }) }],
    });
    expect((await sick.app.inject({ url: '/health' })).statusCode).toBe(200);
    const ready = await sick.app.inject({ url: '/ready' });
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({ ok: false, checks: { events: { ok: false } } });
    await sick.close();
  });
});
