import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type CompaniesQuery,
  type CustomerPanelName,
  type CustomerPeopleQuery,
  type CustomerRun,
  type CustomerRunCreate,
  type CustomerSettings,
  clusteringAnswerSchema,
  clusterSchema,
  companyRowSchema,
  companySchema,
  customerPanelSchema,
  customerPersonSchema,
  customerRunSchema,
  customerSettingsAnswerSchema,
  influenceSchema,
  lookAlikeSchema,
  pageOf,
  rfmMigrationSchema,
  rfmSchema,
  type SegmentCreate,
} from '@zhiyin/contract';
import { z } from 'zod';
import { request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const customersKey = (workspaceId: number) => ['workspace', workspaceId, 'customers'] as const;
const pathOf = (workspaceId: number, rest: string) => workspacePath(workspaceId, `/customers${rest}`);

export const isRunning = (run: CustomerRun | null | undefined): boolean =>
  run?.state === 'queued' || run?.state === 'running';
const askAgainMs = (run: CustomerRun | null | undefined) => (isRunning(run) ? 1_500 : 60_000);

export const rfmQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'rfm'],
    queryFn: ({ signal }) => request(rfmSchema, pathOf(workspaceId, '/rfm'), { signal }),
  });

export const rfmMigrationQuery = (workspaceId: number, from: string) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'migration', from],
    queryFn: ({ signal }) =>
      request(rfmMigrationSchema, pathOf(workspaceId, '/rfm/migration'), { query: { from }, signal }),
  });

export const customerPanelQuery = (workspaceId: number, panel: CustomerPanelName) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'panel', panel],
    queryFn: ({ signal }) => request(customerPanelSchema, pathOf(workspaceId, `/panels/${panel}`), { signal }),
  });

export const customerSettingsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'settings'],
    queryFn: ({ signal }) => request(customerSettingsAnswerSchema, pathOf(workspaceId, '/settings'), { signal }),
  });

export function useSaveCustomerSettings(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: CustomerSettings) =>
      request(customerSettingsAnswerSchema, pathOf(workspaceId, '/settings'), { method: 'PUT', body: settings }),
    onSuccess: () => client.invalidateQueries({ queryKey: customersKey(workspaceId) }),
  });
}

const peoplePageSchema = pageOf(customerPersonSchema);
/** The people of one group, page after page. */
export const customerPeopleQuery = (workspaceId: number, who: Partial<CustomerPeopleQuery>) =>
  infiniteQueryOptions({
    queryKey: [...customersKey(workspaceId), 'people', who],
    queryFn: ({ pageParam, signal }) =>
      request(peoplePageSchema, pathOf(workspaceId, '/people'), {
        query: { ...who, limit: 25, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const clustersQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'clusters'],
    queryFn: ({ signal }) => request(clusteringAnswerSchema, pathOf(workspaceId, '/clusters'), { signal }),
    refetchInterval: ({ state }) => askAgainMs(state.data?.run),
  });

export const customerRunsQuery = (workspaceId: number, kind: CustomerRun['kind']) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'runs', kind],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(customerRunSchema), pathOf(workspaceId, '/runs'), { query: { kind }, signal })).rows,
    refetchInterval: ({ state }) => askAgainMs(state.data?.[0]),
  });

export const lookAlikesQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'look-alikes'],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(lookAlikeSchema), pathOf(workspaceId, '/look-alikes'), { signal })).rows,
    refetchInterval: ({ state }) => askAgainMs(state.data?.[0]?.run),
  });

export const influenceQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'influence'],
    queryFn: ({ signal }) => request(influenceSchema, pathOf(workspaceId, '/influence'), { signal }),
    refetchInterval: ({ state }) => askAgainMs(state.data?.run),
  });

export function useStartRun(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (create: CustomerRunCreate) =>
      request(customerRunSchema, pathOf(workspaceId, '/runs'), { method: 'POST', body: create }),
    onSuccess: () => client.invalidateQueries({ queryKey: customersKey(workspaceId) }),
  });
}

export function useCancelRun(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      request(customerRunSchema, pathOf(workspaceId, `/runs/${id}/cancel`), { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: customersKey(workspaceId) }),
  });
}

export function useLabelCluster(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, label }: { key: number; label: string | null }) =>
      request(clusterSchema, pathOf(workspaceId, `/clusters/${key}`), { method: 'PATCH', body: { label } }),
    onSuccess: () => client.invalidateQueries({ queryKey: customersKey(workspaceId) }),
  });
}

/** Segments that people can be alike to, the largest first. */
export const seedSegmentsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'segments', 'seeds'],
    queryFn: async ({ signal }) => {
      const query = { sort: 'people', limit: 50 };
      const answer = rowsOf(z.object({ id: z.number(), name: z.string(), people: z.number().nullable() }));
      return (await request(answer, workspacePath(workspaceId, '/segments'), { query, signal })).rows;
    },
  });

/** Makes a segment of people with a value of a computed trait. */
export function useMakeSegment(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (create: SegmentCreate) =>
      request(z.object({ id: z.number(), name: z.string() }), workspacePath(workspaceId, '/segments'), {
        method: 'POST',
        body: create,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['workspace', workspaceId, 'segments'] }),
  });
}

const companiesPageSchema = pageOf(companyRowSchema);
export const companiesQuery = (workspaceId: number, query: Pick<CompaniesQuery, 'search' | 'sort'>) =>
  infiniteQueryOptions({
    queryKey: [...customersKey(workspaceId), 'companies', query],
    queryFn: ({ pageParam, signal }) =>
      request(companiesPageSchema, workspacePath(workspaceId, '/companies'), {
        query: { ...query, limit: 50, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const companyQuery = (workspaceId: number, groupId: string) =>
  queryOptions({
    queryKey: [...customersKey(workspaceId), 'company', groupId],
    queryFn: ({ signal }) =>
      request(companySchema, workspacePath(workspaceId, `/companies/${encodeURIComponent(groupId)}`), { signal }),
  });
