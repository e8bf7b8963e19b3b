import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type PredictionRun,
  pageOf,
  personScoreSchema,
  predictionCheckSchema,
  type predictionCreateSchema,
  predictionModelSchema,
  predictionOptionsSchema,
  predictionRunSchema,
  predictionSchema,
  type predictionUpdateSchema,
  scoredPersonSchema,
} from '@zhiyin/contract';
import type { z } from 'zod';
import { request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

export type PredictionCreate = z.input<typeof predictionCreateSchema>;

const predictionsKey = (workspaceId: number) => ['workspace', workspaceId, 'predictions'] as const;
const pathOf = (workspaceId: number, rest = '') => workspacePath(workspaceId, `/predictions${rest}`);

export const isRunning = (run: PredictionRun | null | undefined): boolean =>
  run?.state === 'queued' || run?.state === 'running';

/** All predictions with what serves and what runs; asked again every two seconds while something runs. */
export const predictionsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...predictionsKey(workspaceId), 'all'],
    queryFn: async ({ signal }) => (await request(rowsOf(predictionSchema), pathOf(workspaceId), { signal })).rows,
    refetchInterval: ({ state }) => (state.data?.some(({ run }) => isRunning(run)) ? 2_000 : 60_000),
  });

export const predictionQuery = (workspaceId: number, id: number) =>
  queryOptions({
    queryKey: [...predictionsKey(workspaceId), 'one', id],
    queryFn: ({ signal }) => request(predictionSchema, pathOf(workspaceId, `/${id}`), { signal }),
    refetchInterval: ({ state }) => (isRunning(state.data?.run) ? 1_500 : 60_000),
  });

export const predictionOptionsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...predictionsKey(workspaceId), 'options'],
    queryFn: ({ signal }) => request(predictionOptionsSchema, pathOf(workspaceId, '/options'), { signal }),
    staleTime: 60_000,
  });

/** Whether there is enough to learn from, before anything is made. */
export const predictionCheckQuery = (workspaceId: number, ask: PredictionCreate) =>
  queryOptions({
    queryKey: [
      ...predictionsKey(workspaceId),
      'check',
      ask.kind,
      ask.goalEvent ?? null,
      ask.horizonDays,
      ask.who.kind,
      ask.who.withinDays,
    ],
    queryFn: ({ signal }) =>
      request(predictionCheckSchema, pathOf(workspaceId, '/check'), { method: 'POST', body: ask, signal }),
    staleTime: 60_000,
    retry: false,
  });

export const predictionModelsQuery = (workspaceId: number, id: number) =>
  queryOptions({
    queryKey: [...predictionsKey(workspaceId), 'models', id],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(predictionModelSchema), pathOf(workspaceId, `/${id}/models`), { signal })).rows,
  });

export const predictionRunsQuery = (workspaceId: number, id: number) =>
  queryOptions({
    queryKey: [...predictionsKey(workspaceId), 'runs', id],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(predictionRunSchema), pathOf(workspaceId, `/${id}/runs`), { signal })).rows,
  });

export const scoredPeopleQuery = (workspaceId: number, id: number, runId: number, order: 'highest' | 'lowest') =>
  infiniteQueryOptions({
    queryKey: [...predictionsKey(workspaceId), 'people', id, runId, order],
    queryFn: ({ signal, pageParam }) =>
      request(
        pageOf(scoredPersonSchema),
        pathOf(
          workspaceId,
          `/${id}/people?limit=8&order=${order}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        ),
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** What is foretold of one person, and why. */
export const personScoresQuery = (workspaceId: number, profileId: string) =>
  queryOptions({
    queryKey: [...predictionsKey(workspaceId), 'person', profileId],
    queryFn: async ({ signal }) =>
      (
        await request(
          rowsOf(personScoreSchema),
          workspacePath(workspaceId, `/people/${encodeURIComponent(profileId)}/predictions`),
          { signal },
        )
      ).rows,
  });

export function useCreatePrediction(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PredictionCreate) => request(predictionSchema, pathOf(workspaceId), { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: predictionsKey(workspaceId) }),
  });
}

export function useUpdatePrediction(workspaceId: number, id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof predictionUpdateSchema>) =>
      request(predictionSchema, pathOf(workspaceId, `/${id}`), { method: 'PATCH', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: predictionsKey(workspaceId) }),
  });
}

/** Learn anew, or score with the model that serves. */
export function useStartPrediction(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, kind }: { id: number; kind: 'train' | 'score' }) =>
      request(predictionRunSchema, pathOf(workspaceId, `/${id}/${kind}`), { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: predictionsKey(workspaceId) }),
  });
}

export function useCancelPrediction(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (runId: number) =>
      request(predictionRunSchema, pathOf(workspaceId, `/runs/${runId}/cancel`), { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: predictionsKey(workspaceId) }),
  });
}

export function useServePrediction(workspaceId: number, id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) =>
      request(predictionModelSchema, pathOf(workspaceId, `/${id}/models/${version}/serve`), { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: predictionsKey(workspaceId) }),
  });
}
