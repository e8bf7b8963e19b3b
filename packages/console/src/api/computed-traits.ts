import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type ComputedTraitCreate,
  type ComputedTraitDefinition,
  type ComputedTraitUpdate,
  computedTraitPreviewSchema,
  computedTraitSchema,
} from '@zhiyin/contract';
import { command, request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const key = (workspaceId: number) => ['workspace', workspaceId, 'computed-traits'] as const;
const path = (workspaceId: number, rest = '') => workspacePath(workspaceId, `/computed-traits${rest}`);

/** Those of the brand and those that the platform computes; asked again while one is being computed. */
export const computedTraitsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: key(workspaceId),
    queryFn: async ({ signal }) => (await request(rowsOf(computedTraitSchema), path(workspaceId), { signal })).rows,
    refetchInterval: ({ state }) => (state.data?.some((trait) => trait.computing) ? 2_000 : false),
  });

export function useComputedTraitPreview(workspaceId: number) {
  return useMutation({
    mutationFn: (definition: ComputedTraitDefinition) =>
      request(computedTraitPreviewSchema, path(workspaceId, '/preview'), { method: 'POST', body: { definition } }),
  });
}

export function useSaveComputedTrait(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (save: { id: null; body: ComputedTraitCreate } | { id: number; body: ComputedTraitUpdate }) =>
      save.id === null
        ? request(computedTraitSchema, path(workspaceId), { method: 'POST', body: save.body })
        : request(computedTraitSchema, path(workspaceId, `/${save.id}`), { method: 'PATCH', body: save.body }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(workspaceId) }),
  });
}

export function useRefreshComputedTrait(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      request(computedTraitSchema, path(workspaceId, `/${id}/refresh`), { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(workspaceId) }),
  });
}

export function useDeleteComputedTrait(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => command(path(workspaceId, `/${id}`), { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(workspaceId) }),
  });
}
