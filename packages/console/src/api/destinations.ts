import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type AudienceExportCreate,
  audienceExportSchema,
  type DestinationCreate,
  destinationCreatedSchema,
  destinationSchema,
  destinationTestedSchema,
  type SubscriptionCreate,
  subscriptionSchema,
} from '@zhiyin/contract';
import { command, request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const destinationsKey = (workspaceId: number) => ['workspace', workspaceId, 'destinations'] as const;
const exportsKey = (workspaceId: number) => ['workspace', workspaceId, 'audience-exports'] as const;

export const destinationsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: destinationsKey(workspaceId),
    queryFn: async ({ signal }) =>
      (await request(rowsOf(destinationSchema), workspacePath(workspaceId, '/destinations'), { signal })).rows,
  });

export function useCreateDestination(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: DestinationCreate) =>
      request(destinationCreatedSchema, workspacePath(workspaceId, '/destinations'), { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: destinationsKey(workspaceId) }),
  });
}

export function useTestDestination(workspaceId: number) {
  return useMutation({
    mutationFn: (id: number) =>
      request(destinationTestedSchema, workspacePath(workspaceId, `/destinations/${id}/test`), {
        method: 'POST',
        body: {},
      }),
  });
}

export function useDeleteDestination(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => command(workspacePath(workspaceId, `/destinations/${id}`), { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: destinationsKey(workspaceId) }),
  });
}

/** Exports, latest first; asked again while one is at work. */
export const audienceExportsQuery = (workspaceId: number, of: { segmentId?: number; listId?: number } = {}) =>
  queryOptions({
    queryKey: [...exportsKey(workspaceId), of],
    queryFn: async ({ signal }) =>
      (
        await request(rowsOf(audienceExportSchema), workspacePath(workspaceId, '/audience-exports'), {
          query: { limit: 50, ...of },
          signal,
        })
      ).rows,
    refetchInterval: ({ state }) =>
      state.data?.some((one) => one.state === 'queued' || one.state === 'running') ? 1_000 : false,
  });

export const exportFileUrl = (workspaceId: number, exportId: number): string =>
  workspacePath(workspaceId, `/audience-exports/${exportId}/file`);

export function useCreateExport(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: AudienceExportCreate) =>
      request(audienceExportSchema, workspacePath(workspaceId, '/audience-exports'), { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: exportsKey(workspaceId) }),
  });
}

export function useCancelExport(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      request(audienceExportSchema, workspacePath(workspaceId, `/audience-exports/${id}/cancel`), {
        method: 'POST',
        body: {},
      }),
    onSettled: () => client.invalidateQueries({ queryKey: exportsKey(workspaceId) }),
  });
}

const subscriptionsPath = (workspaceId: number, segmentId: number, rest = '') =>
  workspacePath(workspaceId, `/segments/${segmentId}/subscriptions${rest}`);

export const subscriptionsQuery = (workspaceId: number, segmentId: number) =>
  queryOptions({
    queryKey: [...destinationsKey(workspaceId), 'subscriptions', segmentId],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(subscriptionSchema), subscriptionsPath(workspaceId, segmentId), { signal })).rows,
    refetchInterval: 10_000,
  });

export function useCreateSubscription(workspaceId: number, segmentId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SubscriptionCreate) =>
      request(subscriptionSchema, subscriptionsPath(workspaceId, segmentId), { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: destinationsKey(workspaceId) }),
  });
}

export function useChangeSubscription(workspaceId: number, segmentId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: { id: number; enabled: boolean | null }) =>
      enabled === null
        ? command(subscriptionsPath(workspaceId, segmentId, `/${id}`), { method: 'DELETE' })
        : command(subscriptionsPath(workspaceId, segmentId, `/${id}`), { method: 'PATCH', body: { enabled } }),
    onSuccess: () => client.invalidateQueries({ queryKey: destinationsKey(workspaceId) }),
  });
}
