import { queryOptions } from '@tanstack/react-query';
import { personSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

export const personKey = (workspaceId: number, profileId: string) =>
  ['workspace', workspaceId, 'people', 'one', profileId] as const;

/** One person, whole. The id of a merged profile answers with the profile it became. */
export const personQuery = (workspaceId: number, profileId: string) =>
  queryOptions({
    queryKey: personKey(workspaceId, profileId),
    queryFn: ({ signal }) =>
      request(personSchema, workspacePath(workspaceId, `/people/${encodeURIComponent(profileId)}`), { signal }),
  });
