import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { jobsSchema } from '@zhiyin/contract';
import { command, request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const jobsKey = (workspaceId: number) => ['workspace', workspaceId, 'jobs'] as const;

/** Jobs, newest first, and the schedules. Asked again every few seconds while something waits or runs. */
export const jobsQuery = (workspaceId: number) =>
  infiniteQueryOptions({
    queryKey: jobsKey(workspaceId),
    queryFn: ({ pageParam, signal }) =>
      request(jobsSchema, workspacePath(workspaceId, '/jobs'), { query: { cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.rows.some((job) => ['created', 'retry', 'active'].includes(job.state)))
        ? 3_000
        : 30_000,
  });

export function useJobCommand(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ jobId, verb }: { jobId: string; verb: 'cancel' | 'retry' }) =>
      command(workspacePath(workspaceId, `/jobs/${encodeURIComponent(jobId)}/${verb}`), { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: jobsKey(workspaceId) }),
  });
}
