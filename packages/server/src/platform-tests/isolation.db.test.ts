import { setTimeout as sleep } from 'node:timers/promises';
import type { PersonRow } from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asProfileId, asWorkspaceId } from '../domain/ids.ts';
import { firstValues } from '../llm/model-settings.ts';
import {
  type ApiClient,
  clientWithKey,
  collect,
  openSession,
  readBalance,
  setUpOwner,
  waitUntilClean,
} from './api-client.ts';
import { fillBrand, shared, writeDecision } from './brand-data.ts';
import { listGetUrls } from './get-routes.ts';
import { aDataDir, type PlatformProcess, startPlatformProcess } from './platform-process.ts';

type Brand = {
  name: string;
  workspaceId: number;
  key: ApiClient;
  member: ApiClient;
  profileId: string;
  writeKey: string;
  sourceId: number;
};

const allScopes = [
  'data:read',
  'data:write',
  'people:read',
  'people:reveal',
  'people:write',
  'settings:read',
  'settings:write',
  'members:write',
  'audit:read',
  'recommend:read',
];
let place: Awaited<ReturnType<typeof aDataDir>>;
let platform: PlatformProcess;
let owner: ApiClient;
let brands: readonly [Brand, Brand];
const at = () => platform.url;

beforeAll(async () => {
  place = await aDataDir();
  platform = await startPlatformProcess({ dataDir: place.dir });
  owner = await setUpOwner(at, place.dir, 'alpha');
  const alpha = owner.session.workspaces[0]!.id;
  const { id: bravo } = await owner.call<{ id: number }>('POST', '/api/workspaces', { name: 'bravo', currency: 'CNY' });
  brands = [await openBrand('alpha', alpha), await openBrand('bravo', bravo)];
});
afterAll(() => place?.[Symbol.asyncDispose]());

/** Routes whose answers hold no text that a brand chose. */
const nameless = (credential: 'key' | 'member') => [
  '/api/setup',
  // A key is nobody who could be signed in.
  ...(credential === 'key' ? ['/api/session'] : []),
  '/api/workspaces/{workspaceId}/overview',
  '/api/workspaces/{workspaceId}/jobs',
  '/api/workspaces/{workspaceId}/audit/verify',
  // Seeded texts, and numbers.
  '/api/workspaces/{workspaceId}/recommend/surfaces',
  '/api/workspaces/{workspaceId}/recommend/models',
  '/api/workspaces/{workspaceId}/recommend/trainings',
  '/api/workspaces/{workspaceId}/recommend/quality',
  '/api/workspaces/{workspaceId}/recommend/status',
  '/api/workspaces/{workspaceId}/recommend/exploration',
  '/api/workspaces/{workspaceId}/recommend/weights',
  // Numbers of groups; names come only once something ran.
  ...[
    'settings',
    'rfm',
    'rfm/migration',
    'panels/{panel}',
    'people',
    'clusters',
    'runs',
    'look-alikes',
    'influence',
  ].map((rest) => `/api/workspaces/{workspaceId}/customers/${rest}`),
  '/api/workspaces/{workspaceId}/companies/{groupId}',
  '/api/workspaces/{workspaceId}/predictions/options',
  '/api/workspaces/{workspaceId}/predictions/{predictionId}/models',
  '/api/workspaces/{workspaceId}/predictions/{predictionId}/runs',
  '/api/workspaces/{workspaceId}/predictions/{predictionId}/people',
  '/api/workspaces/{workspaceId}/people/{profileId}/predictions',
  '/api/workspaces/{workspaceId}/audience-exports/{exportId}/file',
  '/api/workspaces/{workspaceId}/segments/{segmentId}/subscriptions',
  '/api/workspaces/{workspaceId}/segments/{segmentId}/size',
  '/api/workspaces/{workspaceId}/llm/usage',
  '/api/workspaces/{workspaceId}/llm/calls',
  // For programs: a cookie opens nothing here.
  ...(credential === 'member' ? ['/v1/recommend/block'] : []),
];

async function openBrand(name: string, workspaceId: number): Promise<Brand> {
  const source = await fillBrand(at, owner, workspaceId, name);
  const base = `/api/workspaces/${workspaceId}`;
  const endpoint = { baseUrl: 'http://127.0.0.1:9/v1', chatModel: `${name} model`, apiKey: `secret of ${name}` };
  await owner.call('PUT', `${base}/llm`, { ...firstValues, ...endpoint });
  const who = { kind: 'buyers', withinDays: 365 };
  const churn = { key: 'churn', name: `${name} churn`, kind: 'churn', horizonDays: 60, who, schedule: 'off' };
  await owner.call('POST', `${base}/predictions`, churn);
  const { secret } = await owner.call<{ secret: string }>('POST', `${base}/api-keys`, {
    name: `${name} key`,
    scopes: allScopes,
  });
  const email = `${name}-admin@example.com`;
  const added = await owner.call<{ firstPassword: string }>('POST', `${base}/members`, {
    email,
    name: `${name} admin`,
    role: 'admin',
  });
  const member = await openSession(at, '/api/session', { email, password: added.firstPassword });
  await waitUntilClean(owner, workspaceId);
  const key = clientWithKey(at, secret);
  const found = await key.call<{ rows: PersonRow[] }>('GET', `${base}/people?search=${shared.userId}`);
  const profileId = found.rows[0]!.profileId;
  await fillAudiences(base, name, profileId);
  const stores = await platform.openStores();
  await writeDecision(stores, asWorkspaceId(workspaceId), asProfileId(profileId), name);
  await stores.close();
  return { name, workspaceId, key, member, profileId, writeKey: source.writeKey, sourceId: source.id };
}

/** A segment with the person in it, a list, a tag, a computed trait, a destination, an upload and an export, all with the brand's name. */
async function fillAudiences(base: string, name: string, profileId: string): Promise<void> {
  const rule = { kind: 'all', of: [{ kind: 'event', event: 'order_completed' }] };
  const segment = await owner.call<{ id: number }>('POST', `${base}/segments`, { name: `${name} buyers`, rule });
  const members = () => owner.call<{ rows: unknown[] }>('GET', `${base}/segments/${segment.id}/members`);
  await vi.waitFor(async () => expect((await members()).rows).toHaveLength(1), { timeout: 20_000, interval: 200 });
  const { id: listId } = await owner.call<{ id: number }>('POST', `${base}/lists`, { name: `${name} list` });
  const people = { profileIds: [profileId] };
  await owner.call('POST', `${base}/lists/${listId}/changes`, { action: 'add', people });
  await owner.call('POST', `${base}/tags/changes`, { tag: `${name} tag`, action: 'add', people });
  await owner.call('POST', `${base}/lists/${listId}/uploads`, { fileName: `${name}.csv` });
  await owner.call('POST', `${base}/destinations`, {
    kind: 'webhook',
    name: `${name} hook`,
    url: 'http://127.0.0.1:9/',
  });
  await owner.call('POST', `${base}/audience-exports`, { listId, to: { format: 'csv' }, columns: ['profile_id'] });
  const definition = { kind: 'events', event: '*', aggregate: { of: 'count' } };
  await owner.call('POST', `${base}/computed-traits`, { name: `${name}_events`, title: `${name} events`, definition });
}

describe.each([
  ['alpha', 0, 1],
  ['bravo', 1, 0],
] as const)('with the credentials of %s', (_name, mine, theirs) => {
  it.each(['key', 'member'] as const)(
    'its %s sees itself in the API and nothing of the other brand',
    async (credential) => {
      const [own, other] = [brands[mine], brands[theirs]];
      const document = await (await fetch(`${at()}/api/openapi.json`)).json();
      const ids = [1, 2, 3, 4];
      const path = {
        workspaceId: [own.workspaceId, other.workspaceId],
        profileId: [own.profileId, other.profileId],
        importId: ids,
        groupId: ['acme'],
        predictionId: ids,
        listId: ids,
        uploadId: ids,
        exportId: ids,
        traitId: ids,
        segmentId: ids,
        panel: ['activity', 'channels', 'events', 'funnel', 'products', 'retention', 'revenue', 'summary'],
      };
      const query = {
        from: ['2026-01-01'],
        to: ['2027-01-01'],
        search: [...Object.values(shared), `${other.name} Wang`, 'visitor-1', other.profileId],
        text: [other.name, 'broken'],
        sourceId: [other.sourceId],
        profileId: [other.profileId],
        state: ['open', 'replayed'],
        reveal: ['true'],
        surface: ['home'],
      };
      const urls = listGetUrls(document, path, query);
      expect(urls.length).toBeGreaterThan(80);
      const blind = new Set(urls.map(({ template }) => template));
      for (const { template, url } of urls) {
        const { status, text } = await read(own[credential], url, () => sendEach('live'));
        expect(status, `${url}: ${text.slice(0, 300)}`).toBeLessThan(500);
        expect(status, url).not.toBe(429);
        const told = withoutEcho(text, url);
        expect(told.toLowerCase(), url).not.toContain(other.name);
        if (told.includes(own.name)) blind.delete(template);
        if (url.startsWith(`/api/workspaces/${other.workspaceId}`)) expect([403, 404], url).toContain(status);
      }
      expect([...blind].sort(), 'each route tells something of its own brand, or this test sees nothing').toEqual(
        nameless(credential).sort(),
      );
    },
  );
});

it('finds its own person, and only that one, under every identifier that both brands know', async () => {
  const [alpha, bravo] = brands;
  expect(alpha.profileId).not.toBe(bravo.profileId);
  for (const { key, workspaceId, profileId, name } of brands) {
    for (const search of [shared.userId, shared.email, shared.phone, 'visitor-1']) {
      const url = `/api/workspaces/${workspaceId}/people?search=${encodeURIComponent(search)}`;
      const { rows } = await key.call<{ rows: PersonRow[] }>('GET', url);
      expect(
        rows.map((row) => [row.profileId, row.displayName]),
        `${name}: ${search}`,
      ).toEqual([[profileId, `${name} Wang`]]);
    }
  }
});

it('takes a message id that the other brand has used for a new one, and its own for a duplicate', async () => {
  for (const { workspaceId } of brands) {
    const balance = await waitUntilClean(owner, workspaceId);
    const health = await owner.call<{
      sources: { name: string; valid: number; duplicate: number; quarantined: number }[];
    }>('GET', `/api/workspaces/${workspaceId}/health?from=2026-01-01&to=2027-01-01`);
    expect(balance.difference).toBe(0);
    expect(health.sources.filter(({ name }) => name.endsWith('shop'))).toMatchObject([
      { duplicate: 0, quarantined: 1 },
    ]);
  }
  const [alpha, bravo] = brands;
  const again = { messageId: 'm-2', type: 'track', event: 'alpha Viewed', userId: shared.userId };
  expect((await collect(at, alpha.writeKey, 'track', again)).status).toBe(200);
  await expect.poll(async () => (await sourcesOf(alpha)).duplicate, { timeout: 10_000 }).toBe(1);
  expect((await sourcesOf(bravo)).duplicate).toBe(0);
});

describe('the balance of a workspace', () => {
  it('counts only what came for it', async () => {
    const { id: empty } = await owner.call<{ id: number }>('POST', '/api/workspaces', { name: 'charlie' });
    const nothing = { received: 0, valid: 0, duplicate: 0, quarantined: 0, pending: 0, difference: 0 };
    expect(await readBalance(owner, empty)).toEqual(nothing);
    expect((await readBalance(owner, brands[0].workspaceId)).received).toBeGreaterThan(0);
  });
});

async function sourcesOf({ workspaceId }: Brand): Promise<{ duplicate: number }> {
  const health = await owner.call<{ sources: { name: string; duplicate: number }[] }>(
    'GET',
    `/api/workspaces/${workspaceId}/health?from=2026-01-01&to=2027-01-01`,
  );
  return health.sources.find(({ name }) => name.endsWith('shop'))!;
}

/** The whole answer; of a stream what comes in three seconds. Waits when the limit of questions is reached. */
async function read(
  client: ApiClient,
  url: string,
  whileStreaming: () => Promise<void>,
): Promise<{ status: number; text: string }> {
  if (url.endsWith('/events/live')) return readStream(client, url, whileStreaming);
  for (let attempt = 0; ; attempt += 1) {
    const answer = await client.fetch(url);
    const text = await answer.text();
    if (answer.status !== 429 || attempt > 20) return { status: answer.status, text };
    await sleep(500);
  }
}

async function readStream(
  client: ApiClient,
  url: string,
  whileStreaming: () => Promise<void>,
): Promise<{ status: number; text: string }> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 3_000);
  let text = '';
  try {
    const answer = await client.fetch(url, { signal: controller.signal });
    const { status } = answer;
    await whileStreaming();
    try {
      for await (const part of answer.body ?? []) text += Buffer.from(part).toString('utf8');
    } catch {}
    return { status, text };
  } finally {
    clearTimeout(timer);
  }
}

/** What the question itself said may be repeated in an error or a statement. */
function withoutEcho(text: string, url: string): string {
  const said = [...new URL(url, 'http://x').searchParams.values()].filter((value) => value.length > 3);
  return said.reduce((rest, value) => rest.replaceAll(value, ''), text);
}

let told = 0;
/** The same message from both brands at the same moment. */
async function sendEach(what: string): Promise<void> {
  told += 1;
  for (const { writeKey, name } of brands) {
    const event = { messageId: `${what}-${told}`, type: 'track', event: `${name} ${what}`, userId: shared.userId };
    expect((await collect(at, writeKey, 'track', event)).status).toBe(200);
  }
}
