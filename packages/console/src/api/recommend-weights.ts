import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type DeedWeights, recommendWeightsSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const weightsKey = (workspaceId: number) => ['workspace', workspaceId, 'recommend', 'weights'] as const;

/** What each kind of deed says about taste, beside how often it happened. */
export const recommendWeightsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: weightsKey(workspaceId),
    queryFn: ({ signal }) =>
      request(recommendWeightsSchema, workspacePath(workspaceId, '/recommend/weights'), { signal }),
  });

/** Null: back to the weights of Zhiyin. */
export function useSaveWeights(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (weights: DeedWeights | null) =>
      request(recommendWeightsSchema, workspacePath(workspaceId, '/recommend/weights'), {
        ...(weights ? { method: 'PUT', body: weights } : { method: 'DELETE' }),
      }),
    onSuccess: (saved) => client.setQueryData(weightsKey(workspaceId), saved),
  });
}
