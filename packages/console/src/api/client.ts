import { type Problem, problemSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** What is null, undefined or empty is left out. */
  query?: Readonly<Record<string, unknown>>;
  /** Sent as JSON; a Blob is sent as it is. */
  body?: unknown;
  signal?: AbortSignal;
}

let csrfToken = '';
/** The session's token, sent back with everything that changes something. */
export const setCsrfToken = (token: string) => {
  csrfToken = token;
};
export const getCsrfToken = () => csrfToken;

/**
 * One call of the API. The answer is checked against the contract, so a page never meets a shape it does not know.
 * @throws ApiError for every answer that is not a success, and when no answer comes.
 */
export async function request<Answer extends z.ZodType>(
  answer: Answer,
  path: string,
  options: RequestOptions = {},
): Promise<z.output<Answer>> {
  const response = await send(path, options);
  const body = await readBody(response);
  if (!response.ok) throw new ApiError(toProblem(body, response));
  const parsed = answer.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ApiError({
    type: 'about:blank',
    title: 'Unexpected answer',
    status: response.status,
    code: 'answer.unexpected',
    detail: `${options.method ?? 'GET'} ${path}: ${issue?.path.join('.') || 'answer'}: ${issue?.message}`,
    instance: response.headers.get('x-request-id') ?? '',
  });
}

/** For calls whose answer is not looked at. */
export async function command(path: string, options: RequestOptions): Promise<void> {
  const response = await send(path, options);
  if (!response.ok) throw new ApiError(toProblem(await readBody(response), response));
}

async function send(path: string, { method = 'GET', query, body, signal }: RequestOptions): Promise<Response> {
  const isBlob = body instanceof Blob;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = isBlob ? 'application/octet-stream' : 'application/json';
  if (method !== 'GET' && csrfToken) headers['x-csrf-token'] = csrfToken;
  try {
    return await fetch(path + queryString(query), {
      method,
      headers,
      body: isBlob ? body : body === undefined ? undefined : JSON.stringify(body),
      signal,
      credentials: 'same-origin',
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(
      {
        type: 'about:blank',
        title: 'No answer',
        status: 0,
        code: 'network.unreachable',
        detail: String(cause),
        instance: '',
      },
      { cause },
    );
  }
}

/** `?a=1&b=x`, without what is not set. */
export function queryString(query: RequestOptions['query']): string {
  const entries = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}`;
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A proxy in front of the server may answer with HTML: that becomes a problem too. */
export function toProblem(body: unknown, response: Pick<Response, 'status' | 'statusText' | 'headers'>): Problem {
  const parsed = problemSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  return {
    type: 'about:blank',
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    code: `http.${response.status}`,
    detail: '',
    instance: response.headers.get('x-request-id') ?? '',
  };
}
