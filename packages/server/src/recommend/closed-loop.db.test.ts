import { setTimeout as sleep } from 'node:timers/promises';
import type { RecommendAnswer, RecommendModel, Training } from '@zhiyin/contract';
import { batches, createMarket } from '@zhiyin/market';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Brand, openRecommendServer, type RecommendServer } from './testing/open-recommend-server.ts';

/**
 * The loop closed: a market whose people have tastes that no event tells, its events through collect and cleaning, a training, lists
 * for people, and the market's own answer to these lists. Personal lists must be taken more often than popular ones, in truth.
 */
const market = createMarket({ endDay: '2026-11-20', people: 2_000, items: 200, days: 300, seed: 11 });
const listLength = 8;

let server: RecommendServer;
let brand: Brand;

beforeAll(async () => {
  server = await openRecommendServer();
  brand = await server.newBrand();
  let sent = 0;
  const authorization = `Basic ${Buffer.from(`${brand.writeKey}:`).toString('base64')}`;
  for (const { path, kind, body, count } of batches(market)) {
    if (path === null) continue;
    const answer = await server.app.inject({
      method: 'POST',
      url: path,
      payload: body,
      headers: { authorization, 'content-type': 'application/json' },
    });
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.body}`);
    if (kind !== 'catalogue') sent += count;
  }
  const stored = async () => {
    const [row] = await server.stores.control
      .of(brand.workspaceId)
      .query<{ n: string }>('select coalesce(sum(records), 0) as n from ingest_counts where workspace_id = $1');
    return Number(row!.n);
  };
  for (let waited = 0; (await stored()) < sent; waited += 1) {
    if (waited > 900) throw new Error(`${await stored()} of ${sent} records were cleaned in 90 s`);
    await sleep(100);
  }
  expect(await brand.api('POST', '/trainings', {})).toMatchObject({ status: 200 });
  for (let waited = 0; ; waited += 1) {
    const [training] = ((await brand.api('GET', '/trainings')).body as { rows: Training[] }).rows;
    if (training!.state === 'done') break;
    if (!['queued', 'running'].includes(training!.state) || waited > 600) throw new Error(JSON.stringify(training));
    await sleep(200);
  }
  await sleep(500);
}, 240_000);
afterAll(() => server?.close());

it('personal lists are taken more often than popular ones, by the truth of the market', async () => {
  const [model] = ((await brand.api('GET', '/models')).body as { rows: RecommendModel[] }).rows;
  expect(model).toMatchObject({ state: 'serving' });
  expect(model!.measures!.ndcg).toBeGreaterThan(model!.baseline!.ndcg);

  const surfaces = ((await brand.api('GET', '/surfaces')).body as { rows: { surface: string; rules: object }[] }).rows;
  const {
    surface: _s,
    isChanged: _c,
    answers7d: _a,
    updatedAt: _u,
    ...home
  } = surfaces.find(({ surface }) => surface === 'home') as never as Record<string, unknown> & { rules: object };
  const rules = { ...home.rules, exploration: 0, excludeBought: true, perCategoryMax: null, diversity: 0 };
  await brand.api('PUT', '/surfaces/home', { ...home, rules });
  await brand.api('PUT', '/surfaces/bestsellers', {
    ...home,
    kind: 'home',
    name: 'Bestsellers',
    chain: ['popular'],
    rules,
  });
  await sleep(300);

  const people = market
    .truth()
    .people.map(({ userId }) => userId)
    .slice(0, 1_000);
  const at = Date.parse('2026-11-21T04:00:00Z');
  const acceptance = { personal: 0, popular: 0, people: 0 };
  for (let from = 0; from < people.length; from += 200) {
    const ask = async (surface: string) => {
      const answer = await server.app.inject({
        method: 'POST',
        url: '/v1/recommend/batch',
        payload: { surface, people: people.slice(from, from + 200).map((userId) => ({ userId })), k: listLength },
        headers: { authorization: `Bearer ${brand.key}` },
      });
      return answer.json<{ answers: RecommendAnswer[] }>().answers;
    };
    const [personal, popular] = [await ask('home'), await ask('bestsellers')];
    personal.forEach((answer, i) => {
      if (!answer.personalised) return;
      const userId = people[from + i]!;
      const clicks = (list: RecommendAnswer) =>
        market
          .respond(userId, { kind: 'recommendation', at, itemIds: list.items.map(({ itemId }) => itemId) })
          .clickChances.reduce((sum, chance) => sum + chance, 0);
      acceptance.personal += clicks(answer);
      acceptance.popular += clicks(popular[i]!);
      acceptance.people += 1;
    });
  }
  expect(acceptance.people).toBeGreaterThan(100);
  console.log(
    `closed loop: ${acceptance.people} people, ${model!.kind}, clicks expected of a list: personal ${(acceptance.personal / acceptance.people).toFixed(4)}, popular ${(acceptance.popular / acceptance.people).toFixed(4)}`,
  );
  expect(acceptance.personal).toBeGreaterThan(1.03 * acceptance.popular);
}, 60_000);
