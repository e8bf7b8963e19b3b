import { itemRowSchema, libraryQuerySchema, reviewRowSchema, spendRowSchema } from '@zhiyin/contract';
import { workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, listOf, workspaceParams } from './api.ts';

/** What imports and pushes brought beside events. */
export function libraryRoutes(app: Api, deps: HttpDeps): void {
  const { stores, measure } = deps;
  const tags = ['Library'];
  const config = { policy: workspacePolicy('data:read') };
  const asked = { tags, params: workspaceParams, querystring: libraryQuerySchema };

  app.get(
    '/workspaces/:workspaceId/items',
    { config, schema: { ...asked, summary: 'The catalogue', response: listOf(itemRowSchema) } },
    (request) => measure.listItems(stores, workspaceOf(request), request.query),
  );
  app.get(
    '/workspaces/:workspaceId/reviews',
    { config, schema: { ...asked, summary: 'Reviews and feedback', response: listOf(reviewRowSchema) } },
    (request) => measure.listReviews(stores, workspaceOf(request), request.query),
  );
  app.get(
    '/workspaces/:workspaceId/spend',
    { config, schema: { ...asked, summary: 'Advertising spend', response: listOf(spendRowSchema) } },
    (request) => measure.listSpend(stores, workspaceOf(request), request.query),
  );
}
