import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiKeyCreatedSchema, type apiKeyCreateSchema, apiKeySchema, pageOf } from '@zhiyin/contract';
import type { z } from 'zod';
import { command, request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const apiKeysSchema = pageOf(apiKeySchema);
const apiKeysKey = (workspaceId: number) => ['workspace', workspaceId, 'api-keys'] as const;

export const apiKeysQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: apiKeysKey(workspaceId),
    queryFn: async ({ signal }) =>
      (await request(apiKeysSchema, workspacePath(workspaceId, '/api-keys'), { signal })).rows,
  });

export type ApiKeyCreate = z.input<typeof apiKeyCreateSchema>;

export function useChangeApiKeys(workspaceId: number) {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: apiKeysKey(workspaceId) });
  return {
    create: useMutation({
      mutationFn: (body: ApiKeyCreate) =>
        request(apiKeyCreatedSchema, workspacePath(workspaceId, '/api-keys'), { method: 'POST', body }),
      onSuccess,
    }),
    revoke: useMutation({
      mutationFn: (keyId: number) => command(workspacePath(workspaceId, `/api-keys/${keyId}`), { method: 'DELETE' }),
      onSuccess,
    }),
  };
}
