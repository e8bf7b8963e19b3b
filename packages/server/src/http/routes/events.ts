import { eventRowSchema, eventsQuerySchema } from '@zhiyin/contract';
import { z } from 'zod';
import { workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import type { EventStreams } from '../event-streams.ts';
import { type Policy, workspacePolicy } from '../policy.ts';
import { type Api, listOf, problems, workspaceParams } from './api.ts';

/** Events as they were stored, and as they come in. */
export function eventRoutes(app: Api, deps: HttpDeps, streams: EventStreams): void {
  const { stores, measure } = deps;
  const tags = ['Data'];
  const policy: Policy = workspacePolicy('data:read');

  app.get(
    '/workspaces/:workspaceId/events',
    {
      config: { policy },
      schema: {
        tags,
        summary: 'Events, latest first',
        params: workspaceParams,
        querystring: eventsQuerySchema,
        response: listOf(eventRowSchema),
      },
    },
    (request) => measure.listEvents(stores, workspaceOf(request), request.query),
  );

  app.get(
    '/workspaces/:workspaceId/events/live',
    {
      config: { policy },
      schema: {
        tags,
        summary: 'Events as they come in',
        description:
          'Server-sent events: `events` carries an array of the rows of GET …/events; a comment every 15 s keeps the line open.',
        params: workspaceParams,
        response: { 200: z.string().meta({ description: 'text/event-stream' }), ...problems },
        produces: ['text/event-stream'],
      },
    },
    (request, reply) => {
      const workspace = workspaceOf(request);
      return streams.open(request, reply, workspace.id, (signal) =>
        measure.followEvents(stores, workspace, { signal }),
      );
    },
  );
}
