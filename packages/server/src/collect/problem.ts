import type { Problem } from '@zhiyin/contract';
import { AppError, type ErrorCode } from '../domain/app-error.ts';

/**
 * Status numbers of the collect endpoints. They differ from the rest of the API where Segment's clients expect it: too
 * large is 400, because clients drop what got 400 and send again what got anything they take for a passing trouble.
 */
const statusOf: Partial<Record<ErrorCode, number>> = {
  'input.invalid': 400,
  'input.too_large': 400,
  'auth.missing': 401,
  'auth.invalid': 401,
  'auth.forbidden': 403,
  not_found: 404,
  overload: 429,
  'storage.full': 503,
  'storage.unavailable': 503,
};

/** What failed inside is for the log: it may quote statements or name hosts. The sender learns that it was not their fault. */
const publicSentences: Partial<Record<ErrorCode, string>> = {
  internal: 'The server could not handle this request. Send it again later.',
  'storage.refused': 'The store refused this request; the log has the reason under the id given as instance.',
  'storage.unavailable': 'The server cannot store right now. Send it again after the time in Retry-After.',
  'storage.full': 'The server has no room to store right now. Send it again after the time in Retry-After.',
};

const titleOf: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'The write key is missing or wrong',
  403: 'This source may not send here',
  404: 'Not found',
  405: 'Wrong method',
  429: 'Too much at once',
  500: 'Something went wrong here',
  503: 'Not able to store right now',
};

/** Seconds after which sending again makes sense, where the error itself does not say. */
const retryAfterOf: Record<number, number> = { 429: 2, 503: 10 };

export type ProblemAnswer = { readonly status: number; readonly body: Problem; readonly retryAfterSeconds?: number };

export function formatProblem(cause: unknown, instance: string): ProblemAnswer {
  const error = cause instanceof AppError ? cause : fromFramework(cause);
  const { field, fix, retryAfterSeconds, status: statusGiven } = error.details;
  const status = typeof statusGiven === 'number' ? statusGiven : (statusOf[error.code] ?? 500);
  return {
    status,
    body: {
      type: 'about:blank',
      title: titleOf[status] ?? 'Error',
      status,
      detail: publicSentences[error.code] ?? error.message,
      code: error.code,
      instance,
      ...(field === undefined ? {} : { field }),
      ...(fix === undefined ? {} : { fix }),
    },
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : retryAfterOf[status],
  };
}

/** The framework's own refusals (a broken request line or header) are the sender's to mend. */
function fromFramework(cause: unknown): AppError {
  const { statusCode, message } = cause as { statusCode?: unknown; message?: string };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new AppError('input.invalid', message ?? 'the request cannot be read', { cause });
  }
  return new AppError('internal', 'collect: unexpected error', { cause });
}
