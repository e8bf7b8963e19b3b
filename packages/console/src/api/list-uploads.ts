import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { listUploadSchema, type MatchField } from '@zhiyin/contract';
import { request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const audiencesKey = (workspaceId: number) => ['workspace', workspaceId, 'audiences'] as const;
const path = (workspaceId: number, listId: number, rest = '') =>
  workspacePath(workspaceId, `/lists/${listId}/uploads${rest}`);

/** Uploads to a list, latest first; asked again while one is at work. */
export const listUploadsQuery = (workspaceId: number, listId: number) =>
  queryOptions({
    queryKey: [...audiencesKey(workspaceId), 'uploads', listId],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(listUploadSchema), path(workspaceId, listId), { signal })).rows,
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'running') ? 1_000 : false),
  });

/** Names the file, sends its bytes, and answers what is in it. */
export function useSendListFile(workspaceId: number, listId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (file: File) => {
      const { id } = await request(listUploadSchema, path(workspaceId, listId), {
        method: 'POST',
        body: { fileName: file.name.slice(0, 255) },
      });
      return request(listUploadSchema, path(workspaceId, listId, `/${id}/file`), { method: 'PUT', body: file as Blob });
    },
    onSettled: () => client.invalidateQueries({ queryKey: audiencesKey(workspaceId) }),
  });
}

export function useStartListUpload(workspaceId: number, listId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ uploadId, columns }: { uploadId: number; columns: Record<string, MatchField> }) =>
      request(listUploadSchema, path(workspaceId, listId, `/${uploadId}/start`), { method: 'POST', body: { columns } }),
    onSettled: () => client.invalidateQueries({ queryKey: audiencesKey(workspaceId) }),
  });
}
