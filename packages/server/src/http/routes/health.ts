import { healthQuerySchema, healthSchema } from '@zhiyin/contract';
import { workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, workspaceParams } from './api.ts';
import { rangeIsOrdered } from './range.ts';

/** How clean the data is. */
export function healthRoutes(app: Api, deps: HttpDeps): void {
  app.get(
    '/workspaces/:workspaceId/health',
    {
      config: { policy: workspacePolicy('data:read') },
      schema: {
        tags: ['Data'],
        summary: 'Data health: the balance, and outcomes by day, source and reason',
        params: workspaceParams,
        querystring: rangeIsOrdered(healthQuerySchema),
        response: answers(healthSchema),
      },
    },
    (request) => deps.measure.readHealth(deps.stores, workspaceOf(request), request.query),
  );
}
