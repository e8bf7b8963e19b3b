import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type RfmSettings, rfmGroups8, rfmGroups11, rfmSettingsSchema } from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asProfileId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { readComputedTraits } from '../computed-traits/index.ts';
import { readRfm, readRfmMigration, saveRfm } from './index.ts';

const rfmFile = path.resolve(import.meta.dirname, '../../../../../../shared/data/science/rfm/online_retail_rfm.csv.gz');
const at = new Date('2026-06-01T00:00:00Z');
const settings = rfmSettingsSchema.parse({});
let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

const newBrand = async (): Promise<Workspace> =>
  ({ id: await stores.newWorkspace({ currency: 'CNY' }), currency: 'CNY', timeZone: 'UTC' }) as Workspace;

type Line = { who: number; order: string; day: number; amount: number; kind?: 'sale' | 'refund'; currency?: string };
let lines = 0;
/** `day` is days before `at`; amounts in minor units. */
const buy = (brand: Workspace, bought: readonly Line[]) =>
  stores.events.append(
    'order_lines',
    bought.map(({ who, order, day, amount, kind = 'sale', currency = 'CNY' }) => {
      lines += 1;
      const instant = new Date(at.getTime() - day * 86_400_000).toISOString();
      return {
        workspace_id: brand.id,
        source_id: 1,
        line_key: `00000000-0000-4000-8000-${String(lines).padStart(12, '0')}`,
        identity_id: String(who),
        order_id: order,
        kind,
        item_id: 'tea',
        item_name: 'Tea',
        category: 'tea',
        quantity: '1',
        unit_price: '1',
        amount_minor: String(kind === 'refund' ? -amount : amount),
        currency,
        occurred_at: instant,
        received_at: instant,
        import_id: 0,
      };
    }),
    `lines-${lines}`,
  );

describe('RFM', () => {
  it('scores fifths, and gives one group of the eight and one of the eleven to everybody', async () => {
    const brand = await newBrand();
    // Person 1 bought last, most often and for most; person 50 first, once and for least.
    await buy(
      brand,
      Array.from({ length: 50 }, (_, i) => i + 1).flatMap((who) =>
        Array.from({ length: 51 - who }, (_, n) => ({
          who,
          order: `${who}-${n}`,
          day: who + n * 0.01,
          amount: 10_000 - who,
        })),
      ),
    );
    const rfm = await readRfm(stores, brand, settings, at);
    expect(rfm).toMatchObject({ people: 50, currency: 'CNY', notes: [] });
    expect(rfm.scores.map(({ recencyDays }) => recencyDays)).toEqual([
      { from: 41, to: 50 },
      { from: 31, to: 40 },
      { from: 21, to: 30 },
      { from: 11, to: 20 },
      { from: 1, to: 10 },
    ]);
    expect(rfm.scores[4]?.orders).toEqual({ from: 41, to: 50 });
    const of = (group: string) => [...rfm.groups8, ...rfm.groups11].find((row) => row.group === group)?.people;
    expect([of('important_value'), of('general_win_back')]).toEqual([20, 30]);
    expect([of('champions'), of('loyal'), of('need_attention'), of('hibernating'), of('lost')]).toEqual([
      10, 10, 10, 10, 10,
    ]);
    for (const groups of [rfm.groups8, rfm.groups11]) {
      expect(groups.reduce((sum, { people }) => sum + people, 0)).toBe(50);
      expect(groups.reduce((sum, { spentShare }) => sum + spentShare, 0)).toBeCloseTo(1, 9);
    }

    const saved = await saveRfm(stores, brand, settings, {
      at,
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    expect(saved.people).toBe(50);
    const traits = await readComputedTraits(stores, brand.id, asProfileId('1'));
    expect(Object.fromEntries(traits.map(({ name, value }) => [name, value]))).toEqual({
      'rfm.recency': 1,
      'rfm.frequency': 50,
      'rfm.monetary': 50 * 99.99,
      'rfm.score': '555',
      'rfm.group8': 'important_value',
      'rfm.group11': 'champions',
    });

    const { moves } = await readRfmMigration(stores, brand, settings, {
      from: new Date(at.getTime() - 40 * 86_400_000),
      to: at,
    });
    // Forty days before, the first 39 had not come yet.
    expect(moves.filter(({ from }) => from === '').reduce((sum, { people }) => sum + people, 0)).toBe(39);
    expect(moves.reduce((sum, { people }) => sum + people, 0)).toBe(50);
  });

  it('takes off what came back, and says what does not count', async () => {
    const brand = await newBrand();
    await buy(brand, [
      { who: 1, order: 'a', day: 10, amount: 5_000 },
      { who: 1, order: 'a', day: 9, amount: 2_000, kind: 'refund' },
      { who: 2, order: 'b', day: 5, amount: 3_000 },
      { who: 2, order: 'b', day: 4, amount: 9_000, kind: 'refund' },
      { who: 2, order: 'c', day: 50, amount: 1_000 },
      { who: 3, order: 'd', day: 7, amount: 4_000 },
      { who: 3, order: 'd', day: 6, amount: 4_000, kind: 'refund' },
      { who: 4, order: 'e', day: -3, amount: 8_000 },
      { who: 5, order: 'f', day: 3, amount: 700, currency: 'USD' },
      { who: 6, order: 'g', day: 3, amount: 700, kind: 'refund' },
    ]);
    const rfm = await readRfm(stores, brand, settings, at);
    expect(rfm.people).toBe(2);
    expect(rfm.groups11.reduce((sum, { spentMinor }) => sum + spentMinor, 0)).toBe(4_000);
    expect(rfm.scores.find(({ recencyDays }) => recencyDays?.to === 50)).toBeDefined();
    expect(Object.fromEntries(rfm.notes.map(({ code, count }) => [code, count]))).toEqual({
      few_people: 2,
      equal_values: 3,
      future_orders: 1,
      other_currency: 1,
      refunds_exceed_orders: 1,
      refunds_without_order: 1,
    });
  });

  it('of nobody and of one person is no fault and holds no NaN', async () => {
    const brand = await newBrand();
    const nobody = await readRfm(stores, brand, settings, at);
    expect(nobody).toMatchObject({ people: 0, notes: [{ code: 'no_orders' }] });
    expect(JSON.stringify(nobody.groups8)).not.toContain('null');
    await buy(brand, [{ who: 9, order: 'z', day: 1, amount: 100 }]);
    for (const [ties, group] of [
      ['together', 'new_customers'],
      ['split', 'need_attention'],
    ] as const) {
      const one = await readRfm(stores, brand, { ...settings, ties }, at);
      expect(one.groups11.filter(({ people }) => people > 0)).toMatchObject([{ group, people: 1 }]);
    }
  });

  it('follows limits of the brand, and a window', async () => {
    const brand = await newBrand();
    await buy(
      brand,
      [5, 20, 45, 80, 200].map((day, i) => ({ who: i + 1, order: `o${i}`, day, amount: 100 * 10 ** i })),
    );
    const own: RfmSettings = {
      ...settings,
      windowDays: 100,
      cuts: { recencyDays: [7, 30, 60, 90], orders: [2, 3, 5, 10], spent: [2, 20, 200, 2_000] },
    };
    const rfm = await readRfm(stores, brand, own, at);
    expect(rfm.people).toBe(4);
    expect(rfm.scores.map(({ recencyDays }) => recencyDays?.from ?? null)).toEqual([null, 80, 45, 20, 5]);
    expect(rfm.scores.map(({ spentMinor }) => spentMinor?.from ?? null)).toEqual([100, 1_000, 10_000, 100_000, null]);
  });

  it('has a group for every pair of scores', async () => {
    const brand = await newBrand();
    const own: RfmSettings = {
      ...settings,
      cuts: { recencyDays: [1, 2, 3, 4], orders: [2, 3, 4, 5], spent: [2, 3, 4, 5] },
    };
    const cases = [1, 2, 3, 4, 5].flatMap((r) => [1, 2, 3, 4, 5].map((v) => ({ r, v })));
    await buy(
      brand,
      cases.flatMap(({ r, v }, who) =>
        Array.from({ length: v }, (_, n) => ({ who: who + 1, order: `${who}-${n}`, day: 6.5 - r, amount: 100 })),
      ),
    );
    const rfm = await readRfm(stores, brand, own, at);
    expect(rfm.cells.map(({ people }) => people)).toEqual(Array(25).fill(1));
    const sizes = Object.fromEntries(rfm.groups11.map(({ group, people }) => [group, people]));
    expect(Object.keys(sizes)).toEqual([...rfmGroups11]);
    expect(sizes).toMatchObject({ champions: 2, loyal: 4, lost: 1, cannot_lose: 2, new_customers: 1, hibernating: 3 });
    expect(Object.values(sizes).every((people) => people > 0)).toBe(true);
    expect(rfm.groups8.map(({ group }) => group)).toEqual([...rfmGroups8]);
  });

  it.skipIf(!existsSync(rfmFile))(
    'counts as many best and worst customers of a real shop as a peer does (skipped: data not present)',
    async () => {
      const brand = await newBrand();
      const people = gunzipSync(readFileSync(rfmFile))
        .toString('utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',').map(Number));
      await buy(
        brand,
        people.flatMap(([who = 0, recency = 0, frequency = 0, money = 0]) =>
          Array.from({ length: frequency }, (_, n) => ({
            who,
            order: `${who}-${n}`,
            day: recency + 0.5,
            // What is left of dividing goes with the first order.
            amount:
              Math.floor((money * 100) / frequency) +
              (n === 0 ? Math.round(money * 100) - frequency * Math.floor((money * 100) / frequency) : 0),
          })),
        ),
      );
      const scores = async (ties: 'split' | 'together') => {
        await saveRfm(
          stores,
          brand,
          { ...settings, ties },
          { at, signal: new AbortController().signal, progress: () => undefined },
        );
        const { rows } = await stores.events.read<{ value: string; people: string }>(brand.id, {
          name: 'scores',
          sql: `SELECT value, count() AS people FROM @computed_traits WHERE name = 'rfm.score' GROUP BY value`,
        });
        return Object.fromEntries(rows.map(({ value, people }) => [JSON.parse(value), Number(people)]));
      };
      expect(await scores('split')).toMatchObject({ 555: 347, 111: 183 });
    },
  );
});
