import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  audienceChangeSchema,
  type ListCreate,
  listSchema,
  type PeopleChoice,
  pageOf,
  personAudienceSchema,
  personRowSchema,
  tagSchema,
} from '@zhiyin/contract';
import { request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const key = (workspaceId: number) => ['workspace', workspaceId, 'audiences'] as const;

export const listsQuery = (workspaceId: number, query: { search?: string; state?: 'active' | 'archived' } = {}) =>
  queryOptions({
    queryKey: [...key(workspaceId), 'lists', query],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(listSchema), workspacePath(workspaceId, '/lists'), { query, signal })).rows,
  });

export const listQuery = (workspaceId: number, listId: number) =>
  queryOptions({
    queryKey: [...key(workspaceId), 'lists', listId],
    queryFn: ({ signal }) => request(listSchema, workspacePath(workspaceId, `/lists/${listId}`), { signal }),
  });

export const listMembersQuery = (workspaceId: number, listId: number) =>
  infiniteQueryOptions({
    queryKey: [...key(workspaceId), 'lists', listId, 'members'],
    queryFn: ({ pageParam, signal }) =>
      request(pageOf(personRowSchema), workspacePath(workspaceId, `/lists/${listId}/members`), {
        query: { cursor: pageParam, limit: 20 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const tagsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...key(workspaceId), 'tags'],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(tagSchema), workspacePath(workspaceId, '/tags'), { signal })).rows,
  });

/** What was done to tags and lists; asked again while something is at work. */
export const audienceChangesQuery = (workspaceId: number, query: { tag?: string; listId?: number } = {}) =>
  queryOptions({
    queryKey: [...key(workspaceId), 'changes', query],
    queryFn: async ({ signal }) =>
      (
        await request(rowsOf(audienceChangeSchema), workspacePath(workspaceId, '/audience-changes'), {
          query: { limit: 30, ...query },
          signal,
        })
      ).rows,
    refetchInterval: ({ state }) => (state.data?.some((change) => change.state === 'running') ? 1_500 : false),
  });

export const personAudienceQuery = (workspaceId: number, profileId: string) =>
  queryOptions({
    queryKey: [...key(workspaceId), 'person', profileId],
    queryFn: ({ signal }) =>
      request(personAudienceSchema, workspacePath(workspaceId, `/people/${profileId}/audience`), { signal }),
  });

/** A tag on people, or people on a list; and the way back. */
export function useAudienceChange(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      mark,
      ...change
    }: {
      mark: { tag: string } | { listId: number };
      action: 'add' | 'remove';
      people: PeopleChoice;
    }) =>
      'tag' in mark
        ? request(audienceChangeSchema, workspacePath(workspaceId, '/tags/changes'), {
            method: 'POST',
            body: { tag: mark.tag, ...change },
          })
        : request(audienceChangeSchema, workspacePath(workspaceId, `/lists/${mark.listId}/changes`), {
            method: 'POST',
            body: change,
          }),
    onSettled: () => client.invalidateQueries({ queryKey: key(workspaceId) }),
  });
}

export function useUndoChange(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changeId: number) =>
      request(audienceChangeSchema, workspacePath(workspaceId, `/audience-changes/${changeId}/undo`), {
        method: 'POST',
        body: {},
      }),
    onSettled: () => client.invalidateQueries({ queryKey: key(workspaceId) }),
  });
}

export function useSaveList(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ listId, body }: { listId: number | null; body: ListCreate }) =>
      request(listSchema, workspacePath(workspaceId, listId === null ? '/lists' : `/lists/${listId}`), {
        method: listId === null ? 'POST' : 'PATCH',
        body,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(workspaceId) }),
  });
}

export function useArchiveList(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ listId, verb }: { listId: number; verb: 'archive' | 'restore' }) =>
      request(listSchema, workspacePath(workspaceId, `/lists/${listId}/${verb}`), { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(workspaceId) }),
  });
}
