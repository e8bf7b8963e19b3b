import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * One line per request of the API: the route's pattern instead of its address, because addresses carry ids and what
 * people search for. Collect and the probes are counted by metrics, not logged.
 */
export async function logRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const route = request.routeOptions.url;
  if (!route?.startsWith('/api/')) return;
  const { actor, workspace } = request.access ?? {};
  request.log.info(
    {
      method: request.method,
      route,
      status: reply.statusCode,
      elapsedMs: Math.round(reply.elapsedTime),
      actor: actor ? `${actor.kind}:${actor.id}` : undefined,
      workspaceId: workspace?.id,
    },
    'request',
  );
}
