import { sourceCreateSchema, sourceSchema, sourceUpdateSchema } from '@zhiyin/contract';
import { createSource, listSources, updateSource } from '../../trust/index.ts';
import { accessOf, workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, wholeList, withId, workspaceParams } from './api.ts';

/** Where events come from, each with a write key of its own. */
export function sourceRoutes(app: Api, deps: HttpDeps): void {
  const { control } = deps.stores;
  const tags = ['Sources'];
  const write = { policy: workspacePolicy('settings:write') };

  app.get(
    '/workspaces/:workspaceId/sources',
    {
      config: { policy: workspacePolicy('settings:read') },
      schema: {
        tags,
        summary: 'Sources, their write keys and recent counts',
        params: workspaceParams,
        response: listOf(sourceSchema),
      },
    },
    async (request) => wholeList(await listSources(deps.stores, workspaceOf(request).id)),
  );

  app.post(
    '/workspaces/:workspaceId/sources',
    {
      config: write,
      schema: {
        tags,
        summary: 'Make a source',
        params: workspaceParams,
        body: sourceCreateSchema,
        response: answers(sourceSchema),
      },
    },
    (request) => createSource(control, workspaceOf(request).id, request.body, accessOf(request).actor),
  );

  app.patch(
    '/workspaces/:workspaceId/sources/:sourceId',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change, disable or rekey a source',
        params: withId('sourceId'),
        body: sourceUpdateSchema,
        response: answers(sourceSchema),
      },
    },
    (request) =>
      updateSource(control, workspaceOf(request).id, request.params.sourceId, request.body, accessOf(request).actor),
  );
}
