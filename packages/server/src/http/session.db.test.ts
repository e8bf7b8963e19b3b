import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureSetupToken } from '../trust/index.ts';
import {
  openTestServer,
  ownerEmail,
  ownerPassword,
  type TestClient,
  type TestServer,
} from './testing/open-test-server.ts';

describe('set-up, sign-in and sessions', () => {
  let server: TestServer;
  let owner: TestClient;
  const tokenFile = () => path.join(server.dataDir, 'setup-token');
  const setUp = (token: string) =>
    server.app.inject({
      method: 'POST',
      url: '/api/setup',
      payload: { token, email: 'other@example.com', name: 'Li', password: 'another-good-one' },
    });

  beforeAll(async () => {
    server = await openTestServer();
  });
  afterAll(() => server?.close());

  it('keep the set-up token in a file for its owner alone, the same after a restart', async () => {
    expect(readFileSync(tokenFile(), 'utf8').trim()).toBe(server.setupToken);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(await ensureSetupToken(server.stores.control, server.dataDir)).toBe(server.setupToken);
    expect((await server.app.inject({ url: '/api/setup' })).json()).toEqual({ needed: true, hasDemo: false });
  });

  it('refuse a wrong set-up token, also from another site, and take the right one once', async () => {
    expect((await setUp('guess')).json()).toMatchObject({ status: 401, code: 'auth.invalid', field: 'token' });
    const foreign = await server.app.inject({
      method: 'POST',
      url: '/api/setup',
      headers: { origin: 'https://evil.example' },
      payload: { token: server.setupToken, email: 'e@example.com', name: 'E', password: 'another-good-one' },
    });
    expect(foreign.json()).toMatchObject({ status: 403, code: 'csrf.invalid' });

    owner = await server.setUpOwner();
    expect(owner.session.workspaces).toMatchObject([{ name: 'Tea House', role: 'owner', currency: 'CNY' }]);
    expect(existsSync(tokenFile())).toBe(false);
    expect((await setUp(server.setupToken)).json()).toMatchObject({ status: 409, code: 'conflict' });
    expect(await ensureSetupToken(server.stores.control, server.dataDir)).toBeNull();
  });

  it('set a cookie that scripts cannot read and other sites do not send, and store only its hash', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { email: ownerEmail.toUpperCase(), password: ownerPassword },
    });
    const header = String(response.headers['set-cookie']);
    expect(header).toMatch(/HttpOnly/);
    expect(header).toMatch(/SameSite=Lax/);
    expect(header).toMatch(/Max-Age=1209600/);
    const token = response.cookies[0]?.value ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const stored = await server.stores.control.query<{ hex: string }>(
      "select encode(token_hash, 'hex') as hex from sessions",
    );
    expect(stored.some(({ hex }) => hex.includes(Buffer.from(token).toString('hex')))).toBe(false);
  });

  it('answer the same for an unknown e-mail and a wrong password', async () => {
    const tryWith = async (email: string, password: string) => {
      const { instance: _instance, ...problem } = (
        await server.app.inject({ method: 'POST', url: '/api/session', payload: { email, password } })
      ).json();
      return problem;
    };
    expect(await tryWith('nobody@example.com', 'wrong-password')).toEqual(await tryWith(ownerEmail, 'wrong-password'));
  });

  it('end when signed out, and end everywhere else when the password changes', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => server.signIn(ownerEmail, ownerPassword)));
    expect((await third!.call({ method: 'DELETE', url: '/api/session' })).statusCode).toBe(204);
    expect((await third!.call({ url: '/api/session' })).statusCode).toBe(401);

    const wrong = await first!.call({
      method: 'PATCH',
      url: '/api/session/operator',
      payload: { password: { current: 'not-this-one', next: 'a-new-orange-kettle' } },
    });
    expect(wrong.json()).toMatchObject({ status: 400, field: 'password.current' });
    const changed = await first!.call({
      method: 'PATCH',
      url: '/api/session/operator',
      payload: {
        locale: 'zh-CN',
        preferences: { theme: 'dark' },
        password: { current: ownerPassword, next: 'a-new-orange-kettle' },
      },
    });
    expect(changed.json().operator).toMatchObject({ locale: 'zh-CN', preferences: { theme: 'dark' } });
    expect((await first!.call({ url: '/api/session' })).statusCode).toBe(200);
    expect((await second!.call({ url: '/api/session' })).statusCode).toBe(401);
    expect((await owner.call({ url: '/api/session' })).statusCode).toBe(401);
    owner = await server.signIn(ownerEmail, 'a-new-orange-kettle');
  });

  it('slide: each use moves the end to 14 days from now, and an expired one is nobody', async () => {
    const { control } = server.stores;
    await control.query(
      "update sessions set last_seen_at = now() - interval '2 days', expires_at = now() + interval '1 day'",
    );
    expect((await owner.call({ url: '/api/session' })).statusCode).toBe(200);
    const [row] = await control.query<{ days: number }>(
      'select max(extract(epoch from expires_at - now()) / 86400)::float as days from sessions',
    );
    expect(row?.days).toBeGreaterThan(13.9);
    await control.query("update sessions set expires_at = now() - interval '1 second'");
    expect((await owner.call({ url: '/api/session' })).statusCode).toBe(401);
    owner = await server.signIn(ownerEmail, 'a-new-orange-kettle');
  });

  it('are over for an operator who is disabled', async () => {
    const { control } = server.stores;
    await control.query('update operators set disabled_at = now()');
    expect((await owner.call({ url: '/api/session' })).statusCode).toBe(401);
    await control.query('update operators set disabled_at = null');
  });

  it('stop after ten failures with 429 and the time to wait', async () => {
    const attempt = () =>
      server.app.inject({
        method: 'POST',
        url: '/api/session',
        payload: { email: 'a@example.com', password: 'wrong' },
      });
    let response = await attempt();
    for (let i = 0; i < 10 && response.statusCode === 401; i++) response = await attempt();
    expect(response.json()).toMatchObject({ status: 429, code: 'overload' });
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(800);
  });

  it('use a Secure __Host- cookie and HSTS when the public address is https', async () => {
    const secure = await openTestServer({ publicUrl: 'https://zhiyin.example' });
    const client = await secure.setUpOwner();
    expect(client.cookie).toMatch(/^__Host-zhiyin_session=/);
    const response = await client.call({ url: '/api/session' });
    expect(response.headers['strict-transport-security']).toContain('max-age=31536000');
    const origin = { origin: 'https://zhiyin.example' };
    const changed = await client.call({
      method: 'PATCH',
      url: '/api/session/operator',
      headers: origin,
      payload: { name: 'Li' },
    });
    expect(changed.statusCode).toBe(200);
    await secure.close();
  });
});
