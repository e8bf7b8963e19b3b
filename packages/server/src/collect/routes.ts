import { collectLimits } from '@zhiyin/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { AppError } from '../domain/app-error.ts';
import type { EventStore } from '../storage/events/event-store.ts';
import { type AcceptedBody, type Acceptor, type Arrival, acceptCalls, type CallRoute } from './accept.ts';
import { acceptCatalogue } from './accept-catalogue.ts';
import { acceptReviews } from './accept-reviews.ts';
import { collectMetrics } from './collect-metrics.ts';
import type { JournalWriter } from './journal/index.ts';
import { MemoryBudget } from './memory-budget.ts';
import { formatProblem } from './problem.ts';
import { RateLimit } from './rate-limit.ts';
import { type ReceivedBody, readBody } from './read-body.ts';
import { formatSdkSettings } from './sdk-settings.ts';
import type { SourceDirectory } from './source-directory.ts';
import { openTrackerFile } from './tracker-file.ts';

/** What the collect endpoints need, handed in by `main.ts`. */
export type CollectDeps = {
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly sources: SourceDirectory;
  /** The catalogue goes here directly. */
  readonly events: Pick<EventStore, 'append'>;
  /** As the journal was opened; named in every answer. */
  readonly durability: 'power' | 'process';
  /** Most bytes of bodies in memory at the same time. */
  readonly inflightBytesMax: number;
  readonly registry: Registry;
  /** Address under which browsers reach this server; without it the one they used. */
  readonly publicUrl?: string;
  /** Where the built browser SDK lies: packages/tracker/dist/tracker.js */
  readonly trackerPath: string;
  /** Told of what has just become durable. */
  readonly onCalls?: (calls: AcceptedBody) => void;
  readonly onItems?: (workspaceId: AcceptedBody['workspaceId']) => void;
  readonly now?: () => Date;
};

/** Segment's endpoints and the short names its browser SDK uses. `import` is what its bulk clients call a batch. */
const callRoutes: Readonly<Record<string, CallRoute>> = {
  identify: 'identify',
  track: 'track',
  page: 'page',
  screen: 'screen',
  group: 'group',
  alias: 'alias',
  batch: 'batch',
  import: 'batch',
  i: 'identify',
  t: 'track',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: 'batch',
};

/** A thousand items or reviews with their texts. */
const pushBytesMax = 5 * 1_048_576;
const preflightSeconds = 86_400;
const refusalTellEveryMs = 1_000;

/** Registers what the world outside sends to. Own body parsing, own errors, no log line per request. */
export async function registerCollectRoutes(app: FastifyInstance, deps: CollectDeps): Promise<void> {
  const budget = new MemoryBudget(deps.inflightBytesMax);
  const metrics = collectMetrics(deps.registry, budget);
  const acceptor: Acceptor = {
    journal: deps.journal,
    sources: deps.sources,
    rateLimit: new RateLimit(),
    metrics,
    ...(deps.onCalls ? { onCalls: deps.onCalls } : {}),
  };
  const now = deps.now ?? (() => new Date());
  const tracker = openTrackerFile(deps.trackerPath);
  let refusalToldAt = Number.NEGATIVE_INFINITY;

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // One parser for whatever the header says: browsers send JSON as text/plain, one client as a form, some as nothing.
    scope.addContentTypeParser('*', (request, payload, done) => {
      const bytesMax = request.routeOptions.config.bodyBytesMax ?? collectLimits.batchBytesMax;
      readBody(payload, request.headers, { bytesMax, budget }).then((body) => done(null, body), done);
    });
    scope.setErrorHandler((cause, request, reply) => {
      const { status, body, retryAfterSeconds } = formatProblem(cause, request.id);
      metrics.refused(body.code);
      const told = { err: cause, route: request.routeOptions.url };
      if (status === 500) request.log.error(told, 'collect: request failed');
      // Why nothing can be stored is worth a line, and not one for each of a thousand requests a second.
      if (status === 503 && performance.now() - refusalToldAt >= refusalTellEveryMs) {
        refusalToldAt = performance.now();
        app.log.warn({ ...told, reqId: request.id }, 'collect: requests are answered 503');
      }
      if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
      if (cause instanceof AppError && cause.details.closes === true) reply.header('connection', 'close');
      return reply.code(status).type('application/problem+json').send(JSON.stringify(body));
    });
    scope.addHook('onRequest', (request, reply, done) => {
      reply.headers(answerHeaders);
      // Whatever it says, JSON is expected; what cannot be parsed as a media type would not get as far as the body.
      if (request.headers['content-type'] !== undefined) request.headers['content-type'] = 'application/json';
      done();
    });

    const post = (
      url: string,
      handle: (arrival: Arrival) => Promise<string | object>,
      bodyBytesMax: number = collectLimits.batchBytesMax,
    ) => {
      scope.post(url, { logLevel: 'error', config: { bodyBytesMax } }, async (request, reply) => {
        const received = request.body as ReceivedBody | undefined;
        try {
          const answer = await handle(arrivalOf(request, received, now()));
          reply.header('x-zhiyin-durability', deps.durability).type('application/json; charset=utf-8');
          return typeof answer === 'string' ? answer : JSON.stringify(answer);
        } finally {
          received?.release();
        }
      });
      refuseOtherMethods(scope, url);
    };

    for (const [name, route] of Object.entries(callRoutes)) {
      post(`/v1/${name}`, async (arrival) => {
        await acceptCalls(acceptor, route, arrival);
        return success;
      });
    }
    const catalogue = { ...acceptor, events: deps.events, ...(deps.onItems ? { onItems: deps.onItems } : {}) };
    post('/v1/catalogue', (arrival) => acceptCatalogue(catalogue, arrival), pushBytesMax);
    post('/v1/reviews', (arrival) => acceptReviews(acceptor, arrival), pushBytesMax);
    post('/v1/m', async () => {
      metrics.clientReport();
      return success;
    });

    scope.get<{ Params: { writeKey: string } }>(
      '/v1/projects/:writeKey/settings',
      { logLevel: 'error' },
      async (request, reply) => {
        const { writeKey } = request.params;
        await requireSource(deps.sources, writeKey);
        reply.header('cache-control', 'public, max-age=60').type('application/json; charset=utf-8');
        const origin = deps.publicUrl ?? `${request.protocol}://${request.host}`;
        return JSON.stringify(formatSdkSettings(writeKey, origin));
      },
    );
    scope.get('/zhiyin.js', { logLevel: 'error', config: { policy: { kind: 'public' } } }, async (_request, reply) => {
      const file = await tracker.read();
      reply.header('cache-control', 'public, max-age=300').header('cross-origin-resource-policy', 'cross-origin');
      return reply.type('text/javascript; charset=utf-8').send(file);
    });
    scope.options('/v1/*', { logLevel: 'error' }, async (request, reply) => answerPreflight(request, reply));
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Largest body of this route, packed or unpacked. */
    bodyBytesMax?: number;
  }
}

const success = '{"success":true}';

/** Any page may send: what a source takes from whom is checked with its key. No cookies are involved. */
const answerHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Retry-After, X-Zhiyin-Durability',
  'cache-control': 'no-store',
} as const;

function answerPreflight(request: FastifyRequest, reply: FastifyReply) {
  const asked = request.headers['access-control-request-headers'];
  const allowed = asked && /^[\w, -]{1,500}$/.test(asked) ? asked : 'authorization, content-type, content-encoding';
  return reply
    .code(204)
    .header('access-control-allow-methods', 'GET, POST, OPTIONS')
    .header('access-control-allow-headers', allowed)
    .header('access-control-max-age', preflightSeconds)
    .header('vary', 'Access-Control-Request-Headers')
    .send();
}

function arrivalOf(request: FastifyRequest, received: ReceivedBody | undefined, receivedAt: Date): Arrival {
  return {
    authorization: request.headers.authorization,
    origin: request.headers.origin,
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    receivedAt,
    body: received?.bytes ?? Buffer.alloc(0),
  };
}

function refuseOtherMethods(scope: FastifyInstance, url: string): void {
  scope.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url,
    logLevel: 'error',
    handler: async (request, reply) => {
      reply.header('allow', 'POST, OPTIONS');
      throw new AppError('input.invalid', `${request.method} is not possible here`, {
        details: { status: 405, field: 'method', fix: 'Use POST.' },
      });
    },
  });
}

async function requireSource(sources: SourceDirectory, writeKey: string): Promise<void> {
  let source = sources.find(writeKey);
  if (!source) {
    await sources.refresh();
    source = sources.find(writeKey);
  }
  if (source && !source.disabled) return;
  if (!sources.isLoaded()) throw new AppError('storage.unavailable', 'write keys cannot be checked yet');
  throw new AppError('not_found', 'no source has this write key', {
    details: { field: 'writeKey', fix: 'Copy the write key of the source from the settings page.' },
  });
}
