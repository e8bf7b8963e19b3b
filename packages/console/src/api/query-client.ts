import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Asks again only where asking again can help: no answer, too busy, or a failing server. */
export const retryAllowed = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);

/** `signedOut` is called when an answer says that the session has ended; the session's own question handles that itself. */
export function createQueryClient(signedOut: () => void): QueryClient {
  const watch = (error: Error) => {
    if (!(error instanceof ApiError)) return;
    if (error.code === 'auth.missing') signedOut();
    // Signed in anew in another tab: the token of this one is old. The next try has the new one.
    if (error.code === 'csrf.invalid') void client.invalidateQueries({ queryKey: ['session'] });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => (query.queryKey[0] === 'session' ? undefined : watch(error)),
    }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: { retry: retryAllowed, staleTime: 15_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
  return client;
}
