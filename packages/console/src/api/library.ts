import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
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
