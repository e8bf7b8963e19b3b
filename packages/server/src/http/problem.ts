import { STATUS_CODES } from 'node:http';
import type { Problem } from '@zhiyin/contract';
import type { AppError, ErrorCode } from '../domain/app-error.ts';

/** The one place where codes become status numbers. */
export const statusOf: Readonly<Record<ErrorCode, number>> = {
  'config.invalid': 500,
  'input.invalid': 400,
  'input.too_large': 413,
  'auth.missing': 401,
  'auth.invalid': 401,
  'auth.forbidden': 403,
  'csrf.invalid': 403,
  not_found: 404,
  conflict: 409,
  overload: 429,
  'storage.unavailable': 503,
  'storage.full': 503,
  'storage.refused': 422,
  internal: 500,
};

/** What the reader is told when the message itself is for us: it may quote SQL or name hosts. */
const publicSentences: Partial<Record<ErrorCode, { detail: string; fix: string }>> = {
  'storage.unavailable': {
    detail: 'The store did not answer in time.',
    fix: 'Try again in a moment. /ready tells which store is down.',
  },
  'storage.full': {
    detail: 'The disk is full.',
    fix: 'Free disk space; the server goes on by itself.',
  },
  'storage.refused': {
    detail: 'The store refused this request.',
    fix: 'The log has the reason under the id given as instance.',
  },
  'config.invalid': { detail: 'The server is not configured correctly.', fix: 'Look into the log of the server.' },
  internal: {
    detail: 'Something went wrong on our side.',
    fix: 'Try again. If it stays, quote the id given as instance.',
  },
};

export type ProblemParts = {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
  readonly fix?: string | undefined;
  readonly errors?: { field: string; message: string }[] | undefined;
};

export function formatProblem(parts: ProblemParts, requestId: string): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[parts.status] ?? 'Error',
    status: parts.status,
    detail: parts.detail,
    code: parts.code,
    instance: requestId,
    ...(parts.field === undefined ? {} : { field: parts.field }),
    ...(parts.fix === undefined ? {} : { fix: parts.fix }),
    ...(parts.errors === undefined ? {} : { errors: parts.errors }),
  };
}

export function problemOfAppError(error: AppError): ProblemParts {
  const shown = publicSentences[error.code];
  const errors = error.details.errors as ProblemParts['errors'];
  return {
    status: statusOf[error.code],
    code: error.code,
    detail: shown?.detail ?? error.message,
    fix: shown?.fix ?? error.details.fix,
    field: error.details.field,
    errors: Array.isArray(errors) ? errors : undefined,
  };
}

export const internalProblem: ProblemParts = { status: 500, code: 'internal', ...publicSentences.internal! };
