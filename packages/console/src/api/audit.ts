import { infiniteQueryOptions, useMutation } from '@tanstack/react-query';
import { auditEntrySchema, auditVerifiedSchema, pageOf } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const auditPageSchema = pageOf(auditEntrySchema);

/** Every change, newest first; `action` is the beginning of one, such as `source.`. */
export const auditQuery = (workspaceId: number, action: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['workspace', workspaceId, 'audit', action ?? ''],
    queryFn: ({ pageParam, signal }) =>
      request(auditPageSchema, workspacePath(workspaceId, '/audit'), {
        query: { cursor: pageParam, limit: 50, action },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const useVerifyAudit = (workspaceId: number) =>
  useMutation({ mutationFn: () => request(auditVerifiedSchema, workspacePath(workspaceId, '/audit/verify')) });
