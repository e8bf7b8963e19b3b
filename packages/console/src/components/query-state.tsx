import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';

interface QueryStateProps<Data> {
  query: Pick<UseQueryResult<Data, Error>, 'data' | 'error' | 'refetch'>;
  /** In the shape of what comes. */
  loading: ReactNode;
  children: (data: Data) => ReactNode;
}

/** The three states of a question to the API: loading, failed, answered. What was answered stays when asking again fails. */
export function QueryState<Data>({ query, loading, children }: QueryStateProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return loading;
}
