import { setTimeout as sleep } from 'node:timers/promises';
import type { LlmFailure } from '@zhiyin/contract';
import type { Endpoint } from '../model-settings.ts';
import { EndpointError } from './endpoint-error.ts';

const attemptsMax = 3;
const firstWaitMs = 500;
/** A longer wish is not waited for: the caller has a way to go on without. */
const waitMsMax = 20_000;
const answerBytesMax = 32 * 1_048_576;
const detailCharactersMax = 240;

/**
 * fetch for a model endpoint. Tries again what may pass (429, 5xx, a dropped connection) at most twice, and waits as long as
 * `Retry-After` says. Follows no redirects: the key goes to the address that was set and nowhere else.
 * @throws EndpointError for everything that is no success, with what the endpoint said.
 */
export function createModelFetch(endpoint: Pick<Endpoint, 'apiKey'>): typeof fetch {
  return async (input, init) => {
    for (let attempt = 1; ; attempt += 1) {
      const tried = await tryOnce(input, init, endpoint.apiKey);
      if (tried instanceof Response) return tried;
      const waitMs = tried.retryAfterMs ?? firstWaitMs * 2 ** (attempt - 1);
      if (!tried.mayPass || attempt >= attemptsMax || waitMs > waitMsMax) throw tried.error;
      await sleep(waitMs, undefined, init?.signal ? { signal: init.signal } : {});
    }
  };
}

type Failed = { readonly error: EndpointError; readonly mayPass: boolean; readonly retryAfterMs: number | undefined };

async function tryOnce(
  input: Parameters<typeof fetch>[0],
  init: Parameters<typeof fetch>[1],
  apiKey: string | null,
): Promise<Response | Failed> {
  let response: Response;
  try {
    response = await fetch(input, { ...init, redirect: 'manual' });
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    const { message, cause: deeper } = cause as Error;
    const detail = clean(deeper instanceof Error ? deeper.message || message : message, apiKey);
    return { error: new EndpointError('unreachable', detail, { cause }), mayPass: true, retryAfterMs: undefined };
  }
  if (response.ok) return bounded(response);
  const said = clean(await readSome(response), apiKey);
  const { status } = response;
  const detail =
    status >= 300 && status < 400
      ? `redirects to ${new URL(response.headers.get('location') ?? '', response.url || undefined).origin}, which is not followed`
      : said || response.statusText;
  return {
    error: new EndpointError(reasonOf(status, said), `HTTP ${status}: ${detail}`, { status }),
    mayPass: status === 429 || status === 408 || status >= 500,
    retryAfterMs: readRetryAfter(response.headers, Date.now()),
  };
}

function reasonOf(status: number, said: string): LlmFailure {
  if (status === 401 || status === 403) return 'key_refused';
  if (status === 429) return /quota|insufficient|billing|balance|余额/i.test(said) ? 'key_refused' : 'rate_limited';
  if (status === 402) return 'key_refused';
  if (status === 404) return 'unknown_model';
  if (status === 408 || status === 504) return 'timeout';
  if (status >= 500) return 'server_error';
  return 'refused';
}

/** `Retry-After` in seconds or as a date, or `retry-after-ms`. */
export function readRetryAfter(headers: Headers, nowMs: number): number | undefined {
  const milliseconds = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  const text = headers.get('retry-after');
  if (!text) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** An answer without end would fill the memory. */
function bounded(response: Response): Response {
  if (!response.body) return response;
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > answerBytesMax)
        controller.error(new EndpointError('bad_answer', `more than ${answerBytesMax} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(limit), { status: response.status, headers: response.headers });
}

async function readSome(response: Response): Promise<string> {
  try {
    const text = (await bounded(response).text()).slice(0, 10_000);
    const body = JSON.parse(text) as { error?: { message?: unknown } | string; message?: unknown };
    const message = typeof body.error === 'object' ? body.error.message : (body.error ?? body.message);
    return typeof message === 'string' ? message : text;
  } catch {
    return '';
  }
}

/** Some endpoints repeat the key in what they say of it. */
function clean(text: string, apiKey: string | null): string {
  const without = apiKey ? text.replaceAll(apiKey, '[key]') : text;
  return without
    .replaceAll(/\b(?:sk|key|tok)[-_][\w-]{6,}/gi, '[key]')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, detailCharactersMax);
}
