import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type WorkspaceCreate, type WorkspaceUpdate, workspaceSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { sessionQuery } from './session.ts';
import { workspacePath } from './workspace-path.ts';

export const workspaceQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'settings'],
    queryFn: ({ signal }) => request(workspaceSchema, workspacePath(workspaceId), { signal }),
  });

export function useCreateWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WorkspaceCreate) => request(workspaceSchema, '/api/workspaces', { method: 'POST', body }),
    // The new workspace must be in the session before its page is opened.
    onSuccess: () => client.refetchQueries({ queryKey: sessionQuery.queryKey }),
  });
}

export function useUpdateWorkspace(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: WorkspaceUpdate) =>
      request(workspaceSchema, workspacePath(workspaceId), { method: 'PATCH', body }),
    onSuccess: (workspace) => {
      client.setQueryData(workspaceQuery(workspaceId).queryKey, workspace);
      // Time zone and currency are part of every figure.
      void client.invalidateQueries();
    },
  });
}
