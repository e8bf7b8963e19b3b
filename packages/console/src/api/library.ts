import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { itemRowSchema, pageOf, reviewRowSchema, spendRowSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

export type ItemRow = z.output<typeof itemRowSchema>;
export type ReviewRow = z.output<typeof reviewRowSchema>;
export type SpendRow = z.output<typeof spendRowSchema>;
type Filter = { readonly search?: string; readonly itemId?: string };

const listOf = <Row extends z.ZodType>(
  workspaceId: number,
  name: 'items' | 'reviews' | 'spend',
  row: Row,
  filter: Filter,
) =>
  infiniteQueryOptions({
    queryKey: ['workspace', workspaceId, 'library', name, filter],
    queryFn: ({ pageParam, signal }) =>
      request(pageOf(row), workspacePath(workspaceId, `/${name}`), {
        query: { ...filter, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const itemsQuery = (workspaceId: number, filter: Filter) => listOf(workspaceId, 'items', itemRowSchema, filter);
export const reviewsQuery = (workspaceId: number, filter: Filter) =>
  listOf(workspaceId, 'reviews', reviewRowSchema, filter);
export const spendQuery = (workspaceId: number, filter: Filter) => listOf(workspaceId, 'spend', spendRowSchema, filter);

/** Names of single items, for where only their ids were kept; an item that is gone has none. */
export const itemNamesQuery = (workspaceId: number, itemIds: readonly string[]) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'library', 'names', itemIds],
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        itemIds.map((itemId) =>
          request(pageOf(itemRowSchema), workspacePath(workspaceId, '/items'), {
            query: { search: itemId, limit: 10 },
            signal,
          }),
        ),
      );
      // A search looks at names too; what is not asked for does no harm.
      return new Map(pages.flatMap(({ rows }) => rows.map((row) => [row.itemId, row.name || row.itemId] as const)));
    },
    enabled: itemIds.length > 0,
    staleTime: 60_000,
  });
