import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { recommendModelSchema, recommendStatusSchema, type Training, trainingSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const recommendKey = (workspaceId: number) => ['workspace', workspaceId, 'recommend'] as const;

export const isTraining = (training: Training | null | undefined): boolean =>
  training?.state === 'queued' || training?.state === 'running';

/** The catalogue in memory, the model that serves, and the run that is under way. */
export const recommendStatusQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...recommendKey(workspaceId), 'status'],
    queryFn: ({ signal }) =>
      request(recommendStatusSchema, workspacePath(workspaceId, '/recommend/status'), { signal }),
    refetchInterval: ({ state }) => (isTraining(state.data?.training) ? 2_000 : 30_000),
  });

/** Every model kept, newest first. */
export const recommendModelsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...recommendKey(workspaceId), 'models'],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(recommendModelSchema), workspacePath(workspaceId, '/recommend/models'), { signal })).rows,
  });

/** Runs of training, newest first; asked again every second or two while one is under way. */
export const trainingsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...recommendKey(workspaceId), 'trainings'],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(trainingSchema), workspacePath(workspaceId, '/recommend/trainings'), { signal })).rows,
    refetchInterval: ({ state }) => (state.data?.some(isTraining) ? 1_500 : 30_000),
  });

/** Lets another version answer from now on. */
export function useServeModel(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) =>
      request(recommendModelSchema, workspacePath(workspaceId, `/recommend/models/${version}/serve`), {
        method: 'POST',
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: recommendKey(workspaceId) }),
  });
}

export function useStartTraining(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      request(trainingSchema, workspacePath(workspaceId, '/recommend/trainings'), { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: recommendKey(workspaceId) }),
  });
}

export function useCancelTraining(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      request(trainingSchema, workspacePath(workspaceId, `/recommend/trainings/${id}/cancel`), { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: recommendKey(workspaceId) }),
  });
}
