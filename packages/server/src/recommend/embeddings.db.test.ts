import { setTimeout as sleep } from 'node:timers/promises';
import type { RecommendModel, Training } from '@zhiyin/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ModelServer, openModelServer } from '../llm/testing/model-server.ts';
import { type Brand, openRecommendServer, type RecommendServer } from './testing/open-recommend-server.ts';

let server: RecommendServer;
let endpoint: ModelServer;
let brand: Brand;
let admin: string;

const items = Array.from({ length: 20 }, (_, i) => ({
  id: `item-${i}`,
  name: `${i % 2 ? 'tea' : 'cup'} ${i}`,
  description: i === 3 ? 'ask 13800138000' : '',
  category: i % 2 ? 'tea' : 'cup',
  price: 10,
  stock: 5,
}));

beforeAll(async () => {
  endpoint = await openModelServer();
  server = await openRecommendServer();
  brand = await server.newBrand();
  admin = await brand.newKey(['settings:read', 'settings:write']);
  await brand.items(items);
  await brand.track(
    Array.from({ length: 60 * 6 }, (_, i) => ({
      type: 'track',
      messageId: `m-${i}`,
      event: 'Product Viewed',
      userId: `u-${i % 60}`,
      timestamp: new Date(Date.now() - (100 - (i % 90)) * 86_400_000).toISOString(),
      properties: { product_id: `item-${((i % 2) + 2 * (i % 7) + Math.floor(i / 60)) % 20}`, price: 10 },
    })),
  );
  await untilStored(300);
});
afterAll(async () => {
  await server?.close();
  await endpoint?.close();
});

async function untilStored(events: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { rows } = await server.stores.events.read<{ n: string }>(brand.workspaceId, {
      name: 'test-count',
      sql: 'SELECT count() AS n FROM @events',
    });
    if (Number(rows[0]?.n ?? 0) >= events) return;
    await sleep(100);
  }
  throw new Error('events did not arrive');
}

const base = () => `/api/workspaces/${brand.workspaceId}`;
const call = async (method: 'GET' | 'PUT' | 'POST', url: string, payload?: object) => {
  const headers = { authorization: `Bearer ${admin}` };
  const answer = await server.app.inject({ method, url: `${base()}${url}`, headers, ...(payload ? { payload } : {}) });
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
};

async function train(): Promise<RecommendModel> {
  expect(await brand.api('POST', '/trainings', {})).toMatchObject({ status: 200 });
  for (;;) {
    const [latest] = ((await brand.api('GET', '/trainings')).body as { rows: Training[] }).rows;
    if (latest!.state === 'failed') throw new Error(latest!.error ?? '');
    if (latest!.state === 'done') {
      const { rows } = (await brand.api('GET', '/models')).body as { rows: RecommendModel[] };
      return rows.find(({ version }) => version === latest!.modelVersion)!;
    }
    await sleep(200);
  }
}

it('trains with embeddings of items where a model is set, asks again for texts that changed only, and goes on without when it is down', async () => {
  expect((await train()).embeddings).toBeUndefined();
  const current = (await call('GET', '/llm')).body;
  const { isSet: _, key: __, currency: ___, today: ____, updatedAt: _____, ...values } = current;
  const set = await call('PUT', '/llm', { ...values, baseUrl: endpoint.url, embeddingsModel: 'embed-1', apiKey: null });
  expect(set).toMatchObject({ status: 200, body: { isSet: true } });

  const card = await train();
  expect(card.embeddings).toEqual({ model: 'embed-1', items: 20, dimensions: 4, failure: null, detail: '' });
  expect(JSON.stringify(endpoint.seen)).not.toContain('13800138000');

  endpoint.behave();
  await brand.items([{ ...items[0]!, name: 'a new name' }]);
  await sleep(1_500);
  expect((await train()).embeddings).toMatchObject({ items: 20 });
  expect(endpoint.seen.flatMap(({ body }) => body.input)).toEqual(['a new name\ncup']);

  endpoint.behave({ dropConnection: true });
  await brand.items([{ ...items[0]!, name: 'another name' }]);
  await sleep(1_500);
  const without = await train();
  expect(without.embeddings).toMatchObject({ items: 0, failure: 'unreachable' });
  expect(without.measures ?? without.verdict).toBeTruthy();
});
