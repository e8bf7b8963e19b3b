import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import {
  pageOf,
  type QuarantineFilter,
  quarantineRowSchema,
  type RepairAction,
  type RepairRequest,
  repairPreviewSchema,
  repairRuleSchema,
  repairStartedSchema,
} from '@zhiyin/contract';
import { command, request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const quarantineKey = (workspaceId: number) => ['workspace', workspaceId, 'quarantine'] as const;
const path = (workspaceId: number, rest = '') => workspacePath(workspaceId, `/quarantine${rest}`);

export const quarantineQuery = (workspaceId: number, filter: QuarantineFilter) =>
  infiniteQueryOptions({
    queryKey: [...quarantineKey(workspaceId), 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      request(pageOf(quarantineRowSchema), path(workspaceId), {
        query: { ...filter, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** The first 20 records before and after, and where each would end up. Changes nothing. */
export const repairPreviewQuery = (workspaceId: number, filter: QuarantineFilter, actions: readonly RepairAction[]) =>
  queryOptions({
    queryKey: [...quarantineKey(workspaceId), 'preview', filter, actions],
    queryFn: ({ signal }) =>
      request(repairPreviewSchema, path(workspaceId, '/preview'), {
        method: 'POST',
        body: { filter, actions },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

export function useReplay(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RepairRequest) =>
      request(repairStartedSchema, path(workspaceId, '/replay'), { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: quarantineKey(workspaceId) }),
  });
}

export function useDiscard(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (filter: QuarantineFilter) =>
      request(repairStartedSchema, path(workspaceId, '/discard'), { method: 'POST', body: { filter } }),
    onSettled: () => client.invalidateQueries({ queryKey: quarantineKey(workspaceId) }),
  });
}

export const repairRulesQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...quarantineKey(workspaceId), 'rules'],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(repairRuleSchema), workspacePath(workspaceId, '/repair-rules'), { signal })).rows,
  });

export function useSwitchRule(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ruleId, enabled }: { ruleId: number; enabled: boolean }) =>
      command(workspacePath(workspaceId, `/repair-rules/${ruleId}`), { method: 'PATCH', body: { enabled } }),
    onSettled: () => client.invalidateQueries({ queryKey: [...quarantineKey(workspaceId), 'rules'] }),
  });
}

export function useDeleteRule(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ruleId: number) =>
      command(workspacePath(workspaceId, `/repair-rules/${ruleId}`), { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: [...quarantineKey(workspaceId), 'rules'] }),
  });
}
