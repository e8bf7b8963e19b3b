import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Asks again only where asking again can help: no answer, too busy, or a failing server. */
export const retryAllowed = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: retryAllowed, staleTime: 15_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
