import { type Role, roleScopes, type Scope, scopeSchema } from '@zhiyin/contract';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeclaredRoute } from './policy.ts';
import { declaredRoutes } from './policy.ts';
import { openTestServer, type TestClient, type TestServer } from './testing/open-test-server.ts';

type WorkspaceRoute = DeclaredRoute & { policy: { kind: 'workspace'; scope: Scope } };
const roles: Role[] = ['owner', 'admin', 'marketer', 'analyst', 'viewer'];

/** Every route of the API against everybody who might call it. A route that is added is in here by itself. */
describe('every route of a workspace', () => {
  let server: TestServer;
  let owner: TestClient;
  let stranger: TestClient;
  let routes: WorkspaceRoute[];
  let workspaceId: number;
  const members = new Map<Role, TestClient>();

  beforeAll(async () => {
    server = await openTestServer();
    owner = await server.setUpOwner();
    workspaceId = owner.session.workspaces[0]!.id;
    for (const role of roles) {
      members.set(role, await server.addMember(owner, workspaceId, `member-${role}@example.com`, role));
    }
    const made = await owner.call({ method: 'POST', url: '/api/workspaces', payload: { name: 'Other' } });
    stranger = await server.addMember(owner, made.json().id, 'stranger@example.com', 'owner');
    routes = declaredRoutes(server.app).filter(
      (route): route is WorkspaceRoute =>
        route.policy.kind === 'workspace' && route.method !== 'HEAD' && !route.url.endsWith('/live'),
    );
  });
  afterAll(() => server?.close());

  const requestOf = (route: DeclaredRoute): InjectOptions => ({
    method: route.method as 'GET',
    url: route.url
      .replace(':workspaceId', String(workspaceId))
      .replace(':jobId', '00000000-0000-4000-8000-000000000009')
      .replace(':what', 'events')
      .replace(':panel', 'summary')
      .replaceAll(/:\w+/g, '999999'),
    ...(route.method === 'GET' || route.method === 'DELETE' ? {} : { payload: {} }),
  });

  it('is there', () => {
    expect(routes.length).toBeGreaterThan(40);
    expect(new Set(routes.map(({ policy }) => policy.scope)).size).toBeGreaterThanOrEqual(8);
  });

  it('answers 401 without credentials and with wrong ones', async () => {
    for (const route of routes) {
      for (const headers of [{}, { cookie: 'zhiyin_session=wrong' }, { authorization: 'Bearer zy_wrong' }]) {
        const { statusCode } = await server.app.inject({ ...requestOf(route), headers });
        expect(statusCode, `${route.method} ${route.url} ${JSON.stringify(headers)}`).toBe(401);
      }
    }
  });

  it('does not exist for the owner of another workspace', async () => {
    for (const route of routes) {
      const response = await stranger.call(requestOf(route));
      expect(response.statusCode, `${route.method} ${route.url}`).toBe(404);
      expect(response.json().code).toBe('not_found');
    }
  });

  it.each(roles)('lets a member with the role %s do what the role may, and nothing else', async (role) => {
    for (const route of routes) {
      const { statusCode, body } = await members.get(role)!.call(requestOf(route));
      const says = `${role} ${route.method} ${route.url}: ${statusCode} ${body.slice(0, 200)}`;
      if (!roleScopes[role].includes(route.policy.scope)) expect(statusCode, says).toBe(403);
      else expect([401, 403, 500], says).not.toContain(statusCode);
    }
  });

  it('lets an API key do what its one scope says, in its workspace alone', async () => {
    for (const scope of scopeSchema.options) {
      const created = await owner.call({
        method: 'POST',
        url: `/api/workspaces/${workspaceId}/api-keys`,
        payload: { name: scope, scopes: [scope] },
      });
      const headers = { authorization: `Bearer ${created.json().secret}` };
      for (const route of routes) {
        const { statusCode } = await server.app.inject({ ...requestOf(route), headers });
        const says = `${scope} ${route.method} ${route.url}: ${statusCode}`;
        if (route.policy.scope !== scope) expect(statusCode, says).toBe(403);
        else expect([401, 403, 500], says).not.toContain(statusCode);
        const elsewhere = requestOf(route);
        elsewhere.url = String(elsewhere.url).replace(`/workspaces/${workspaceId}`, `/workspaces/${workspaceId + 1}`);
        expect((await server.app.inject({ ...elsewhere, headers })).statusCode, `${says} elsewhere`).toBe(404);
      }
    }
  });

  it('refuses every change by cookie without the token of the session, or from another site', async () => {
    const changing = declaredRoutes(server.app).filter(
      ({ method, url }) => url.startsWith('/api/') && !['GET', 'HEAD'].includes(method),
    );
    expect(changing.length).toBeGreaterThan(20);
    const attacks = [
      { 'x-csrf-token': '' },
      { 'x-csrf-token': stranger.session.csrfToken },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const route of changing) {
      for (const headers of attacks) {
        if (route.policy.kind === 'public' && 'x-csrf-token' in headers) continue;
        const { statusCode, body } = await owner.call({ ...requestOf(route), headers });
        expect(statusCode, `${route.method} ${route.url} ${JSON.stringify(headers)}`).toBe(403);
        expect(JSON.parse(body).code).toBe('csrf.invalid');
      }
    }
  });

  it('tells the same lie about workspaces that are not there', async () => {
    for (const id of ['0', '-1', '999999', 'x', '1%20or%201=1', '99999999999999999999']) {
      const { statusCode } = await owner.call({ url: `/api/workspaces/${id}` });
      expect([401, 403, 404], id).toContain(statusCode);
    }
    expect((await owner.call({ url: `/api/workspaces/${workspaceId}` })).statusCode).toBe(200);
  });
});
