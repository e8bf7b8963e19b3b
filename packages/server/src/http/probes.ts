import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from './deps.ts';
import { publicPolicy } from './policy.ts';
import { createReadiness } from './readiness.ts';

/** For those who watch the server: alive, ready, and numbers. */
export function probeRoutes(app: FastifyInstance, deps: Pick<HttpDeps, 'readiness' | 'metrics' | 'version'>): void {
  const readReadiness = createReadiness(deps.readiness);
  const quiet = { logLevel: 'warn' } as const;

  // Touches no store: a slow store must not get the server restarted.
  app.get('/health', { ...quiet, config: { policy: publicPolicy } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { ok: true, version: deps.version };
  });

  app.get('/ready', { ...quiet, config: { policy: publicPolicy } }, async (_request, reply) => {
    const readiness = await readReadiness();
    return reply
      .code(readiness.ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness);
  });

  app.get('/metrics', { ...quiet, config: { policy: { kind: 'metrics' } } }, async (_request, reply) =>
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics()),
  );
}
