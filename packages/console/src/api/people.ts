import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type PeopleQuery, pageOf, personRowSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const peoplePageSchema = pageOf(personRowSchema);

const listPeople = (workspaceId: number, query: PeopleQuery, signal: AbortSignal) =>
  request(peoplePageSchema, workspacePath(workspaceId, '/people'), { query, signal });

/** The list, page after page. */
export const peopleQuery = (workspaceId: number, query: Omit<PeopleQuery, 'cursor'>) =>
  infiniteQueryOptions({
    queryKey: ['workspace', workspaceId, 'people', 'list', query],
    queryFn: ({ pageParam, signal }) => listPeople(workspaceId, { ...query, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** The few best matches, while an identifier is being typed. */
export const peopleMatchesQuery = (workspaceId: number, search: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'people', 'matches', search],
    queryFn: ({ signal }) => listPeople(workspaceId, { search, limit: 8 }, signal),
    enabled: search.trim().length >= 2,
    placeholderData: keepPreviousData,
    // Somebody unknown a moment ago may have arrived since.
    staleTime: 0,
  });
