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

/** Whoever calls it leaves the page first and then empties the cache: what is shown belongs to the session that ends. */
export const useSignOut = () =>
  useMutation({
    mutationFn: () => command('/api/session', { method: 'DELETE' }),
    onSuccess: () => setCsrfToken(''),
  });

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
