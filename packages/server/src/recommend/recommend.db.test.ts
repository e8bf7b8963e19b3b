import { setTimeout as sleep } from 'node:timers/promises';
import {
  type RecommendAnswer,
  type RecommendModel,
  recommendAnswerSchema,
  type Surface,
  type Training,
} from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findWorkspace } from '../trust/workspace-directory.ts';
import { openRecommendEngine } from './engine.ts';
import { type Brand, openRecommendServer, type RecommendServer } from './testing/open-recommend-server.ts';
import { at, bought, change, cleaned, did, settingsOf, train } from './testing/shop.ts';

let server: RecommendServer;
let brand: Brand;

const ids = (answer: RecommendAnswer) => answer.items.map((item) => item.itemId);

const kinds = ['tea', 'cup', 'book'] as const;
const catalogue = kinds.flatMap((kind) =>
  Array.from({ length: 12 }, (_, i) => ({
    id: `${kind}-${i}`,
    name: `${kind} number ${i}`,
    category: kind,
    brand: `${kind} house`,
    price: 10 + i,
    stock: 5,
    url: `https://shop.example/${kind}/${i}`,
    attributes: { origin: i % 2 === 0 ? 'Fujian' : 'Yunnan' },
  })),
);

/** Three kinds of people, each with a kind of thing; cups go with tea. Enough days that a test period can be held out. */
function history(): object[] {
  const events: object[] = [];
  for (let person = 0; person < 150; person += 1) {
    const kind = kinds[person % 3]!;
    for (let step = 0; step < 8; step += 1) {
      const item = `${kind}-${(person * 5 + step * 7) % 12}`;
      const daysAgo = 100 - step * 12 - (person % 7);
      events.push(did(`u-${person}`, 'Product Viewed', item, daysAgo));
      if (step % 3 === 0)
        events.push(bought(`u-${person}`, kind === 'tea' ? [item, `cup-${person % 12}`] : [item], daysAgo));
    }
  }
  return events;
}

const homeOf = async (one: Brand): Promise<Surface> =>
  ((await one.api('GET', '/surfaces')).body as { rows: Surface[] }).rows.find(({ surface }) => surface === 'home')!;
beforeAll(async () => {
  server = await openRecommendServer();
  brand = await server.newBrand();
  await brand.items(catalogue);
  const events = history();
  await brand.track(events);
  await cleaned(server, brand, events.length);
}, 120_000);
afterAll(() => server?.close());

describe('before there is a model', () => {
  it('answers with what is popular, says so, and keeps to the contract', async () => {
    const answer = await brand.ask({ surface: 'home', k: 10 });
    expect(recommendAnswerSchema.strict().safeParse(answer).error).toBeUndefined();
    expect(answer).toMatchObject({ personalised: false, model: 'popularity', fallback: true });
    expect(answer.notes).toContain('no_model');
    expect(answer.items).toHaveLength(10);
    expect(answer.items.every((item) => item.score > 0 && item.score <= 1 && item.propensity > 0)).toBe(true);
  });

  it('meets somebody new by the content of what they looked at a moment ago', async () => {
    await brand.track([did('newcomer', 'Product Viewed', 'book-3')]);
    const answer = await brand.ask({ surface: 'home', person: { userId: 'newcomer' }, k: 8 });
    expect(answer.personalised).toBe(true);
    expect(answer.items.slice(0, 2).map((item) => item.category)).toEqual(['book', 'book']);
  });
});

describe('after a training', () => {
  it('serves a model that beats popularity on the days held out', async () => {
    const training = await train(brand);
    expect(training).toMatchObject({ state: 'done', modelVersion: 1, progress: 1, error: null });
    const [model] = ((await brand.api('GET', '/models')).body as { rows: RecommendModel[] }).rows;
    expect(model).toMatchObject({ version: 1, state: 'serving' });
    expect(model!.measures!.ndcg).toBeGreaterThan(model!.baseline!.ndcg);
    const answer = await brand.ask({ surface: 'home', person: { userId: 'u-1' }, k: 8 });
    expect(answer).toMatchObject({ personalised: true, modelVersion: '1' });
    const first = answer.items.find((item) => item.method === 'personal')!;
    expect(first.reason.en).toMatch(/^Because you (viewed|bought) /);
    expect(first.reason.zh).toMatch(/^因为您(看过|买过)/);
    expect(first.reason.because.reduce((sum, one) => sum + one.share, 0)).toBeLessThanOrEqual(1.001);
  }, 90_000);

  it('takes an event into account in the very next answer', async () => {
    const before = await brand.ask({ surface: 'home', person: { anonymousId: 'fresh-1' }, k: 5 });
    expect(before.personalised).toBe(false);
    await brand.track([{ ...did('', 'Product Viewed', 'cup-2'), userId: undefined, anonymousId: 'fresh-1' }]);
    const after = await brand.ask({ surface: 'home', person: { anonymousId: 'fresh-1' }, k: 5, debug: true });
    expect(after.personalised).toBe(true);
    expect(after.debug!.freshEvents).toBe(1);
    expect(after.items.some((item) => item.reason.because.some((one) => one.itemId === 'cup-2'))).toBe(true);
  });

  it('never shows again what was bought or disliked, from the moment it is told', async () => {
    await change(brand, 'home', { exploration: 0, diversity: 0, perCategoryMax: null });
    const [first, second] = ids(await brand.ask({ surface: 'home', person: { userId: 'u-3' }, k: 20 }));
    await brand.track([bought('u-3', [first!]), did('u-3', 'Recommendation Dismissed', second!)]);
    const after = ids(await brand.ask({ surface: 'home', person: { userId: 'u-3' }, k: 36 }));
    expect(after).not.toContain(first);
    expect(after).not.toContain(second);
  });

  it('shows an item seconds after its upsert, and neither a deleted nor a sold-out one', async () => {
    await brand.items([
      { id: 'tea-new', name: 'tea of the spring', category: 'tea', brand: 'tea house', price: 12, stock: 3 },
    ]);
    const surfaceWithNew = { surface: 'feed', person: { userId: 'u-0' }, k: 36 };
    await expect.poll(async () => ids(await brand.ask(surfaceWithNew)), { timeout: 10_000 }).toContain('tea-new');
    await brand.items([{ id: 'tea-new', name: 'tea of the spring', category: 'tea', stock: 0 }], ['tea-1']);
    await expect.poll(async () => ids(await brand.ask(surfaceWithNew)), { timeout: 10_000 }).not.toContain('tea-new');
    expect(ids(await brand.ask({ surface: 'home', person: { userId: 'u-0' }, k: 50 }))).not.toContain('tea-1');
  });

  it('goes with what is in the cart, and is like what is looked at', async () => {
    const cart = await brand.ask({ surface: 'cart', context: { cart: ['tea-0'] }, k: 4 });
    expect(cart.items[0]).toMatchObject({ method: 'together' });
    expect(cart.items[0]!.reason.en).toBe('Often bought with “tea number 0”');
    const similar = await brand.ask({ surface: 'similar', context: { itemId: 'book-4' }, k: 4 });
    expect(similar.items.map((item) => item.category)).toEqual(['book', 'book', 'book', 'book']);
    expect(ids(similar)).not.toContain('book-4');
  });

  it('puts what a search found into the order that suits the person, and adds nothing', async () => {
    const candidates = ['tea-3', 'cup-3', 'book-3', 'no-such-item'];
    const answer = await brand.ask({ surface: 'search', person: { userId: 'u-2' }, context: { candidates } });
    expect(ids(answer).sort()).toEqual(['book-3', 'cup-3', 'tea-3']);
  });
});

describe('a person who does not want personal lists', () => {
  it('gets what anybody gets, from the moment they say so', async () => {
    const person = { userId: 'u-4' };
    expect((await brand.ask({ surface: 'home', person })).personalised).toBe(true);
    await brand.track([{ type: 'identify', messageId: 'opt-out', userId: 'u-4', traits: { personalisation: false } }]);
    const [opted, anybody] = [await brand.ask({ surface: 'home', person }), await brand.ask({ surface: 'home' })];
    expect(opted).toMatchObject({ personalised: false, experiment: null });
    expect(opted.notes).toContain('opted_out');
    expect(opted.items).toEqual(anybody.items);
  });

  it('is remembered by the event store, and may change their mind', async () => {
    const traits = async () =>
      (
        await server.stores.events.read<{ n: string }>(brand.workspaceId, {
          name: 'n',
          sql: `SELECT count() AS n FROM @traits WHERE name = 'personalisation'`,
        })
      ).rows[0]!.n;
    await expect.poll(traits, { timeout: 10_000 }).toBe('1');
    await brand.track([{ type: 'identify', messageId: 'opt-in', userId: 'u-4', traits: { personalisation: true } }]);
    expect((await brand.ask({ surface: 'home', person: { userId: 'u-4' } })).personalised).toBe(true);
  });
});

describe('rules', () => {
  it('are kept: conditions, caps, pins with an end, boosts', async () => {
    await change(brand, 'home', {
      exploration: 0,
      perCategoryMax: 2,
      conditions: [{ attribute: 'origin', is: 'in', values: ['Fujian'] }],
      pins: [
        { itemId: 'cup-5', place: 2, until: at(-1) },
        { itemId: 'cup-7', place: 1, until: at(1) },
      ],
    });
    const answer = await brand.ask({ surface: 'home', person: { userId: 'u-5' }, k: 6, debug: true });
    // The pin that ended is gone; the one that holds stands whatever the conditions say.
    expect(answer.items[1]).toMatchObject({ itemId: 'cup-5', pinned: true, propensity: 1 });
    expect(ids(answer)).not.toContain('cup-7');
    const others = answer.items.filter((item) => !item.pinned);
    expect(others.every((item) => Number(item.itemId.split('-')[1]) % 2 === 0)).toBe(true);
    for (const kind of kinds) expect(others.filter((item) => item.category === kind).length).toBeLessThanOrEqual(2);
    expect(answer.debug!.removed.map(({ rule }) => rule)).toContain('condition:origin');
  });

  it('that let nothing through give an empty list with the reason, not an error', async () => {
    await change(brand, 'message', { conditions: [{ attribute: 'price', is: 'at_least', values: [99_999] }] });
    const answer = await brand.ask({ surface: 'message', person: { userId: 'u-6' } });
    expect(answer).toMatchObject({ items: [], propensity: 1 });
    expect(answer.notes).toContain('all_filtered');
  });

  it('can be tried before they are saved', async () => {
    const home = settingsOf(await homeOf(brand));
    const draft = {
      ...home,
      rules: { ...home.rules, conditions: [{ attribute: 'category', is: 'in', values: ['book'] }], pins: [] },
    };
    const tried = await brand.api('POST', '/preview', { surface: 'home', person: { userId: 'u-7' }, k: 5, draft });
    expect((tried.body as RecommendAnswer).items.every((item) => item.category === 'book')).toBe(true);
    expect((tried.body as RecommendAnswer).debug).toBeDefined();
    expect(settingsOf(await homeOf(brand))).toEqual(home);
  });
});

describe('the ledger', () => {
  it('has a row for every answer, with what was chosen, what else could have been, and the chances', async () => {
    const answer = await brand.ask({ surface: 'home', person: { userId: 'u-8' }, k: 3 });
    await server.engine.flush();
    const { rows } = await server.stores.events.read<Record<string, string>>(brand.workspaceId, {
      name: 'one',
      sql: 'SELECT surface, action, length(candidates) AS n, propensity, model_version, reasons FROM @decisions WHERE decision_id = {id:UUID}',
      parameters: { id: answer.decisionId },
    });
    expect(rows).toHaveLength(1);
    expect(JSON.parse(rows[0]!.action!)).toEqual(ids(answer));
    expect(Number(rows[0]!.n)).toBeGreaterThan(3);
    expect(JSON.parse(rows[0]!.reasons!)).toMatchObject(
      answer.items.map(({ itemId, propensity }) => ({ itemId, propensity })),
    );
  });

  it('gives live quality: clicks by decision id, purchases by item, with intervals', async () => {
    const asked = await brand.ask({ surface: 'next', person: { userId: 'u-9' }, k: 3 });
    await server.engine.flush();
    await sleep(20);
    const itemId = asked.items[0]!.itemId;
    await brand.track([
      {
        ...did('u-9', 'Product Clicked', itemId, 0, { decision_id: asked.decisionId }),
        timestamp: new Date().toISOString(),
      },
      { ...bought('u-9', [itemId]), timestamp: new Date().toISOString() },
    ]);
    const url = `/quality?from=${at(1).slice(0, 10)}&to=${at(-2).slice(0, 10)}&surface=next`;
    await expect
      .poll(async () => ((await brand.api('GET', url)).body as { rows: object[] }).rows, {
        timeout: 15_000,
        interval: 300,
      })
      .toMatchObject([
        { surface: 'next', answers: 1, clicks: 1, conversions: 1, revenueMinor: 1_000, clickRate: { value: 1 } },
      ]);
  });
});

describe('models', () => {
  it('roll back to an earlier version and forward again, while answers go on', async () => {
    expect(await train(brand)).toMatchObject({ state: 'done', modelVersion: 2 });
    expect((await brand.ask({ surface: 'home', person: { userId: 'u-1' } })).modelVersion).toBe('2');
    expect(await brand.api('POST', '/models/1/serve')).toMatchObject({
      status: 200,
      body: { version: 1, state: 'serving' },
    });
    await expect
      .poll(async () => (await brand.ask({ surface: 'home', person: { userId: 'u-1' } })).modelVersion, {
        timeout: 5_000,
      })
      .toBe('1');
    expect(await brand.api('POST', '/models/99/serve')).toMatchObject({ status: 404 });
    const states = ((await brand.api('GET', '/models')).body as { rows: RecommendModel[] }).rows.map(
      ({ version, state }) => [version, state],
    );
    expect(states).toEqual([
      [2, 'retired'],
      [1, 'serving'],
    ]);
  }, 90_000);

  it('says what is missing where there is too little to learn from', async () => {
    const small = await server.newBrand();
    expect(await train(small)).toMatchObject({ state: 'failed', error: expect.stringContaining('too little') });
  }, 60_000);

  it('can be cancelled while it trains', async () => {
    const { body } = await brand.api('POST', '/trainings', { promote: false });
    expect(await brand.api('POST', '/trainings', {})).toMatchObject({ status: 409 });
    const { id } = body as Training;
    expect(await brand.api('POST', `/trainings/${id}/cancel`)).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
    expect(await brand.api('POST', `/trainings/${id}/cancel`)).toMatchObject({ status: 409 });
  });
});

describe('another server of the installation', () => {
  it('sees events, items and rules that this one took, within seconds', async () => {
    const { stores } = server;
    const other = await openRecommendEngine({
      stores,
      modelDir: stores.config.recommend.modelDir,
      peopleMax: 100,
      log: { warn: () => undefined, info: () => undefined },
    });
    try {
      const workspace = (await findWorkspace(stores.control, brand.workspaceId))!;
      const ask = async (surface: string) =>
        JSON.parse(
          String(await other.answer(workspace, { surface, person: { userId: 'elsewhere' }, k: 36 })),
        ) as RecommendAnswer;
      expect((await ask('home')).personalised).toBe(false);
      await brand.track([{ ...did('elsewhere', 'Product Viewed', 'tea-3'), timestamp: new Date().toISOString() }]);
      await brand.items([{ id: 'cup-new', name: 'cup of the spring', category: 'cup', brand: 'cup house', stock: 9 }]);
      await expect.poll(async () => (await ask('home')).personalised, { timeout: 10_000, interval: 200 }).toBe(true);
      await expect.poll(async () => ids(await ask('feed')), { timeout: 10_000, interval: 200 }).toContain('cup-new');
    } finally {
      await other.close();
    }
  }, 30_000);
});

describe('whoever asks', () => {
  const post = (payload: object, headers: Record<string, string> = {}) =>
    server.app.inject({ method: 'POST', url: '/v1/recommend', payload, headers });

  it('needs a key with the right to ask', async () => {
    expect((await post({ surface: 'home' })).statusCode).toBe(401);
    expect((await post({ surface: 'home' }, { authorization: 'Bearer zy_nobody' })).statusCode).toBe(401);
    const weak = await brand.newKey(['data:read']);
    expect((await post({ surface: 'home' }, { authorization: `Bearer ${weak}` })).json()).toMatchObject({
      status: 403,
      code: 'auth.forbidden',
    });
  });

  it('sees their own brand and nothing of another', async () => {
    const other = await server.newBrand();
    const answer = await other.ask({ surface: 'home', person: { userId: 'u-1' }, k: 10 });
    expect(answer).toMatchObject({ items: [], personalised: false });
    expect(answer.notes).toContain('empty_catalogue');
    expect(
      (
        await server.app.inject({
          url: `/api/workspaces/${brand.workspaceId}/recommend/models`,
          headers: { authorization: `Bearer ${other.key}` },
        })
      ).statusCode,
    ).toBe(404);
  });

  it('from a page: only surfaces that are public, only by anonymous id', async () => {
    const question = { surface: 'similar', writeKey: brand.writeKey, context: { itemId: 'tea-2' } };
    expect((await post(question)).statusCode).toBe(403);
    await change(brand, 'similar', {}, { isPublic: true });
    expect((await post(question)).statusCode).toBe(200);
    expect((await post({ ...question, person: { userId: 'u-1' } })).json()).toMatchObject({
      status: 403,
      field: 'person.userId',
    });
    const block = await server.app.inject(
      `/v1/recommend/block?surface=similar&writeKey=${brand.writeKey}&itemId=tea-2&k=2`,
    );
    expect(block.headers['content-type']).toMatch(/^text\/html/);
    expect(block.body).toMatch(/^<ul class="zhiyin-recommend"/);
  });

  it('is told which field is wrong', async () => {
    const headers = { authorization: `Bearer ${brand.key}` };
    expect((await post({ surface: 'home', k: 0 }, headers)).json()).toMatchObject({ status: 400, field: 'k' });
    expect((await post({ surface: 'home', k: 101 }, headers)).json()).toMatchObject({ status: 400, field: 'k' });
    expect((await post({ surface: 'nowhere' }, headers)).json()).toMatchObject({ status: 404, field: 'surface' });
    expect((await post({ surface: 'home', persons: 1 }, headers)).json()).toMatchObject({
      status: 400,
      field: 'persons',
    });
  });

  it('may name anybody and anything, in any script', async () => {
    for (const userId of ['不存在的人', '👩‍🚀', 'a\u0000b', 'null', 'x'.repeat(512), '0']) {
      const answer = await brand.ask({ surface: 'home', person: { userId }, items: ['🛸', 'tea-3', 'не товар'], k: 3 });
      expect(answer.items).toHaveLength(3);
    }
    expect((await brand.ask({ surface: 'home', person: { userId: 'guest' } })).notes).toContain('unknown_person');
  });

  it('asks for many people at once', async () => {
    const people = Array.from({ length: 60 }, (_, i) => ({ userId: `u-${i}` }));
    const answer = await server.app.inject({
      method: 'POST',
      url: '/v1/recommend/batch',
      payload: { surface: 'next', people, k: 3 },
      headers: { authorization: `Bearer ${brand.key}` },
    });
    expect(answer.json<{ answers: RecommendAnswer[] }>().answers).toHaveLength(60);
  });
});
