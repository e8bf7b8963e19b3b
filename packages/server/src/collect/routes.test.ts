import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/app-error.ts';
import { basic, collectApp } from './collect-fixtures.ts';

const authorization = basic('key');
const event = { type: 'track', event: 'Order Completed', userId: 'u1', messageId: 'm1' };

async function post(url: string, payload: string | Buffer, headers: Record<string, string> = { authorization }) {
  const collect = await collectApp();
  const answer = await collect.app.inject({ method: 'POST', url, payload, headers });
  return { answer, body: answer.json(), ...collect };
}

describe('the collect endpoints', () => {
  it.each([
    ['identify', 'identify'],
    ['track', 'track'],
    ['page', 'page'],
    ['screen', 'screen'],
    ['group', 'group'],
    ['alias', 'alias'],
    ['i', 'identify'],
    ['t', 'track'],
    ['p', 'page'],
    ['s', 'screen'],
    ['g', 'group'],
    ['a', 'alias'],
  ])('take a call at /v1/%s and keep it byte for byte', async (name, route) => {
    const payload = ` ${JSON.stringify(event)} `;
    const { answer, body, records } = await post(`/v1/${name}`, payload);
    expect(answer.statusCode).toBe(200);
    expect(body).toEqual({ success: true });
    expect(answer.headers['x-zhiyin-durability']).toBe('power');
    expect(records).toMatchObject([{ kind: 'calls', route, count: 1, workspaceId: 3, sourceId: 7, importId: 0 }]);
    expect(records[0]?.body.toString()).toBe(payload);
  });

  it.each(['batch', 'b', 'import'])('count the events of a batch at /v1/%s', async (name) => {
    const { answer, records } = await post(`/v1/${name}`, JSON.stringify({ batch: [event, event, 'odd'] }));
    expect(answer.statusCode).toBe(200);
    expect(records).toMatchObject([{ route: 'batch', count: 3 }]);
  });

  it('have nothing to keep of an empty batch', async () => {
    const { answer, records } = await post('/v1/batch', '{"batch":[]}');
    expect(answer.statusCode).toBe(200);
    expect(records).toEqual([]);
  });

  it.each([undefined, 'text/plain', 'application/json', 'application/x-www-form-urlencoded', 'image/png', '', ';;'])(
    'read JSON whatever the content type says: %s',
    async (type) => {
      const headers = { authorization, ...(type === undefined ? {} : { 'content-type': type }) };
      const { answer, records } = await post('/v1/track', Buffer.from(JSON.stringify(event)), headers);
      expect(answer.statusCode).toBe(200);
      expect(records).toHaveLength(1);
    },
  );

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
  ])('unpack %s and keep the body unpacked', async (encoding, pack) => {
    const payload = pack(Buffer.from(JSON.stringify(event)));
    const { answer, records } = await post('/v1/track', payload, { authorization, 'content-encoding': encoding });
    expect(answer.statusCode).toBe(200);
    expect(records[0]?.body.toString()).toBe(JSON.stringify(event));
  });

  it.each([
    ['no user', '{"type":"track","event":"x"}'],
    ['an unknown type', '{"type":"dance","userId":"u"}'],
    ['no object', '[1,2]'],
    ['a text', '"hello"'],
    [
      'names that mean something to JavaScript',
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"x":1}},"userId":"u"}',
    ],
    ['SQL in names', `{"userId":"u","event":"x'); DROP TABLE events; --","properties":{"a\\"; --":1}}`],
    ['a batch that is no list', '{"batch":"oops"}'],
  ])('accept what is JSON although it has %s: cleaning decides about it', async (_what, payload) => {
    const { answer, records } = await post('/v1/track', payload);
    expect(answer.statusCode).toBe(200);
    expect(records[0]?.body.toString()).toBe(payload);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});

describe('the write key', () => {
  it.each([
    ['Basic authentication', { authorization }, '{"userId":"u"}'],
    ['Basic authentication without a colon', { authorization: `basic ${Buffer.from('key').toString('base64')}` }, '{}'],
    ['the body', {}, '{"writeKey":"key"}'],
    ['the body, beside a Bearer token', { authorization: 'Bearer abc' }, '{"writeKey":"key"}'],
    ['the body, beside an empty Basic user', { authorization: basic('') }, '{"writeKey":"key"}'],
  ])('may come in %s', async (_where, headers, payload) => {
    expect((await post('/v1/track', payload, headers as Record<string, string>)).answer.statusCode).toBe(200);
  });

  it.each([
    ['missing', {}, '{"userId":"u"}', 401, 'auth.missing'],
    ['unknown', { authorization: basic('wrong') }, '{"userId":"u"}', 401, 'auth.invalid'],
    ['a name every object has', { authorization: basic('__proto__') }, '{}', 401, 'auth.invalid'],
    ['unknown in the body', {}, '{"writeKey":"toString"}', 401, 'auth.invalid'],
    ['not a text', {}, '{"writeKey":{"a":1}}', 401, 'auth.missing'],
    ['of a source that is off', { authorization: basic('off') }, '{}', 403, 'auth.forbidden'],
    ['of another site', { authorization: basic('shop'), origin: 'https://evil.example' }, '{}', 403, 'auth.forbidden'],
  ])('is refused when %s', async (_why, headers, payload, status, code) => {
    const { answer, body, records } = await post('/v1/track', payload, headers as Record<string, string>);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(body).toMatchObject({ status, code, field: expect.any(String), fix: expect.any(String) });
    expect(records).toEqual([]);
  });

  it('is good from an allowed origin, and from servers, which have none', async () => {
    const shop = { authorization: basic('shop') };
    expect((await post('/v1/track', '{}', { ...shop, origin: 'https://shop.example' })).answer.statusCode).toBe(200);
    expect((await post('/v1/track', '{}', shop)).answer.statusCode).toBe(200);
  });
});

describe('a bad body', () => {
  const long = 'x'.repeat(40_000);
  it.each([
    ['not JSON', '{"a":', 'body', 'input.invalid'],
    ['empty', '', 'body', 'input.invalid'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'body', 'input.invalid'],
    ['nested too deep', '['.repeat(100_000), 'byte 32', 'input.too_large'],
    ['one event too long', JSON.stringify({ a: long }), 'body', 'input.too_large'],
    ['an event of a batch too long', JSON.stringify({ batch: [1, { a: long }] }), 'batch[1]', 'input.too_large'],
    ['too many events', JSON.stringify({ batch: new Array(2_501).fill(1) }), 'batch', 'input.too_large'],
    ['too long as a whole', Buffer.alloc(512_001, 32), 'body', 'input.too_large'],
  ])('is refused with 400 when it is %s', async (_why, payload, field, code) => {
    const { answer, body, records } = await post('/v1/batch', payload);
    expect(answer.statusCode).toBe(400);
    expect(body).toMatchObject({ code, field, fix: expect.any(String) });
    expect(records).toEqual([]);
  });

  it('is accepted at exactly the limits', async () => {
    const batch = JSON.stringify({ batch: new Array(2_500).fill(1) });
    expect((await post('/v1/batch', batch)).answer.statusCode).toBe(200);
    const whole = `${'['.repeat(32)}${']'.repeat(32)}`;
    expect((await post('/v1/track', whole)).answer.statusCode).toBe(200);
    expect((await post('/v1/track', `"${'x'.repeat(32 * 1024 - 2)}"`)).answer.statusCode).toBe(200);
  });

  it('is refused when it unpacks to more than the limit, without unpacking it all', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1_048_576));
    const { answer, body } = await post('/v1/batch', bomb, { authorization, 'content-encoding': 'gzip' });
    expect(answer.statusCode).toBe(400);
    expect(body).toMatchObject({ code: 'input.too_large' });
  });

  it.each([
    ['gzip', 'not gzip at all'],
    ['snappy', '{}'],
  ])('is refused when it is not the %s it says it is', async (encoding, payload) => {
    const { answer, body } = await post('/v1/track', payload, { authorization, 'content-encoding': encoding });
    expect(answer.statusCode).toBe(400);
    expect(body).toMatchObject({ field: 'Content-Encoding' });
  });

  it('gets 200, 400 or 401 and never crashes the server, whatever bytes, key, route and encoding come', async () => {
    const collect = await collectApp();
    const json = fc.oneof(
      fc.json(),
      fc.record({ batch: fc.array(fc.jsonValue()) }).map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }).map(Buffer.from),
          json.map((text) => Buffer.from(text)),
        ),
        fc.constantFrom('track', 'batch', 'b', 'identify', 'catalogue', 'reviews'),
        fc.constantFrom(undefined, authorization, basic('wrong'), 'Basic ???', 'Bearer x'),
        fc.constantFrom(undefined, 'gzip', 'deflate', 'nonsense'),
        async (payload, route, auth, encoding) => {
          const before = collect.records.length;
          const headers = {
            ...(auth === undefined ? {} : { authorization: auth }),
            ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
          };
          const answer = await collect.app.inject({ method: 'POST', url: `/v1/${route}`, payload, headers });
          expect([200, 400, 401]).toContain(answer.statusCode);
          if (answer.statusCode !== 200) expect(collect.records.length).toBe(before);
        },
      ),
      { numRuns: 1_500 },
    );
    const metrics = await collect.registry.getSingleMetricAsString('zhiyin_collect_inflight_bytes');
    expect(metrics).toContain('zhiyin_collect_inflight_bytes 0');
  });
});

describe('when the server cannot take more', () => {
  it.each([
    ['overload', 429],
    ['storage.full', 503],
    ['storage.unavailable', 503],
    ['internal', 500],
  ] as const)('%s becomes %i and says when to come back', async (code, status) => {
    const collect = await collectApp();
    collect.fails.with = new AppError(code, 'journal: something with a /path');
    const request = { method: 'POST', url: '/v1/track', payload: '{}', headers: { authorization } } as const;
    const refused = await collect.app.inject(request);
    expect(refused.statusCode).toBe(status);
    if (status !== 500) expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    collect.fails.with = undefined;
    expect((await collect.app.inject(request)).statusCode).toBe(200);
    expect(await collect.registry.metrics()).toContain(`zhiyin_collect_requests_total{outcome="${code}"} 1`);
  });

  it('a source over its rate gets 429, and others go on', async () => {
    const collect = await collectApp();
    const send = (writeKey: string) =>
      collect.app.inject({
        method: 'POST',
        url: '/v1/batch',
        payload: JSON.stringify({ batch: new Array(15).fill({}) }),
        headers: { authorization: basic(writeKey) },
      });
    expect((await send('limited')).statusCode).toBe(200);
    const refused = await send('limited');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect((await send('key')).statusCode).toBe(200);
  });

  it('bodies beyond the memory for them are refused before they are read', async () => {
    const { app } = await collectApp({ inflightBytesMax: 1_000 });
    const payload = JSON.stringify({ a: 'x'.repeat(2_000) });
    const answer = await app.inject({ method: 'POST', url: '/v1/track', payload, headers: { authorization } });
    expect(answer.statusCode).toBe(429);
  });
});

describe('around the calls', () => {
  it('browsers may call from any page, and need to ask once a day only', async () => {
    const { app } = await collectApp();
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/v1/t',
      headers: { origin: 'https://any.example', 'access-control-request-headers': 'authorization,x-retry-count' },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization,x-retry-count',
      'access-control-max-age': '86400',
    });
    const refused = await app.inject({ method: 'POST', url: '/v1/t', payload: '{}' });
    expect(refused.headers['access-control-allow-origin']).toBe('*');
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const)('%s gets 405 and the method to use', async (method) => {
    const { app } = await collectApp();
    const answer = await app.inject({ method, url: '/v1/track' });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('POST, OPTIONS');
  });

  it("Segment's browser SDK is told to send here, and 404 for a key nobody has", async () => {
    const { app } = await collectApp();
    const get = (writeKey: string) =>
      app.inject({ url: `/v1/projects/${writeKey}/settings`, headers: { host: 'z.example:7700' } });
    const found = await get('key');
    expect(found.json().integrations['Segment.io']).toMatchObject({
      apiKey: 'key',
      apiHost: 'z.example:7700/v1',
      protocol: 'http',
    });
    expect((await get('wrong')).statusCode).toBe(404);
  });

  it('reports of SDKs about themselves are counted and not kept', async () => {
    const { answer, records, registry } = await post('/v1/m', '{"series":[]}', {});
    expect(answer.statusCode).toBe(200);
    expect(records).toEqual([]);
    expect(await registry.metrics()).toContain('zhiyin_collect_client_metrics_total 1');
  });

  it('the browser SDK that is not built gets a clear 503', async () => {
    const { app } = await collectApp();
    const answer = await app.inject({ url: '/zhiyin.js' });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ detail: 'the browser SDK is not built', fix: expect.any(String) });
  });
});
