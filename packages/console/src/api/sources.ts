import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type sourceCreateSchema, sourceSchema, type sourceUpdateSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

export type SourceCreate = z.input<typeof sourceCreateSchema>;
export type SourceUpdate = z.input<typeof sourceUpdateSchema>;

const sourcesKey = (workspaceId: number) => ['workspace', workspaceId, 'sources'] as const;

/** Sources with what came in the last 24 hours. */
export const sourcesQuery = (workspaceId: number, refetchInterval: number | false = false) =>
  queryOptions({
    queryKey: sourcesKey(workspaceId),
    queryFn: async ({ signal }) =>
      (await request(rowsOf(sourceSchema), workspacePath(workspaceId, '/sources'), { signal })).rows,
    refetchInterval,
  });

export function useCreateSource(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SourceCreate) =>
      request(sourceSchema, workspacePath(workspaceId, '/sources'), { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: sourcesKey(workspaceId) }),
  });
}

export function useUpdateSource(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ sourceId, update }: { sourceId: number; update: SourceUpdate }) =>
      request(sourceSchema, workspacePath(workspaceId, `/sources/${sourceId}`), { method: 'PATCH', body: update }),
    onSuccess: () => client.invalidateQueries({ queryKey: sourcesKey(workspaceId) }),
  });
}
