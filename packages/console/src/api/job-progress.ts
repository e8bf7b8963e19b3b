import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Job, jobsSchema } from '@zhiyin/contract';
import { command, request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const key = (workspaceId: number, jobId: string) => ['workspace', workspaceId, 'job', jobId] as const;
const ended: readonly Job['state'][] = ['completed', 'failed', 'cancelled'];

/** One job, looked up among the latest, until it has ended; null when it is not among them. */
export const jobProgressQuery = (workspaceId: number, jobId: string) =>
  queryOptions({
    queryKey: key(workspaceId, jobId),
    queryFn: async ({ signal }) => {
      const jobs = await request(jobsSchema, workspacePath(workspaceId, '/jobs'), { query: { limit: 100 }, signal });
      return jobs.rows.find(({ id }) => id === jobId) ?? null;
    },
    refetchInterval: ({ state }) => (state.data && ended.includes(state.data.state) ? false : 1_000),
  });

export function useCancelJob(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (jobId: string) =>
      command(workspacePath(workspaceId, `/jobs/${jobId}/cancel`), { method: 'POST', body: {} }),
    onSettled: (_answer, _error, jobId) => client.invalidateQueries({ queryKey: key(workspaceId, jobId) }),
  });
}

/** How long a running job still takes, if it goes on as it did; null before there is anything to go by. */
export function estimateLeftMs(job: Pick<Job, 'state' | 'startedAt' | 'progress'>, nowMs: number): number | null {
  const { done, total } = job.progress ?? { done: 0, total: null };
  if (job.state !== 'active' || job.startedAt === null || total === null || done <= 0) return null;
  const elapsedMs = nowMs - Date.parse(job.startedAt);
  return elapsedMs < 1_000 ? null : Math.max(0, (elapsedMs / done) * (total - done));
}
