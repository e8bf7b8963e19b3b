import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { AppError } from '../domain/app-error.ts';
import { describeError } from '../trust/index.ts';
import { formatProblem, internalProblem, type ProblemParts, problemOfAppError } from './problem.ts';

/** Every error leaves as problem details; what is our fault is logged in full and told in one sentence. */
export function answerErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error({ error: describeError(error), code: problem.code }, 'request failed');
  const retryAfter = retryAfterSeconds(error, problem.status);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return answerProblem(reply, problem);
}

export function answerProblem(reply: FastifyReply, problem: ProblemParts): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="zhiyin"');
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(formatProblem(problem, reply.request.id));
}

function problemOf(error: FastifyError): ProblemParts {
  if (error instanceof AppError) return problemOfAppError(error);
  if (hasZodFastifySchemaValidationErrors(error)) return problemOfValidation(error);
  if (isResponseSerializationError(error)) return internalProblem;
  return problemsOfFastify[error.code] ?? problemOfStatus(error);
}

type Issues = Extract<Parameters<typeof hasZodFastifySchemaValidationErrors>[0], unknown> & {
  validation?: { instancePath: string; message?: string; params?: { keys?: string[] } }[];
  validationContext?: string;
};

function problemOfValidation(error: unknown): ProblemParts {
  const { validation = [], validationContext = 'body' } = error as Issues;
  const errors = validation.slice(0, 50).map((issue) => {
    const unknownKey = issue.params?.keys?.[0];
    const path = formatPath(issue.instancePath);
    const field = [path, unknownKey].filter(Boolean).join('.');
    return { field: field || validationContext, message: issue.message ?? 'is not valid' };
  });
  const first = errors[0] ?? { field: validationContext, message: 'is not valid' };
  return {
    status: 400,
    code: 'input.invalid',
    detail: `${first.field}: ${first.message}`,
    field: first.field,
    fix: `Correct ${errors.length > 1 ? 'the fields listed under errors' : `"${first.field}"`} in the ${placeNames[validationContext] ?? validationContext} and send it again.`,
    errors,
  };
}

const placeNames: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'path',
  body: 'body',
  headers: 'headers',
};

/** `/actions/0/path` → `actions[0].path`, as the sender would write it. */
function formatPath(instancePath: string): string {
  return instancePath
    .split('/')
    .filter(Boolean)
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path ? `${path}.${part}` : part), '');
}

const problemsOfFastify: Readonly<Record<string, ProblemParts>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'input.too_large',
    detail: 'The body is larger than this endpoint takes.',
    field: 'body',
    fix: 'Send less at a time, or use an import for files.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'input.invalid',
    detail: 'This content type is not understood here.',
    field: 'content-type',
    fix: 'Send application/json (files: application/octet-stream).',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: 'input.invalid',
    detail: 'The body is empty but said to be JSON.',
    field: 'body',
    fix: 'Send a JSON object, or leave the content-type out.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'input.invalid',
    detail: 'The body is not as long as content-length says.',
    field: 'content-length',
    fix: 'Send the whole body.',
  },
};

function problemOfStatus(error: FastifyError): ProblemParts {
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return internalProblem;
  return {
    status,
    code: 'input.invalid',
    detail: error instanceof SyntaxError ? 'The body is not valid JSON.' : 'The request could not be read.',
    field: 'body',
    fix: 'Send well-formed JSON in UTF-8.',
  };
}

function retryAfterSeconds(error: unknown, status: number): number | undefined {
  const given = error instanceof AppError ? Number(error.details.retryAfterSeconds) : Number.NaN;
  if (Number.isFinite(given)) return Math.max(1, Math.ceil(given));
  return status === 429 || status === 503 ? 5 : undefined;
}
