import { setupStateSchema } from '@zhiyin/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, isApiError } from './api-error.ts';
import { command, queryString, request, setCsrfToken } from './client.ts';
import { retryAllowed } from './query-client.ts';

const answer = (status: number, body: unknown) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(
      async () =>
        new Response(typeof body === 'string' ? body : JSON.stringify(body), {
          status,
          headers: { 'x-request-id': 'r-1' },
        }),
    ),
  );
const caught = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as ApiError,
  );

afterEach(() => vi.unstubAllGlobals());

describe('a call of the API', () => {
  it('gives the answer the contract promises', async () => {
    answer(200, { needed: true, hasDemo: false });
    expect(await request(setupStateSchema, '/api/setup')).toEqual({ needed: true, hasDemo: false });
  });

  it('names the field when the answer is not what the contract promises', async () => {
    answer(200, { needed: 'yes', hasDemo: false });
    const error = await caught(request(setupStateSchema, '/api/setup'));
    expect(error?.code).toBe('answer.unexpected');
    expect(error?.message).toContain('needed');
  });

  it('turns problem details into an error with messages by field', async () => {
    answer(400, {
      type: 'about:blank',
      title: 'Invalid',
      status: 400,
      detail: 'Two fields are wrong.',
      code: 'input.invalid',
      instance: 'r-2',
      errors: [{ field: 'email', message: 'must be an e-mail address' }],
      field: 'workspace.name',
    });
    const error = await caught(command('/api/setup', { method: 'POST', body: {} }));
    expect(isApiError(error, 'input.invalid')).toBe(true);
    expect(Object.fromEntries(error!.fields)).toEqual({
      email: 'must be an e-mail address',
      'workspace.name': 'Two fields are wrong.',
    });
  });

  it('makes a problem of what a proxy answers in HTML, and keeps the id to quote', async () => {
    answer(502, '<html>Bad gateway</html>');
    const error = await caught(request(setupStateSchema, '/api/setup'));
    expect(error).toMatchObject({ code: 'http.502', status: 502, problem: { instance: 'r-1' } });
  });

  it('says when no answer came', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => Promise.reject(new TypeError('fetch failed'))),
    );
    expect(await caught(request(setupStateSchema, '/api/setup'))).toMatchObject({
      code: 'network.unreachable',
      status: 0,
    });
  });

  it('sends the CSRF token with what changes something and not with what reads', async () => {
    answer(200, { needed: false, hasDemo: false });
    setCsrfToken('t-1');
    await request(setupStateSchema, '/api/setup');
    await command('/api/session', { method: 'DELETE' });
    const headers = vi.mocked(fetch).mock.calls.map(([, init]) => new Headers(init?.headers).get('x-csrf-token'));
    expect(headers).toEqual([null, 't-1']);
  });

  it('leaves out of the address what is not set', () => {
    expect(queryString({ a: 1, b: undefined, c: null, d: '', e: 'x y' })).toBe('?a=1&e=x+y');
    expect(queryString({})).toBe('');
  });

  it('is asked again only where that can help', () => {
    const failed = (status: number) =>
      new ApiError({ type: '', title: '', status, detail: '', code: '', instance: '' });
    expect([0, 429, 503].map((status) => retryAllowed(0, failed(status)))).toEqual([true, true, true]);
    expect([400, 401, 403, 404].map((status) => retryAllowed(0, failed(status)))).toEqual([false, false, false, false]);
    expect(retryAllowed(2, failed(503))).toBe(false);
  });
});
