import type { LlmTest } from '@zhiyin/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstValues } from '../llm/model-settings.ts';
import { type ModelServer, openModelServer } from '../llm/testing/model-server.ts';
import { openTestServer, type TestClient, type TestServer } from './testing/open-test-server.ts';

let server: TestServer;
let endpoint: ModelServer;
let owner: TestClient;
let base: string;
const secret = 'sk-very-secret-0123456789';

beforeAll(async () => {
  endpoint = await openModelServer();
  server = await openTestServer();
  owner = await server.setUpOwner();
  base = `/api/workspaces/${owner.session.workspaces[0]!.id}`;
});
afterAll(async () => {
  await server?.close();
  await endpoint?.close();
});

const put = (change: object) =>
  owner.call({ method: 'PUT', url: `${base}/llm`, payload: { ...firstValues, baseUrl: endpoint.url, ...change } });

it.each([
  'ftp://host/v1',
  'file:///etc/passwd',
  'http://user:pass@host/v1',
  'https://host/v1?key=1',
  'host/v1',
  'javascript:alert(1)',
])('refuses the address %s and names the field', async (baseUrl) => {
  const answer = await put({ baseUrl });
  expect(answer.statusCode).toBe(400);
  expect(answer.body).toContain('baseUrl');
});

it('tests what is set for real and says what worked and what to do; the key is in no answer and not in the audit log', async () => {
  const saved = await put({ apiKey: secret, chatModel: 'chat-1', embeddingsModel: 'embed-1', visionModel: 'see-1' });
  expect(saved.json()).toMatchObject({ isSet: true, key: { isSet: true, last4: '6789' } });
  endpoint.behave({
    refuseModes: ['json_schema'],
    dimensions: 8,
    answer: ({ body, raw }) =>
      body.response_format ? '{"colour":"green"}' : raw.includes('image/png') ? 'Red' : 'Hello',
  });
  const tested = await owner.call({ method: 'POST', url: `${base}/llm/test` });
  const { checks } = tested.json<LlmTest>();
  expect(checks.map(({ what, ok }) => [what, ok])).toEqual([
    ['chat', true],
    ['object', true],
    ['vision', true],
    ['embeddings', true],
  ]);
  expect(checks[1]!.structuredOutput).toBe('json_object');
  expect(checks[3]!.dimensions).toBe(8);

  endpoint.behave({ failFirst: [{ status: 401, body: `{"error":{"message":"no such key ${secret}"}}` }] });
  const failed = await owner.call({ method: 'POST', url: `${base}/llm/test` });
  expect(failed.json<LlmTest>().checks[0]).toMatchObject({ ok: false, failure: 'key_refused' });
  expect(failed.json<LlmTest>().checks[0]!.fix).toMatch(/key/);

  const read = await Promise.all(
    ['/llm', '/llm/calls', '/llm/usage', '/audit'].map((url) => owner.call({ method: 'GET', url: `${base}${url}` })),
  );
  expect(read.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
  expect([saved, tested, failed, ...read].some(({ body }) => body.includes('very-secret'))).toBe(false);
  expect(read[3]!.body).toContain('llm.update');
  expect(read[3]!.body).toContain('llm.test');
});

it('shows prompts to those alone who may change settings', async () => {
  const { id } = owner.session.workspaces[0]!;
  const marketer = await server.addMember(owner, id, 'm@example.com', 'marketer');
  const [own, theirs] = await Promise.all(
    [owner, marketer].map(async (who) => (await who.call({ method: 'GET', url: `${base}/llm/calls` })).json()),
  );
  expect(own.rows.some(({ prompt }: { prompt: string | null }) => prompt !== null)).toBe(true);
  expect(theirs.rows.every(({ prompt }: { prompt: string | null }) => prompt === null)).toBe(true);
  expect((await marketer.call({ method: 'POST', url: `${base}/llm/test` })).statusCode).toBe(403);
});

it('forgets the endpoint with its key and keeps the ledger', async () => {
  const gone = await owner.call({ method: 'DELETE', url: `${base}/llm` });
  expect(gone.json()).toMatchObject({ isSet: false, key: { isSet: false, last4: '' } });
  expect((await owner.call({ method: 'GET', url: `${base}/llm/calls` })).json().rows.length).toBeGreaterThan(3);
});
