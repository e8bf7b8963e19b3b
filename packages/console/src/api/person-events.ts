import { infiniteQueryOptions } from '@tanstack/react-query';
import { eventRowSchema, pageOf } from '@zhiyin/contract';
import { request } from './client.ts';
import { personKey } from './person.ts';
import { workspacePath } from './workspace-path.ts';

const eventsPageSchema = pageOf(eventRowSchema);

/** A person's timeline, newest first, page after page. */
export const personEventsQuery = (workspaceId: number, profileId: string, name: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...personKey(workspaceId, profileId), 'events', name ?? ''],
    queryFn: ({ pageParam, signal }) =>
      request(eventsPageSchema, workspacePath(workspaceId, `/people/${encodeURIComponent(profileId)}/events`), {
        query: { cursor: pageParam, limit: 50, name },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
