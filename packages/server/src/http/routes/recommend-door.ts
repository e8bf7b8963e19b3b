import {
  type RecommendAnswer,
  type RecommendPerson,
  recommendAnswerSchema,
  recommendBatchAnswerSchema,
  recommendBatchRequestSchema,
  recommendBlockQuerySchema,
  recommendRequestSchema,
} from '@zhiyin/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { CollectSource, SourceDirectory } from '../../collect/index.ts';
import { parseBasicWriteKey } from '../../collect/write-key.ts';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { formatBlock, type RecommendEngine } from '../../recommend/index.ts';
import type { Stores } from '../../storage/stores.ts';
import { findApiKey, type WorkspaceDirectory } from '../../trust/index.ts';
import { createBuckets } from '../rate-limit.ts';
import { problems } from './api.ts';

export type RecommendDoor = {
  readonly stores: Stores;
  readonly workspaces: WorkspaceDirectory;
  readonly engine: RecommendEngine;
  /** Write keys, for pages. */
  readonly sources: Pick<SourceDirectory, 'find' | 'refresh'>;
};

/** A revoked key works for at most this long. */
const keyKeptMs = 1_000;
const keysKeptMax = 1_000;
/** Questions of one page's visitor; servers with an API key have no limit here. */
const perAddress = { perSecond: 30, burst: 150 } as const;
const bodyBytesMax = 1_048_576;
const json = 'application/json; charset=utf-8';

/**
 * POST /v1/recommend, POST /v1/recommend/batch, GET /v1/recommend/block: asked by servers with an API key (`recommend:read`), and by pages with
 * a source's write key for surfaces that are public. Errors are problems, as everywhere.
 */
export async function registerRecommendDoor(app: FastifyInstance, door: RecommendDoor): Promise<void> {
  const { engine } = door;
  const whoAsks = createDoorkeeper(door);
  await app.register(async (scope) => {
    // Requests are checked below, answers are text already: schemas are here for the description of the API.
    scope.setValidatorCompiler(() => (value) => ({ value }));
    // Pages send JSON as text/plain to spare the preflight.
    scope.addContentTypeParser('text/plain', { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));
    const tags = ['Recommendations'];
    const security = [{ apiKey: [] }];

    scope.post(
      '/v1/recommend',
      {
        logLevel: 'error',
        bodyLimit: bodyBytesMax,
        schema: {
          tags,
          security,
          summary: 'Ranked items with reasons for a person, a session or a situation',
          body: recommendRequestSchema,
          response: { 200: recommendAnswerSchema, ...problems },
        },
      },
      async (request, reply) => {
        const body = parse(recommendRequestSchema, request.body);
        const asker = await whoAsks(request, body.writeKey, [body.surface]);
        openToPages(request, reply, asker);
        if (asker.isPage) refuseGuessable(body.person);
        const answer = await engine.answer(asker.workspace, asker.isPage ? { ...body, debug: false } : body);
        // An answer that is broken off is left to the collector.
        reply.raw.once('finish', () => engine.giveBack(answer));
        return reply.type(json).send(answer);
      },
    );
    scope.post(
      '/v1/recommend/batch',
      {
        logLevel: 'error',
        bodyLimit: bodyBytesMax,
        schema: {
          tags,
          security,
          summary: 'The same for up to 1,000 people',
          body: recommendBatchRequestSchema,
          response: { 200: recommendBatchAnswerSchema, ...problems },
        },
      },
      async (request, reply) => {
        const { people, ...rest } = parse(recommendBatchRequestSchema, request.body);
        const asker = await whoAsks(request, undefined, [rest.surface]);
        if (asker.isPage)
          throw new AppError('auth.forbidden', 'Lists for many people are for servers.', {
            details: { fix: 'Ask with an API key that has recommend:read.' },
          });
        return reply.type(json).send(await engine.answerMany(asker.workspace, rest, people));
      },
    );
    scope.get(
      '/v1/recommend/block',
      {
        logLevel: 'error',
        schema: {
          tags,
          security,
          summary: 'A piece of HTML (or JSON) to embed',
          querystring: recommendBlockQuerySchema,
          response: problems,
        },
      },
      async (request, reply) => {
        const query = parse(recommendBlockQuerySchema, request.query);
        const asker = await whoAsks(request, query.writeKey, [query.surface]);
        openToPages(request, reply, asker);
        if (asker.isPage) refuseGuessable(query.userId ? { userId: query.userId } : undefined);
        const answer = await engine.answer(asker.workspace, blockRequest(query));
        if (query.format === 'json') return reply.type(json).send(answer);
        const locale = query.locale ?? asker.workspace.locale;
        return reply
          .type('text/html; charset=utf-8')
          .send(formatBlock(JSON.parse(answer.toString()) as RecommendAnswer, locale));
      },
    );
  });
}

function blockRequest(query: z.output<typeof recommendBlockQuerySchema>): z.output<typeof recommendRequestSchema> {
  const { surface, userId, anonymousId, itemId, cart, region, k, locale } = query;
  return {
    surface,
    ...(userId || anonymousId
      ? { person: { ...(userId ? { userId } : {}), ...(anonymousId ? { anonymousId } : {}) } }
      : {}),
    context: {
      ...(itemId ? { itemId } : {}),
      ...(cart ? { cart: cart.split(',').filter(Boolean).slice(0, 200) } : {}),
      ...(region ? { region } : {}),
    },
    ...(k ? { k } : {}),
    ...(locale ? { locale } : {}),
  };
}

/** A write key stands in every page: with it anybody could ask what a customer whose number or e-mail they know has looked at. */
function refuseGuessable(person: RecommendPerson | undefined): void {
  const [field] = Object.keys(person ?? {}).filter((name) => name !== 'anonymousId' && name !== 'deviceId');
  if (field === undefined) return;
  throw new AppError('auth.forbidden', `Pages name people by anonymousId, not by ${field}: a write key is no secret.`, {
    details: {
      field: `person.${field}`,
      fix: 'Send anonymousId (known to belong to the customer after sign-in), or ask from a server.',
    },
  });
}

type Asker = { readonly workspace: Workspace; readonly isPage: boolean };

function createDoorkeeper(door: RecommendDoor) {
  const keys = new Map<string, { at: number; workspaceId: WorkspaceId; mayAsk: boolean }>();
  const take = createBuckets(perAddress);

  return async function whoAsks(
    request: FastifyRequest,
    bodyKey: string | undefined,
    surfaces: readonly string[],
  ): Promise<Asker> {
    const { authorization } = request.headers;
    if (authorization?.toLowerCase().startsWith('bearer ')) return askedByServer(authorization.slice(7).trim());
    const writeKey = parseBasicWriteKey(authorization) ?? bodyKey;
    if (!writeKey) {
      throw new AppError('auth.missing', 'This needs an API key, or the write key of a source.', {
        details: { field: 'authorization', fix: 'Send "Authorization: Bearer zy_…" with the scope recommend:read.' },
      });
    }
    const waitSeconds = take(request.ip);
    if (waitSeconds > 0) {
      throw new AppError('overload', 'Too many questions from this address.', {
        details: { retryAfterSeconds: waitSeconds, fix: 'Wait as long as Retry-After says, or ask from a server.' },
      });
    }
    return askedByPage(request, await findSource(writeKey), surfaces);
  };

  async function askedByServer(secret: string): Promise<Asker> {
    const now = Date.now();
    let known = keys.get(secret);
    if (!known || now - known.at > keyKeptMs) {
      const key = await findApiKey(door.stores.control, secret);
      if (!key) {
        keys.delete(secret);
        throw new AppError('auth.invalid', 'This API key is not known or was revoked.', {
          details: { field: 'authorization', fix: 'Make a new key in Settings → API keys.' },
        });
      }
      known = { at: now, workspaceId: key.workspaceId, mayAsk: key.scopes.includes('recommend:read') };
      if (keys.size >= keysKeptMax) keys.clear();
      keys.set(secret, known);
    }
    if (!known.mayAsk) {
      throw new AppError('auth.forbidden', 'This API key lacks the scope recommend:read.', {
        details: { scope: 'recommend:read', fix: 'Make a key with this scope.' },
      });
    }
    return { workspace: await door.workspaces.get(known.workspaceId), isPage: false };
  }

  async function findSource(writeKey: string): Promise<CollectSource> {
    let source = door.sources.find(writeKey);
    if (!source) {
      await door.sources.refresh();
      source = door.sources.find(writeKey);
    }
    if (source && !source.disabled) return source;
    throw new AppError(
      source ? 'auth.forbidden' : 'auth.invalid',
      source ? 'The source with this write key is switched off.' : 'No source has this write key.',
      {
        details: { field: 'writeKey', fix: 'Copy the write key of a source that is on from the settings page.' },
      },
    );
  }

  async function askedByPage(
    request: FastifyRequest,
    source: CollectSource,
    surfaces: readonly string[],
  ): Promise<Asker> {
    const { origin } = request.headers;
    const { allowedOrigins } = source;
    if (
      origin !== undefined &&
      allowedOrigins.length > 0 &&
      !allowedOrigins.some((one) => one.replace(/\/$/, '') === origin)
    ) {
      throw new AppError('auth.forbidden', `The source does not answer ${origin.slice(0, 200)}.`, {
        details: { field: 'Origin', fix: 'Add this address to the allowed origins of the source.' },
      });
    }
    const workspace = await door.workspaces.get(source.workspaceId);
    for (const name of surfaces) {
      const surface = await door.engine.surface(workspace, name);
      if (surface.settings.isPublic) continue;
      throw new AppError('auth.forbidden', `The surface ${name} is not open to pages.`, {
        details: { field: 'surface', fix: 'Make it public in Recommendations, or ask from a server with an API key.' },
      });
    }
    return { workspace, isPage: true };
  }
}

/** Any page may read what its write key is good for; no cookies are involved. */
function openToPages(request: FastifyRequest, reply: FastifyReply, { isPage }: Asker): void {
  reply.header('cache-control', 'no-store');
  if (isPage && request.headers.origin !== undefined) reply.header('access-control-allow-origin', '*');
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const at = [...issue.path, ...(issue.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [])]
    .map(String)
    .join('.');
  throw new AppError('input.invalid', `${at || 'body'}: ${issue.message}`, {
    details: {
      field: at || 'body',
      fix: 'Correct this field; docs/recommend.md lists all of them.',
      errors: parsed.error.issues
        .slice(0, 20)
        .map(({ path, message }) => ({ field: path.map(String).join('.'), message })),
    },
  });
}
