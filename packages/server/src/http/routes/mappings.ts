import { savedMappingCreateSchema, savedMappingSchema } from '@zhiyin/contract';
import { workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, noContent, wholeList, withId, workspaceParams } from './api.ts';

/** Column mappings kept for the next file of the same kind. */
export function mappingRoutes(app: Api, deps: HttpDeps): void {
  const { stores, imports } = deps;
  const tags = ['Imports'];
  const write = { policy: workspacePolicy('data:write') };

  app.get(
    '/workspaces/:workspaceId/import-mappings',
    {
      config: { policy: workspacePolicy('data:read') },
      schema: { tags, summary: 'Saved column mappings', params: workspaceParams, response: listOf(savedMappingSchema) },
    },
    async (request) => wholeList(await imports.listMappings(stores, workspaceOf(request))),
  );

  app.post(
    '/workspaces/:workspaceId/import-mappings',
    {
      config: write,
      schema: {
        tags,
        summary: 'Save a mapping; the same name replaces',
        params: workspaceParams,
        body: savedMappingCreateSchema,
        response: answers(savedMappingSchema),
      },
    },
    (request) => {
      const entry = {
        action: 'import_mapping.save',
        target: { kind: 'import_mapping', id: '' },
        details: { kind: request.body.kind },
      };
      return audited(
        stores.control,
        request,
        entry,
        (act) => imports.saveMapping(stores, workspaceOf(request), request.body, act),
        ({ id }) => ({ mappingId: id }),
      );
    },
  );

  app.delete(
    '/workspaces/:workspaceId/import-mappings/:mappingId',
    { config: write, schema: { tags, summary: 'Delete a mapping', params: withId('mappingId'), response: noContent } },
    async (request, reply) => {
      const { mappingId } = request.params;
      const entry = { action: 'import_mapping.delete', target: { kind: 'import_mapping', id: mappingId } };
      await audited(stores.control, request, entry, (act) =>
        imports.deleteMapping(stores, workspaceOf(request), mappingId, act),
      );
      return reply.code(204).send(null);
    },
  );
}
