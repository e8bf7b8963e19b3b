import { propertySchema, propertyUpdateSchema } from '@zhiyin/contract';
import { workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, wholeList, workspaceParams } from './api.ts';

/** Personal data found in events, and what is done with it. */
export function propertyRoutes(app: Api, deps: HttpDeps): void {
  const { stores, clean } = deps;
  const tags = ['Settings'];

  app.get(
    '/workspaces/:workspaceId/properties',
    {
      config: { policy: workspacePolicy('settings:read') },
      schema: {
        tags,
        summary: 'Properties seen, what is personal and what happens to it',
        params: workspaceParams,
        response: listOf(propertySchema),
      },
    },
    async (request) => wholeList(await clean.listProperties(stores, workspaceOf(request))),
  );

  app.patch(
    '/workspaces/:workspaceId/properties',
    {
      config: { policy: workspacePolicy('settings:write') },
      schema: {
        tags,
        summary: 'Decide what happens to a property',
        params: workspaceParams,
        body: propertyUpdateSchema,
        response: answers(propertySchema),
      },
    },
    (request) => {
      const { property, action, class: personalClass } = request.body;
      const entry = {
        action: 'property.update',
        target: { kind: 'property', id: property },
        details: { action, class: personalClass ?? null },
      };
      return audited(stores.control, request, entry, (act) =>
        clean.updateProperty(stores, workspaceOf(request), request.body, act),
      );
    },
  );
}
