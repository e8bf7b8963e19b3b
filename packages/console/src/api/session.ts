import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type OperatorUpdate, type Session, type SignInRequest, sessionSchema } from '@zhiyin/contract';
import { command, request, setCsrfToken } from './client.ts';

/** Who is signed in, and which workspaces they may open. 401 (`ApiError`) when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => remember(await request(sessionSchema, '/api/session', { signal })),
  staleTime: 5 * 60_000,
  retry: false,
});

export const useSession = (): Session => useSuspenseQuery(sessionQuery).data;

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: SignInRequest) =>
      remember(await request(sessionSchema, '/api/session', { method: 'POST', body: credentials })),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => command('/api/session', { method: 'DELETE' }),
    // Whatever was shown belonged to the session that has ended.
    onSuccess: () => {
      setCsrfToken('');
      client.clear();
    },
  });
}

export function useUpdateOperator() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (update: OperatorUpdate) => {
      await command('/api/session/operator', { method: 'PATCH', body: update });
      return update;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
}

export function remember(session: Session): Session {
  setCsrfToken(session.csrfToken);
  return session;
}
