import { pageQuerySchema, refusalSchema } from '@zhiyin/contract';
import { viewOf, workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, listOf, workspaceParams } from './api.ts';

/** Merges that were not made, and why. */
export function identityRoutes(app: Api, deps: HttpDeps): void {
  app.get(
    '/workspaces/:workspaceId/identity/refusals',
    {
      config: { policy: workspacePolicy('people:read') },
      schema: {
        tags: ['People'],
        summary: 'Merges that were refused, newest first',
        params: workspaceParams,
        querystring: pageQuerySchema,
        response: listOf(refusalSchema),
      },
    },
    (request) => deps.clean.listRefusals(deps.stores, workspaceOf(request), request.query, viewOf(request)),
  );
}
