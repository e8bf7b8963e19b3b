import { type SegmentRule, segmentRuleSchema } from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayOf } from '../../domain/calendar.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { firstValues, saveSettings } from '../../llm/model-settings.ts';
import { openModelServer } from '../../llm/testing/model-server.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { computeSegments } from './membership/compute-segments.ts';
import { pushMemberships } from './membership/send-changes.ts';
import { refuseTooLarge } from './rule/check-rule.ts';
import { segmentsStage } from './segments-stage.ts';
import type { ToldPerson } from './testing/interpret-rule.ts';
import { storePeople } from './testing/store-people.ts';

let stores: TestStores;
let workspace: Workspace;
const view = { reveal: true, locale: 'en' } as const;
const day = 86_400_000;

beforeAll(async () => {
  stores = await openTestStores();
  const id = await stores.newWorkspace({ timeZone: 'Asia/Shanghai', currency: 'CNY' });
  workspace = {
    id,
    name: 'Brand',
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
    locale: 'en',
    isDemo: false,
    createdAt: new Date(),
    settings: {} as never,
  };
  await storePeople(
    stores,
    id,
    Array.from({ length: 40 }, (_, i) => aPerson(i)),
  );
});
afterAll(async () => {
  await stores.close();
});

/** Everybody looked, every second bought, every fifth lives in Shanghai. */
function aPerson(i: number): ToldPerson {
  const at = Date.now() - (i + 1) * day;
  const event = (name: string) => ({ name, at, key: '', properties: { category: i % 2 ? 'tea' : 'cup', price: i } });
  return {
    profileId: String(10_000 + i),
    events: [event('product_viewed'), ...(i % 2 ? [event('order_completed')] : [])],
    lines: [],
    traits: [{ name: 'city', value: i % 5 ? 'Beijing' : 'Shanghai', at }],
  };
}

const act = {
  by: null,
  audit: async () => undefined,
  sendCompute: (segmentId: number) =>
    computeSegments(stores, workspace, { segmentIds: [segmentId], now: () => new Date() }),
};
const make = (name: string, rule: unknown) =>
  segmentsStage.createSegment(stores, workspace, { name, rule: segmentRuleSchema.parse(rule) }, act);
const bought = { kind: 'event', event: 'order_completed' };
const inShanghai = { kind: 'trait', trait: 'city', test: { op: 'is', value: 'Shanghai' } };

describe('segments', () => {
  it('are made of a rule, counted, listed, explained, put away and brought back', async () => {
    const buyers = await make('Buyers', bought);
    const shanghai = await make('Shanghai', inShanghai);
    const both = await make('Both', {
      kind: 'all',
      of: [
        { kind: 'segment', segmentId: buyers.id },
        { kind: 'segment', segmentId: shanghai.id },
      ],
    });
    expect([buyers.people, shanghai.people, both.people]).toEqual([20, 8, 4]);
    const page = await segmentsStage.listSegments(stores, workspace, { sort: 'name' });
    expect(page.rows.map(({ name, share }) => [name, share])).toEqual([
      ['Both', 0.1],
      ['Buyers', 0.5],
      ['Shanghai', 0.2],
    ]);
    expect(page.rows[1]).toMatchObject({ computing: null, usedBy: [{ name: 'Both' }], entered7d: 20 });
    expect(page.rows[1]!.sizes.at(-1)!.people).toBe(20);

    const first = await segmentsStage.listMembers(stores, workspace, buyers.id, { limit: 15 }, view);
    const rest = await segmentsStage.listMembers(
      stores,
      workspace,
      buyers.id,
      { limit: 15, cursor: first.nextCursor! },
      view,
    );
    expect([first.rows.length, rest.rows.length, rest.nextCursor]).toEqual([15, 5, null]);
    expect(first.rows[0]).toMatchObject({ profileId: '10001', events: 2 });

    const overlap = await segmentsStage.readOverlap(stores, workspace, [buyers.id, shanghai.id]);
    expect(overlap.sets.map(({ people }) => people)).toEqual([20, 8]);
    expect(overlap.intersections.map(({ people }) => people)).toEqual([16, 4, 4]);

    const why = await segmentsStage.explainMembership(stores, workspace, { profileId: '10005', segmentId: both.id });
    expect(why).toMatchObject({
      isIn: true,
      isKept: true,
      finding: { holds: true, of: [{ value: '1' }, { value: 'Shanghai' }] },
    });
    expect(await segmentsStage.listPersonSegments(stores, workspace, '10005')).toHaveLength(3);

    const today = dayOf(new Date(), workspace.timeZone);
    const size = await segmentsStage.readSize(stores, workspace, buyers.id, {
      from: addDays(today, -1),
      to: addDays(today, 1),
    });
    expect(size.rows).toEqual([
      { day: addDays(today, -1), people: 0, entered: 0, left: 0 },
      { day: today, people: 20, entered: 20, left: 0 },
    ]);

    await expect(segmentsStage.archiveSegment(stores, workspace, buyers.id, act)).rejects.toThrow('is part of: Both');
    expect((await segmentsStage.archiveSegment(stores, workspace, both.id, act)).people).toBe(0);
    expect((await segmentsStage.restoreSegment(stores, workspace, both.id, act)).people).toBe(4);
    await expect(
      segmentsStage.updateSegment(
        stores,
        workspace,
        buyers.id,
        { rule: { kind: 'segment', segmentId: both.id, in: true } },
        act,
      ),
    ).rejects.toThrow('Buyers → Both → Buyers');
    const changed = await segmentsStage.updateSegment(
      stores,
      workspace,
      shanghai.id,
      { rule: segmentRuleSchema.parse({ ...inShanghai, test: { op: 'is', value: 'Beijing' } }) },
      act,
    );
    expect(changed.people).toBe(32);
    expect((await segmentsStage.getSegment(stores, workspace, both.id)).people).toBe(16);
    await expect(make('buyers', bought)).rejects.toMatchObject({ code: 'conflict', details: { field: 'name' } });
  });

  it('are told apart by traits, events and orders', async () => {
    const id = await stores.newWorkspace({ timeZone: 'Asia/Shanghai', currency: 'CNY' });
    const own = { ...workspace, id };
    const at = Date.now() - day;
    // Who came back: 30 of 100. Of them 24 gold, 6 without a tier; of the others 7 gold. Age says nothing, orders do.
    await storePeople(
      stores,
      id,
      Array.from({ length: 100 }, (_, i): ToldPerson => {
        const isBack = i < 30;
        const event = (name: string, when = at) => ({ name, at: when, key: '', properties: {} });
        const tier = isBack ? i < 24 : i < 37;
        return {
          profileId: String(20_000 + i),
          events: [
            event('page_viewed'),
            ...(isBack ? [event('came_back')] : []),
            ...((isBack ? i % 2 === 0 : i % 10 === 0) ? [event('wishlist')] : []),
            ...(isBack ? [event('long_ago', at - 100 * day)] : []),
          ],
          lines: isBack
            ? [
                {
                  orderId: `o${i}`,
                  kind: 'sale',
                  itemId: 'cup',
                  category: 'cup',
                  quantity: 1,
                  unitPrice: 100 + (i % 3),
                  amountMinor: 10_000 + 100 * (i % 3),
                  currency: 'CNY',
                  at,
                },
              ]
            : [],
          traits: [
            ...(tier ? [{ name: 'tier', value: 'gold', at }] : []),
            { name: 'age', value: 20 + (i % 5), at },
            { name: 'nick', value: `n${i}`, at },
          ],
        };
      }),
    );
    // 1, 2, 3 of those who came back, 4, 5, 6 of the others: computed, and with no value for every tenth.
    await stores.events.append(
      'computed_traits',
      Array.from({ length: 100 }, (_, i) => ({
        workspace_id: id,
        profile_id: String(20_000 + i),
        name: 'visits',
        value: String((i < 30 ? 1 : 4) + (i % 3)),
        number: (i < 30 ? 1 : 4) + (i % 3),
        source: 'sql',
        computed_at: new Date(at).toISOString().replace('T', ' ').slice(0, 23),
        version: at,
        deleted: i % 10 === 9 ? 1 : 0,
      })),
      'computed',
    );
    const ownAct = {
      ...act,
      sendCompute: (segmentId: number) =>
        computeSegments(stores, own, { segmentIds: [segmentId], now: () => new Date() }),
    };
    const makeOwn = (name: string, rule: unknown) =>
      segmentsStage.createSegment(stores, own, { name, rule: segmentRuleSchema.parse(rule) }, ownAct);
    const back = await makeOwn('Back', { kind: 'event', event: 'came_back' });
    const gold = await makeOwn('Gold', { kind: 'trait', trait: 'tier', test: { op: 'is', value: 'gold' } });
    const few = await makeOwn('Few', { kind: 'trait', trait: 'nick', test: { op: 'is', value: 'n1' } });
    await pushMemberships(stores, id);

    const { here, there, differences, note } = await segmentsStage.compareSegments(stores, own, {
      segmentId: back.id,
      withId: null,
    });
    expect([here.people, there.people, note]).toEqual([30, 70, null]);
    const found = new Map(differences.map((one) => [`${one.kind} ${one.name}`, one]));
    // Age and what everybody did do not differ; what was done long ago, and names that everybody has another of, are not looked at.
    expect([...found.keys()].toSorted()).toEqual([
      'event came_back',
      'event wishlist',
      'number orders',
      'number revenue',
      'number visits',
      'text tier',
    ]);
    expect(differences.map(({ strength }) => strength)).toEqual(
      differences.map(({ strength }) => strength).toSorted((a, b) => b - a),
    );
    expect(found.get('number orders')).toMatchObject({ here: 1, there: 0, effect: null, strength: 1 });
    expect(found.get('number revenue')).toMatchObject({ here: expect.closeTo(101, 9), there: 0, measure: 'cohens_d' });
    // 27 of 1, 2, 3 alike: squares of 18; 63 of 4, 5, 6 alike: 42; over 88 degrees of freedom.
    expect(found.get('number visits')).toMatchObject({
      here: 2,
      there: 5,
      effect: expect.closeTo(-3 / Math.sqrt(60 / 88), 9),
    });
    // 15 of 30 against 7 of 70.
    expect(found.get('event wishlist')).toMatchObject({ here: 0.5, there: 0.1, effect: expect.closeTo(5, 9) });
    // 24, 6 against 7, 63: phi is (24·63 − 6·7) / √(30·70·31·69).
    expect(found.get('text tier')).toMatchObject({
      value: 'gold',
      here: 0.8,
      there: 0.1,
      effect: expect.closeTo(1470 / Math.sqrt(30 * 70 * 31 * 69), 9),
    });

    const withGold = await segmentsStage.compareSegments(stores, own, { segmentId: back.id, withId: gold.id });
    expect(withGold.there).toEqual({ id: gold.id, name: 'Gold', people: 31 });
    const tooFew = await segmentsStage.compareSegments(stores, own, { segmentId: few.id, withId: null });
    expect(tooFew).toMatchObject({ here: { people: 1 }, differences: [], note: { code: 'too_few_to_compare' } });
    // Another brand's segment is none of this one's.
    await expect(
      segmentsStage.compareSegments(stores, workspace, { segmentId: few.id, withId: null }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('can be looked at before they are saved, with what is odd about them', async () => {
    const rule = (input: unknown): SegmentRule => segmentRuleSchema.parse(input);
    const preview = await segmentsStage.previewSegment(stores, workspace, { rule: rule(bought), sample: 3 }, view);
    expect(preview).toMatchObject({
      people: 20,
      everyone: 40,
      margin: 0,
      duplicateOf: { name: 'Buyers' },
      warnings: [],
    });
    expect(preview.sample.map(({ profileId }) => profileId)).toEqual(['10001', '10003', '10005']);

    const odd = await segmentsStage.previewSegment(
      stores,
      workspace,
      {
        rule: rule({
          kind: 'all',
          of: [
            inShanghai,
            { ...inShanghai, test: { op: 'is', value: 'Beijing' } },
            { kind: 'event', event: 'order_complete', test: { op: 'between', from: 5, to: 3 } },
            {
              kind: 'event',
              event: 'product_viewed',
              where: [{ property: 'categry', test: { op: 'is', value: 'tea' } }],
            },
          ],
        }),
      },
      view,
    );
    expect(odd.people).toBe(0);
    expect(odd.warnings.map(({ path, code, values }) => [path, code, values.nearest])).toEqual([
      ['of[1]', 'rule_contradiction', undefined],
      ['of[2].test', 'rule_empty_range', undefined],
      ['of[2].event', 'rule_unknown_near', 'order_completed'],
      ['of[3].where[0].property', 'rule_unknown_near', 'category'],
    ]);
    const refused = { kind: 'event', event: 'product_viewed', test: { op: 'contains', text: 'x' } };
    await expect(segmentsStage.previewSegment(stores, workspace, { rule: rule(refused) }, view)).rejects.toMatchObject({
      details: { field: 'rule.test.op' },
    });
    let deep: unknown = bought;
    for (let i = 0; i < 20_000; i += 1) deep = { kind: 'not', of: deep };
    expect(() => refuseTooLarge(deep)).toThrow('nested deeper than 8');
  });

  it('tell what rules can be made of', async () => {
    const vocabulary = await segmentsStage.readVocabulary(stores, workspace);
    expect(vocabulary.events.map(({ name, events }) => [name, events])).toEqual([
      ['product_viewed', 40],
      ['order_completed', 20],
    ]);
    expect(vocabulary.events[0]!.properties.map(({ name, type }) => [name, type]).toSorted()).toEqual([
      ['category', 'text'],
      ['price', 'number'],
    ]);
    expect(vocabulary.traits).toEqual([
      {
        name: 'city',
        type: 'text',
        values: [
          { value: 'Beijing', people: 32 },
          { value: 'Shanghai', people: 8 },
        ],
      },
    ]);
    expect(vocabulary.places.city[0]).toEqual({ value: 'Beijing', people: 32 });
  });

  it('are read from words, by the model where it answers well and by the grammar otherwise', async () => {
    const text = 'lives in Shanghai and bought';
    const read = () => segmentsStage.readRuleFromWords(stores, workspace, { text });
    const byGrammar = await read();
    expect(byGrammar).toMatchObject({ by: 'grammar', notUnderstood: [], warnings: [] });
    expect(byGrammar.rule).toEqual(segmentRuleSchema.parse({ kind: 'all', of: [inShanghai, bought] }));

    const model = await openModelServer();
    await saveSettings(stores, workspace, { ...firstValues, baseUrl: model.url, chatModel: 'm' }, stores.control);
    const say = (rule: unknown) =>
      model.behave({
        answer: () =>
          JSON.stringify({ rule, understood: [{ text: 'bought', path: '' }], notUnderstood: ['lives in Shanghai'] }),
      });
    say(bought);
    expect(await read()).toMatchObject({
      by: 'model',
      rule: bought,
      understood: [{ text: 'bought', path: '' }],
      notUnderstood: ['lives in Shanghai'],
    });
    expect(model.seen[0]!.raw).not.toContain('Beijing');
    // One that is not there, one that cannot be asked, one that is no rule.
    for (const wrong of [
      { kind: 'segment', segmentId: 999 },
      { kind: 'event', event: 'segment_entered' },
      { kind: 'x' },
    ]) {
      say(wrong);
      expect(await read()).toEqual(byGrammar);
    }
    await model.close();
    expect(await read()).toEqual(byGrammar);
  });
});
