import { apiKeyCreatedSchema, apiKeyCreateSchema, apiKeySchema } from '@zhiyin/contract';
import { createApiKey, listApiKeys, revokeApiKey } from '../../trust/index.ts';
import { accessOf, workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, noContent, wholeList, withId, workspaceParams } from './api.ts';

/** Keys for programs. */
export function apiKeyRoutes(app: Api, deps: HttpDeps): void {
  const { control } = deps.stores;
  const tags = ['API keys'];
  const write = { policy: workspacePolicy('settings:write') };

  app.get(
    '/workspaces/:workspaceId/api-keys',
    {
      config: { policy: workspacePolicy('settings:read') },
      schema: {
        tags,
        summary: 'API keys, without their secrets',
        params: workspaceParams,
        response: listOf(apiKeySchema),
      },
    },
    async (request) => wholeList(await listApiKeys(control, workspaceOf(request).id)),
  );

  app.post(
    '/workspaces/:workspaceId/api-keys',
    {
      config: write,
      schema: {
        tags,
        summary: 'Make an API key',
        description: 'The secret is in this answer and never again. A key cannot do more than who makes it.',
        params: workspaceParams,
        body: apiKeyCreateSchema,
        response: answers(apiKeyCreatedSchema),
      },
    },
    (request) => createApiKey(control, workspaceOf(request).id, request.body, accessOf(request)),
  );

  app.delete(
    '/workspaces/:workspaceId/api-keys/:keyId',
    {
      config: write,
      schema: { tags, summary: 'Revoke an API key, at once', params: withId('keyId'), response: noContent },
    },
    async (request, reply) => {
      await revokeApiKey(control, workspaceOf(request).id, request.params.keyId, accessOf(request).actor);
      return reply.code(204).send(null);
    },
  );
}
