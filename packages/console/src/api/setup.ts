import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type SetupRequest, sessionSchema, setupStateSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { remember, sessionQuery } from './session.ts';

/** Whether the owner account still has to be made. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => request(setupStateSchema, '/api/setup', { signal }),
});

export function useSetUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: SetupRequest) =>
      remember(await request(sessionSchema, '/api/setup', { method: 'POST', body })),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      client.removeQueries({ queryKey: setupQuery.queryKey });
    },
  });
}
