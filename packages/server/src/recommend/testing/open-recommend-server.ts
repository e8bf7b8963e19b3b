import { createHash } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecommendAnswer, RecommendRequest, Scope } from '@zhiyin/contract';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { openJournalWriter, openSourceDirectory, registerCollectRoutes } from '../../collect/index.ts';
import { defineJobs } from '../../define-jobs.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import { buildServer, registerRecommendDoor } from '../../http/index.ts';
import { audienceDirs, fakeClean, fakeImports, fakeMeasure, fakeProfile } from '../../http/testing/fake-stages.ts';
import { type Jobs, openJobs } from '../../jobs/index.ts';
import { createLlmStage } from '../../llm/index.ts';
import { customerStage } from '../../profile/customers/index.ts';
import { createAudienceStage } from '../../profile/index.ts';
import { createPredictionsStage } from '../../profile/predictions/index.ts';
import { segmentsStage } from '../../profile/segments/index.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { createPasswords, createSignInThrottle, openWorkspaceDirectory } from '../../trust/index.ts';
import { startWorker, type Worker } from '../../worker.ts';
import { createRecommendStage, openRecommendEngine, type RecommendEngine } from '../index.ts';

export type RecommendServer = {
  readonly app: FastifyInstance;
  readonly stores: TestStores;
  readonly engine: RecommendEngine;
  readonly jobs: Jobs;
  newBrand(): Promise<Brand>;
  close(): Promise<void>;
};

export type Brand = {
  readonly workspaceId: WorkspaceId;
  readonly writeKey: string;
  readonly key: string;
  newKey(scopes: readonly Scope[]): Promise<string>;
  /** Sends what the brand knows: waits for the acknowledgement, not for cleaning. */
  track(events: readonly object[]): Promise<void>;
  reviews(reviews: readonly object[]): Promise<void>;
  items(upsert: readonly object[], remove?: readonly string[]): Promise<void>;
  ask(request: RecommendRequest): Promise<RecommendAnswer>;
  api(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
  ): Promise<{ status: number; body: never }>;
};

const everything: readonly Scope[] = ['data:read', 'data:write', 'people:read', 'recommend:read', 'settings:read'];

/** Collect, cleaning, jobs and recommendations on real stores, in this process; the other stages are fakes. */
export async function openRecommendServer(options: { worker?: boolean } = {}): Promise<RecommendServer> {
  const stores = await openTestStores();
  const logger = pino({ level: process.env.ZHIYIN_TEST_LOG ?? 'silent' });
  const { config, addresses } = stores;
  const registry = new Registry();
  const workspaces = await openWorkspaceDirectory(stores.control);
  const sources = await openSourceDirectory({ control: stores.control, logger });
  const journal = await openJournalWriter({
    ...config.collect,
    dir: config.collect.journalDir,
    id: 'http',
    logger,
    registry,
  });
  let worker: Worker | undefined;
  if (options.worker !== false) {
    worker = await startWorker(config, addresses, logger);
    journal.onAppend(worker.wake);
  }
  const jobs = openJobs({
    connectionString: stores.control.connectionString,
    schema: config.control.schema,
    logger,
    registry,
    pollSeconds: 1,
  });
  defineJobs(jobs, { config, addresses, stores, workspaces, journal, logger });
  await jobs.start({ worker: false });
  const engine = await openRecommendEngine({
    stores,
    modelDir: config.recommend.modelDir,
    peopleMax: 10_000,
    log: logger,
  });
  const app = await buildServer({
    stores,
    workspaces,
    passwords: createPasswords({ cost: { logN: 8, r: 8, p: 1 } }),
    throttle: createSignInThrottle(stores.control, 10),
    jobs,
    profile: fakeProfile,
    customers: customerStage,
    audiences: createAudienceStage(audienceDirs(config.dataDir)),
    measure: fakeMeasure,
    clean: fakeClean,
    imports: fakeImports,
    segments: segmentsStage,
    predictions: createPredictionsStage(),
    recommend: createRecommendStage(engine),
    llm: createLlmStage(stores),
    metrics: async () => '',
    readiness: [],
    logger,
    version: '0.0.0-test',
    dataDir: config.dataDir,
    diskReserveBytes: 0,
    publicUrl: undefined,
    trustProxy: false,
    consoleDir: path.join(config.dataDir, 'no-console'),
    limits: { perActor: { perSecond: 10_000, burst: 10_000 }, perAddress: { perSecond: 10_000, burst: 10_000 } },
    collect: (scope) =>
      registerCollectRoutes(scope, {
        journal,
        sources,
        events: stores.events,
        durability: 'process',
        inflightBytesMax: 64_000_000,
        registry,
        trackerPath: 'none',
        onCalls: engine.accepted,
        onItems: engine.itemsChanged,
      }),
    recommendDoor: (scope) => registerRecommendDoor(scope, { stores, workspaces, sources, engine }),
  });
  await app.ready();

  let brands = 0;
  return {
    app,
    stores,
    engine,
    jobs,
    async newBrand() {
      brands += 1;
      const workspaceId = await stores.newWorkspace({ name: `brand ${brands}`, currency: 'CNY' });
      const writeKey = `write-key-of-brand-${brands}-${workspaceId}`;
      await stores.control
        .of(workspaceId)
        .query(`insert into sources (workspace_id, name, kind, write_key) values ($1, 'shop', 'web', $2)`, [writeKey]);
      await stores.control.query("select pg_notify('sources_changed', '')");
      // Told to every process, this one too: it hears it a moment later.
      for (let waitedMs = 0; !sources.find(writeKey) && waitedMs < 10_000; waitedMs += 20) await sleep(20);
      const newKey = async (scopes: readonly Scope[]) => {
        const secret = `zy_${createHash('sha256').update(`${workspaceId}${scopes.join()}${Math.random()}`).digest('hex').slice(0, 40)}`;
        await stores.control
          .of(workspaceId)
          .query(
            `insert into api_keys (workspace_id, name, prefix, key_hash, scopes) values ($1, 'test', 'zy_test', $2, $3)`,
            [createHash('sha256').update(secret).digest(), scopes],
          );
        return secret;
      };
      const key = await newKey(everything);
      const headers = { authorization: `Bearer ${key}` };
      const send = async (url: string, payload: object) => {
        const answer = await app.inject({ method: 'POST', url, payload });
        if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
      };
      return {
        workspaceId,
        writeKey,
        key,
        newKey,
        async track(events) {
          for (let at = 0; at < events.length; at += 2_000) {
            await send('/v1/batch', { writeKey, batch: events.slice(at, at + 2_000) });
          }
        },
        reviews: (reviews) => send('/v1/reviews', { writeKey, reviews }),
        async items(upsert, remove = []) {
          for (let at = 0; at < Math.max(1, upsert.length); at += 1_000) {
            await send('/v1/catalogue', {
              writeKey,
              upsert: upsert.slice(at, at + 1_000),
              delete: at === 0 ? remove : [],
            });
          }
        },
        async ask(request) {
          const answer = await app.inject({ method: 'POST', url: '/v1/recommend', payload: request, headers });
          if (answer.statusCode !== 200) throw new Error(`/v1/recommend: ${answer.statusCode} ${answer.body}`);
          return answer.json<RecommendAnswer>();
        },
        async api(method, url, payload) {
          const answer = await app.inject({
            method,
            url: `/api/workspaces/${workspaceId}/recommend${url}`,
            headers,
            ...(payload ? { payload } : {}),
          });
          return { status: answer.statusCode, body: (answer.body === '' ? null : answer.json()) as never };
        },
      };
    },
    async close() {
      await app.close();
      await engine.close();
      await jobs.stop(1_000);
      await worker?.stop();
      await journal.close();
      await sources.close();
      await workspaces.close();
      await stores.close();
    },
  };
}
