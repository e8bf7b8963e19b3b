import type { RecommendAnswer, RecommendExploration, RecommendModel, RecommendWeights } from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findWorkspace } from '../trust/workspace-directory.ts';
import { openRecommendEngine } from './engine.ts';
import { learnExploration } from './explore/learn-exploration.ts';
import { type Brand, openRecommendServer, type RecommendServer } from './testing/open-recommend-server.ts';
import { at, bought, change, cleaned, did, train } from './testing/shop.ts';

let server: RecommendServer;
let brand: Brand;
const people = 90;
const kinds = ['tea', 'cup'] as const;
const item = (id: string, kind: string) => ({
  id,
  name: `${kind} ${id}`,
  category: kind,
  brand: `${kind} house`,
  price: 20,
  stock: 50,
});
const shelf = [
  ...kinds.flatMap((kind) => Array.from({ length: 10 }, (_, i) => item(`${kind}-${i}`, kind))),
  item('tea-cold', 'tea'),
  item('cup-cold', 'cup'),
];
const ids = (answer: RecommendAnswer) => answer.items.map(({ itemId }) => itemId);
const today = `from=${at(1).slice(0, 10)}&to=${at(-2).slice(0, 10)}`;

beforeAll(async () => {
  server = await openRecommendServer();
  brand = await server.newBrand();
  await brand.items(shelf);
  const events = Array.from({ length: people }, (_, person) => {
    const kind = kinds[person % 2]!;
    const looks = Array.from({ length: 6 }, (_, step) =>
      did(`u-${person}`, 'Product Viewed', `${kind}-${(person * 3 + step * 7) % 10}`, 95 - step * 13),
    );
    // The same tea about every month; cups once.
    const late = (person % 7) - 3;
    const buys = kind === 'tea' ? [95, 65 + late, 35, 5 + late] : [40];
    return [...looks, ...buys.map((daysAgo) => bought(`u-${person}`, [`${kind}-${person % 3}`], daysAgo))];
  }).flat();
  await brand.track(events);
  await cleaned(server, brand, events.length);
}, 120_000);
afterAll(() => server?.close());

describe('a training', () => {
  it('judges models of content with the others, and learns how long things last', async () => {
    expect(await train(brand)).toMatchObject({ state: 'done' });
    const [model] = ((await brand.api('GET', '/models')).body as { rows: RecommendModel[] }).rows;
    expect(model!.tried.map(({ kind }) => kind)).toContain('content');
    expect(model).toMatchObject({ newItems: 2, data: { items: 20 } });
    const cycle = model!.cycles!.find(({ itemId }) => itemId === 'tea-0')!;
    expect(cycle.medianDays).toBeGreaterThan(27);
    expect(cycle.medianDays).toBeLessThan(33);
    expect(cycle.repeatShare).toBeGreaterThan(0.5);
    expect(model!.cycles!.some(({ category }) => category === 'cup')).toBe(false);
  }, 90_000);

  it('lets the cycles say when something comes back', async () => {
    await change(brand, 'message', { repurchase: { learned: true, dueBoost: 1 }, exploration: 0 });
    const due = { ...bought('comes-back', ['tea-1'], 31) };
    const early = bought('too-early', ['tea-1'], 3);
    await brand.track([due, early]);
    const ask = (userId: string) => brand.ask({ surface: 'message', person: { userId }, k: 4, debug: true });
    const back = await ask('comes-back');
    expect(back.items.find(({ itemId }) => itemId === 'tea-1')?.reason.en).toMatch(/may have run out/);
    expect(back.debug!.moved.map(({ rule }) => rule)).toContain('due');
    expect(ids(await ask('too-early'))).not.toContain('tea-1');
  });
});

describe('a word against it', () => {
  const noPerson = async (person: object) => {
    const [asked, anybody] = [await brand.ask({ surface: 'home', person }), await brand.ask({ surface: 'home' })];
    expect(asked.notes).toContain('opted_out');
    expect(asked).toMatchObject({ personalised: false, items: anybody.items });
  };

  it('counts at once when it comes with an event, and is still known when it is stored', async () => {
    const said = { ...did('u-2', 'Product Viewed', 'tea-3'), context: { consent: { personalisation: false } } };
    await brand.track([said]);
    await noPerson({ userId: 'u-2' });
    const granular = { categoryPreferences: { Analytics: true, Personalization: false } };
    await brand.track([
      { ...did('', 'Product Viewed', 'tea-3'), userId: undefined, anonymousId: 'a-1', context: { consent: granular } },
    ]);
    await noPerson({ anonymousId: 'a-1' });
    const stored = () =>
      server.stores.events.read<{ name: string }>(brand.workspaceId, {
        name: 'n',
        sql: `SELECT name FROM @traits WHERE startsWith(name, 'consent_person') AND value = 'false' ORDER BY name`,
      });
    await expect
      .poll(async () => (await stored()).rows.map(({ name }) => name), { timeout: 10_000 })
      .toEqual(['consent_personalisation', 'consent_personalization']);
    // Another server knows it from the store alone.
    const other = await anotherServer();
    expect(JSON.parse(String(await other.ask('home', 'u-2'))).notes).toContain('opted_out');
    await other.close();
  });

  it('keeps away for good what was rated low or sent back', async () => {
    const person = { userId: 'u-6' };
    const [first, second] = ids(await brand.ask({ surface: 'home', person, k: 10 }));
    await brand.reviews([{ userId: 'u-6', itemId: first!, rating: 1, text: 'not for me' }]);
    await brand.track([{ ...bought('u-6', [second!]), event: 'Order Refunded', messageId: 'sent-back' }]);
    const after = ids(await brand.ask({ surface: 'home', person, k: 22 }));
    expect(after).not.toContain(first);
    expect(after).not.toContain(second);
  });
});

describe('the weights of events', () => {
  it('change answers at once, are told from wrong ones, and go back', async () => {
    await brand.track([did('looker', 'Product Viewed', 'tea-5')]);
    const personalised = async () => (await brand.ask({ surface: 'home', person: { userId: 'looker' } })).personalised;
    expect(await personalised()).toBe(true);
    const { weights } = (await brand.api('GET', '/weights')).body as RecommendWeights;
    const without = { ...weights, viewed: { ...(weights as RecommendWeights['weights']).viewed, weight: 0 } };
    expect(await brand.api('PUT', '/weights', without)).toMatchObject({ status: 200 });
    await expect.poll(personalised, { timeout: 5_000 }).toBe(false);
    const nothing = Object.fromEntries(Object.keys(weights).map((deed) => [deed, { weight: -1, halfLifeDays: 30 }]));
    expect(await brand.api('PUT', '/weights', nothing)).toMatchObject({
      status: 400,
      body: { field: 'viewed.weight' },
    });
    expect(await brand.api('DELETE', '/weights')).toMatchObject({ body: { weights, updatedAt: null } });
    await expect.poll(personalised, { timeout: 5_000 }).toBe(true);
  });
});

describe('credit', () => {
  it('goes to the answer an order, a product or the address of a page names, whoever acts', async () => {
    const asked = await Promise.all(
      [1, 3, 5].map((person) => brand.ask({ surface: 'cart', person: { userId: `u-${person}` }, k: 3 })),
    );
    await server.engine.flush();
    const [whole, part, page] = asked as [RecommendAnswer, RecommendAnswer, RecommendAnswer];
    const now = new Date().toISOString();
    const order = (id: string, decision: object, product: object) => ({
      ...bought('somebody-else', []),
      messageId: id,
      timestamp: now,
      properties: { order_id: id, currency: 'CNY', ...decision, products: [{ price: 10, ...product }] },
    });
    await brand.track([
      order('by-order', { decision_id: whole.decisionId }, { product_id: ids(whole)[0] }),
      order('by-product', {}, { product_id: ids(part)[1], decision_id: part.decisionId }),
      {
        ...did('somebody-else', 'Product Viewed', ids(page)[2]!),
        timestamp: now,
        context: { page: { url: `https://shop.example/x?zy_decision=${page.decisionId}` } },
      },
    ]);
    type Rows = { rows: { clicks: number; conversions: number; answers: number }[] };
    await expect
      .poll(async () => ((await brand.api('GET', `/quality?${today}&surface=cart`)).body as Rows).rows, {
        timeout: 15_000,
        interval: 300,
      })
      .toMatchObject([{ answers: 3, clicks: 1, conversions: 2 }]);
  });
});

describe('exploration', () => {
  it('learns from what was clicked, tells its cost, outlives a restart and is shared by servers', async () => {
    await brand.items(Array.from({ length: 4 }, (_, i) => item(`new-${i}`, kinds[i % 2]!)));
    await change(brand, 'feed', { exploration: 0.5, explorationMethod: 'thompson', diversity: 0 }, { k: 6 });
    const workspace = (await findWorkspace(server.stores.control, brand.workspaceId))!;
    const clicks: object[] = [];
    let places = 0;
    let tried = 0;
    for (let person = 0; person < people; person += 1) {
      const answer = await brand.ask({ surface: 'feed', person: { userId: `u-${person}` } });
      places += answer.items.length;
      for (const one of answer.items.filter(({ explored }) => explored)) {
        tried += 1;
        if (one.itemId !== 'new-0') continue;
        const click = did(`u-${person}`, 'Product Clicked', one.itemId, 0, { decision_id: answer.decisionId });
        clicks.push({ ...click, timestamp: new Date(Date.now() + 1).toISOString() });
      }
    }
    expect(tried / places).toBeGreaterThan(0.35);
    expect(tried / places).toBeLessThan(0.55);
    expect(clicks.length).toBeGreaterThan(5);
    await server.engine.flush();
    await brand.track(clicks);
    const read = async () =>
      ((await brand.api('GET', `/exploration?${today}&surface=feed`)).body as RecommendExploration).surfaces[0]!;
    await expect
      .poll(async () => (await read()).tried.rewarded, { timeout: 15_000, interval: 300 })
      .toBe(clicks.length);
    await learnExploration(server.stores, workspace, new Date(Date.now() + 1_000), { settledMs: 0 });

    const found = await read();
    expect(found.tried.shown).toBe(tried);
    expect(found.spent).toBeCloseTo(tried / places, 6);
    expect(found.cost.value).toBeCloseTo(
      tried * (found.ranked.rewarded / found.ranked.shown - clicks.length / tried),
      6,
    );
    const shares = new Map(found.items.map(({ itemId, share }) => [itemId, share!]));
    expect(Math.max(...shares.values())).toBe(shares.get('new-0'));
    expect(shares.get('new-0')).toBeGreaterThan(0.8);
    expect(found.features.map(({ name }) => name)).toContain('likeness');

    // A server that starts now tries what was clicked, from its first answer on.
    const other = await anotherServer();
    const tries = new Map<string, number>();
    for (let person = 0; person < people; person += 1) {
      const answer = JSON.parse(String(await other.ask('feed', `u-${person}`))) as RecommendAnswer;
      for (const one of answer.items) if (one.explored) tries.set(one.itemId, (tries.get(one.itemId) ?? 0) + 1);
    }
    await other.close();
    expect(Math.max(...tries.values())).toBe(tries.get('new-0'));
  }, 60_000);
});

/** The same installation, another process: nothing but the stores is shared. */
async function anotherServer() {
  const { stores } = server;
  const engine = await openRecommendEngine({
    stores,
    modelDir: stores.config.recommend.modelDir,
    peopleMax: 1_000,
    log: { warn: () => undefined, info: () => undefined },
  });
  const workspace = (await findWorkspace(stores.control, brand.workspaceId))!;
  return {
    ask: (surface: string, userId: string) => engine.answer(workspace, { surface, person: { userId } }),
    close: () => engine.close(),
  };
}
