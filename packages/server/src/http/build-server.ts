import { randomUUID } from 'node:crypto';
import cookiePlugin from '@fastify/cookie';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { answerErrors } from './answer-errors.ts';
import { registerConsoleFiles } from './console-files.ts';
import type { HttpDeps } from './deps.ts';
import { createEventStreams } from './event-streams.ts';
import { createGuard, findAccess } from './guard.ts';
import { logRequest } from './log-request.ts';
import { createNotFound } from './not-found.ts';
import { registerOpenApi } from './openapi.ts';
import { publicPolicy, requirePolicies } from './policy.ts';
import { probeRoutes } from './probes.ts';
import { limitByActor, limitByAddress } from './rate-limit.ts';
import type { Api } from './routes/api.ts';
import { registerRoutes } from './routes/index.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { createSessionCookie } from './session-cookie.ts';

/**
 * The HTTP side as a whole. In goes what the stages can do; out comes a server that is ready to listen. Every request
 * passes, in this order: headers, limit per address, cookie, guard, limit per actor, validation, its route.
 */
export async function buildServer(deps: HttpDeps): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: deps.logger,
    // Addresses carry what people search for; see log-requests.ts for what is logged instead.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: deps.trustProxy,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: 1_048_576,
    routerOptions: { maxParamLength: 300 },
    // Long uploads are fine, slow headers are not: Node closes those after a minute by itself.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerErrors);
  app.decorateRequest('access', null);

  const routes = requirePolicies(app, [
    { prefix: '/api/docs', policy: publicPolicy },
    { prefix: '/v1/', policy: { kind: 'write_key' } },
    { prefix: '/*', policy: publicPolicy },
  ]);
  const cookie = createSessionCookie(deps.publicUrl);
  const guardOptions = {
    control: deps.stores.control,
    workspaces: deps.workspaces,
    cookie,
    publicUrl: deps.publicUrl,
  };
  const streams = createEventStreams({
    perWorkspaceMax: deps.limits?.streamsPerWorkspace ?? 20,
    heartbeatMs: deps.limits?.heartbeatMs ?? 15_000,
    mayListen: async (request) => {
      const policy = request.routeOptions.config.policy;
      return policy?.kind === 'workspace' && (await findAccess(request, policy, guardOptions)) !== undefined;
    },
  });

  app.addHook('onRequest', createSecurityHeaders(deps.publicUrl));
  app.addHook('onRequest', limitByAddress(deps.limits?.perAddress ?? { perSecond: 200, burst: 1_000 }));
  await app.register(cookiePlugin);
  app.addHook('onRequest', createGuard(guardOptions));
  app.addHook('onRequest', limitByActor(deps.limits?.perActor ?? { perSecond: 50, burst: 300 }));
  app.addHook('onResponse', logRequest);
  app.addHook('preClose', async () => {
    streams.closeAll();
    // A connection whose last answer ends after the closing began would be kept alive for another minute.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 100).unref();
    app.server.once('close', () => clearInterval(sweep));
  });
  app.setNotFoundHandler(createNotFound(routes, deps.consoleDir));

  await registerOpenApi(app, deps.version);
  await app.register(async (api) => registerRoutes(api as unknown as Api, deps, cookie, streams), { prefix: '/api' });
  probeRoutes(app, deps);
  if (deps.collect) await app.register(deps.collect);
  if (deps.recommendDoor) await app.register(deps.recommendDoor);
  await registerConsoleFiles(app, deps.consoleDir);
  return app;
}
