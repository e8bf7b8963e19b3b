import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { eventRowSchema, healthSchema, pageOf, type RangeQuery } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

/** The balance, and what became of records by day, source and reason. Read again every 10 s: an alarm must not wait for a click. */
export const healthQuery = (workspaceId: number, range: RangeQuery) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'health', range],
    queryFn: ({ signal }) => request(healthSchema, workspacePath(workspaceId, '/health'), { query: range, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export type EventsFilter = { readonly name?: string; readonly sourceId?: number };

/** Events kept lately, newest first: what the live view starts with. */
export const recentEventsQuery = (workspaceId: number, filter: EventsFilter) =>
  infiniteQueryOptions({
    queryKey: ['workspace', workspaceId, 'events', filter],
    queryFn: ({ pageParam, signal }) =>
      request(pageOf(eventRowSchema), workspacePath(workspaceId, '/events'), {
        query: { ...filter, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  });

/** Where events come from as they arrive (server-sent events). */
export const liveEventsAddress = (workspaceId: number): string => workspacePath(workspaceId, '/events/live');
