import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Role, Session } from '@zhiyin/contract';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import type { Jobs } from '../../jobs/index.ts';
import { createLlmStage } from '../../llm/index.ts';
import { customerStage } from '../../profile/customers/index.ts';
import { createAudienceStage } from '../../profile/index.ts';
import { createPredictionsStage } from '../../profile/predictions/index.ts';
import { segmentsStage } from '../../profile/segments/index.ts';
import type { Stores } from '../../storage/stores.ts';
import { createPasswords, createSignInThrottle, ensureSetupToken, openWorkspaceDirectory } from '../../trust/index.ts';
import { openTestControl } from '../../trust/testing/open-test-control.ts';
import { buildServer } from '../build-server.ts';
import type { HttpDeps } from '../deps.ts';
import { audienceDirs, fakeClean, fakeImports, fakeMeasure, fakeProfile, fakeRecommend } from './fake-stages.ts';

export const ownerEmail = 'owner@example.com';
export const ownerPassword = 'bright-orange-kettle';

/** A browser as far as the API sees it: keeps its cookie and sends the token of its session. */
export type TestClient = {
  session: Session;
  cookie: string;
  call(options: InjectOptions): Promise<LightMyRequestResponse>;
};

export type TestServer = {
  app: FastifyInstance;
  stores: Stores;
  dataDir: string;
  setupToken: string;
  /** Uses the set-up token: an owner with one workspace. */
  setUpOwner(): Promise<TestClient>;
  signIn(email: string, password: string): Promise<TestClient>;
  addMember(owner: TestClient, workspaceId: number, email: string, role: Role): Promise<TestClient>;
  close(): Promise<void>;
};

/** The real server on the real control store, with fake stages and no event store. Passwords are cheap to hash here. */
export async function openTestServer(overrides: Partial<HttpDeps> = {}): Promise<TestServer> {
  const opened = await openTestControl();
  const { control } = opened;
  const stores = { control, vault: opened.vault, ...fakeStores } as unknown as Stores;
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zhiyin-http-'));
  const setupToken = (await ensureSetupToken(control, dataDir)) ?? '';
  const workspaces = await openWorkspaceDirectory(control);
  const app = await buildServer({
    stores,
    workspaces,
    passwords: createPasswords({ cost: { logN: 8, r: 8, p: 1 } }),
    throttle: createSignInThrottle(control, 10),
    jobs: noJobs,
    profile: fakeProfile,
    customers: customerStage,
    audiences: createAudienceStage(audienceDirs(dataDir)),
    measure: fakeMeasure,
    clean: fakeClean,
    imports: fakeImports,
    segments: segmentsStage,
    predictions: createPredictionsStage(),
    recommend: fakeRecommend,
    llm: createLlmStage(stores),
    metrics: async () => '# HELP up 1\nup 1\n',
    readiness: [{ name: 'control', check: async () => ({ ok: await control.ping(500), says: 'asked' }) }],
    logger: pino({ level: process.env.ZHIYIN_TEST_LOG ?? 'silent' }),
    version: '0.0.0-test',
    dataDir,
    diskReserveBytes: 0,
    publicUrl: undefined,
    trustProxy: false,
    consoleDir: path.join(dataDir, 'no-console'),
    limits: { perActor: { perSecond: 10_000, burst: 10_000 }, perAddress: { perSecond: 10_000, burst: 10_000 } },
    ...overrides,
  });
  await app.ready();

  const clientOf = (response: LightMyRequestResponse): TestClient => {
    if (response.statusCode !== 200) throw new Error(`no session: ${response.statusCode} ${response.body}`);
    const session = response.json<Session>();
    const cookie = response.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const call: TestClient['call'] = (options) =>
      app.inject({ ...options, headers: { cookie, 'x-csrf-token': session.csrfToken, ...options.headers } });
    return { session, cookie, call };
  };
  const signIn = async (email: string, password: string) =>
    clientOf(await app.inject({ method: 'POST', url: '/api/session', payload: { email, password } }));

  return {
    app,
    stores,
    dataDir,
    setupToken,
    signIn,
    async setUpOwner() {
      const payload = {
        token: setupToken,
        email: ownerEmail,
        name: 'Wang Fang',
        password: ownerPassword,
        workspace: { name: 'Tea House', timeZone: 'Asia/Shanghai', currency: 'CNY' },
      };
      return clientOf(await app.inject({ method: 'POST', url: '/api/setup', payload }));
    },
    async addMember(owner, workspaceId, email, role) {
      const added = await owner.call({
        method: 'POST',
        url: `/api/workspaces/${workspaceId}/members`,
        payload: { email, name: role, role },
      });
      return signIn(email, added.json().firstPassword);
    },
    async close() {
      await app.close();
      await workspaces.close();
      await opened.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What is asked of the event store here does not matter to these tests. */
const fakeStores = {
  events: { read: async () => ({ rows: [], elapsedMs: 0, rowsRead: 0, statement: '' }), ping: async () => true },
  ledger: { list: async () => [], write: async () => undefined },
};

const noJobs: Jobs = {
  knows: () => true,
  define: () => undefined,
  schedule: () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
  send: async () => '00000000-0000-4000-8000-000000000001',
  list: async () => ({ rows: [], nextCursor: null, schedules: [] }),
  cancel: async () => undefined,
  retry: async () => undefined,
};
