import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  itemAttributeSchema,
  type RecommendPreview,
  recommendAnswerSchema,
  type Surface,
  type SurfaceUpdate,
  surfaceSchema,
} from '@zhiyin/contract';
import { command, request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const surfacesKey = (workspaceId: number) => ['workspace', workspaceId, 'recommend', 'surfaces'] as const;
const surfacePath = (workspaceId: number, surface: string) =>
  workspacePath(workspaceId, `/recommend/surfaces/${encodeURIComponent(surface)}`);

/** Every place that shows recommendations, and its rules. */
export const surfacesQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: surfacesKey(workspaceId),
    queryFn: async ({ signal }) =>
      (await request(rowsOf(surfaceSchema), workspacePath(workspaceId, '/recommend/surfaces'), { signal })).rows,
  });

/** What rules can be made of: the catalogue's attributes and their most frequent values. */
export const itemAttributesQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'recommend', 'attributes'],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(itemAttributeSchema), workspacePath(workspaceId, '/recommend/attributes'), { signal }))
        .rows,
    staleTime: 60_000,
  });

/** What the surface would answer now; nothing is written. Asked anew with every change of the draft. */
export const recommendPreviewQuery = (workspaceId: number, question: RecommendPreview) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'recommend', 'preview', question],
    queryFn: ({ signal }) =>
      request(recommendAnswerSchema, workspacePath(workspaceId, '/recommend/preview'), {
        method: 'POST',
        body: question,
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 30_000,
  });

export function useSaveSurface(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ surface, body }: { surface: string; body: SurfaceUpdate }) =>
      request(surfaceSchema, surfacePath(workspaceId, surface), { method: 'PUT', body }),
    onSuccess: (saved) => {
      client.setQueryData<Surface[]>(surfacesKey(workspaceId), (rows) =>
        rows?.some((row) => row.surface === saved.surface)
          ? rows.map((row) => (row.surface === saved.surface ? saved : row))
          : [...(rows ?? []), saved],
      );
      return client.invalidateQueries({ queryKey: surfacesKey(workspaceId) });
    },
  });
}

/** A surface of the brand's own goes; one that every workspace has gets its first rules back. */
export function useRemoveSurface(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (surface: string) => command(surfacePath(workspaceId, surface), { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: surfacesKey(workspaceId) }),
  });
}
