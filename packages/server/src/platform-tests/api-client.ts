import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Health, Session, Source } from '@zhiyin/contract';

export type ApiClient = {
  readonly session: Session;
  /** Throws with the answer's text when it is not 2xx. */
  call<T = unknown>(method: string, url: string, body?: unknown): Promise<T>;
  fetch(url: string, init?: RequestInit): Promise<Response>;
};

/** Where the platform is now: it may be started again on another port. */
export type Address = () => string;

const credentials = { email: 'owner@example.com', password: 'bright-orange-kettle' };

/** Uses the set-up token: the owner, signed in, with a workspace. */
export async function setUpOwner(at: Address, dataDir: string, workspace = 'Tea House'): Promise<ApiClient> {
  const token = (await readFile(path.join(dataDir, 'setup-token'), 'utf8')).trim();
  return openSession(at, '/api/setup', {
    token,
    ...credentials,
    name: 'Wang Fang',
    workspace: { name: workspace, timeZone: 'UTC', currency: 'CNY' },
  });
}

export const signInOwner = (at: Address): Promise<ApiClient> => openSession(at, '/api/session', credentials);

export async function openSession(at: Address, url: string, body: unknown): Promise<ApiClient> {
  const answer = await fetch(`${at()}${url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const session = (await answer.json()) as Session;
  return clientWith(at, { cookie, 'x-csrf-token': session.csrfToken }, session);
}

/** With an API key there is no session. */
export const clientWithKey = (at: Address, key: string): ApiClient =>
  clientWith(at, { authorization: `Bearer ${key}` }, undefined as unknown as Session);

function clientWith(at: Address, headers: Record<string, string>, session: Session): ApiClient {
  const send: ApiClient['fetch'] = (url, init = {}) =>
    fetch(`${at()}${url}`, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } });
  return {
    session,
    fetch: send,
    async call<T>(method: string, url: string, body?: unknown) {
      const answer = await send(url, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
      return (text === '' ? null : JSON.parse(text)) as T;
    },
  };
}

export const newSource = (client: ApiClient, workspaceId: number, name = 'shop'): Promise<Source> =>
  client.call('POST', `/api/workspaces/${workspaceId}/sources`, { name, kind: 'server' });

/** Sends calls as a server SDK does. */
export async function collect(at: Address, writeKey: string, route: string, body: unknown): Promise<Response> {
  return fetch(`${at()}/v1/${route}`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
}

export async function readBalance(client: ApiClient, workspaceId: number): Promise<Health['balance']> {
  const range = 'from=2026-01-01&to=2027-01-01';
  return (await client.call<Health>('GET', `/api/workspaces/${workspaceId}/health?${range}`)).balance;
}

/** Until everything that was received is cleaned. The balance must hold at every look. */
export async function waitUntilClean(
  client: ApiClient,
  workspaceId: number,
  timeoutMs = 60_000,
): Promise<Health['balance']> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const balance = await readBalance(client, workspaceId);
    if (balance.difference !== 0) throw new Error(`the balance does not hold: ${JSON.stringify(balance)}`);
    if (balance.pending === 0) return balance;
    if (Date.now() > deadline) throw new Error(`not cleaned within ${timeoutMs} ms: ${JSON.stringify(balance)}`);
    await sleep(100);
  }
}

export async function isReady(at: Address): Promise<boolean> {
  return fetch(`${at()}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.ok,
    () => false,
  );
}

export async function waitUntilReady(at: Address, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady(at))) {
    if (Date.now() > deadline) throw new Error(`not ready within ${timeoutMs} ms`);
    await sleep(50);
  }
}
