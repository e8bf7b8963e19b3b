import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asProfileId, type WorkspaceId } from '../../domain/ids.ts';
import { readModelFile } from '../../storage/models/model-files.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { readComputedTraits } from '../computed-traits/index.ts';
import { discoverPlan } from '../features/discover-plan.ts';
import { readAllFeatures } from '../features/read-features.ts';
import { type Definition, isPredictionBundle } from './prediction.ts';
import { scorePrediction } from './score/score-prediction.ts';
import type { SavedReasons } from './score/scored-row.ts';
import { trainPrediction } from './train/train-prediction.ts';

const day = 86_400_000;
const now = new Date('2026-06-01T00:00:00Z');
const people = 900;
const daysBack = 200;
const modelDir = mkdtempSync(path.join(tmpdir(), 'zhiyin-predictions-'));
let stores: TestStores;
let workspaceId: WorkspaceId;

beforeAll(async () => {
  stores = await openTestStores();
  workspaceId = await stores.newWorkspace({ timeZone: 'Asia/Shanghai', currency: 'CNY' });
  await fillShop();
}, 60_000);
afterAll(async () => {
  await stores.close();
  rmSync(modelDir, { recursive: true, force: true });
});

const workspace = () => ({ id: workspaceId, currency: 'CNY', timeZone: 'Asia/Shanghai' });
const define = (definition: Partial<Definition>): Definition => ({
  id: 1,
  key: 'repurchase',
  kind: 'repurchase',
  goalEvent: null,
  horizonDays: 30,
  who: { who: 'buyers', withinDays: 365 },
  ...definition,
});
const train = (definition: Definition) =>
  trainPrediction(stores.events, {
    ...workspace(),
    workspaceId,
    definition,
    modelDir,
    now,
    rowsMax: 10_000,
    timeBudgetSeconds: 5,
    seed: 1,
    progress: () => undefined,
  });

describe('features', () => {
  it('know nothing of what happens at the instant or later', async () => {
    const plan = await discoverPlan(stores.events, workspace(), now);
    const at = new Date(now.getTime() - 40 * day);
    const read = () =>
      readAllFeatures(stores.events, workspaceId, plan, { at, filter: { who: 'everyone', withinDays: 1 } });
    const before = await read();
    const person = before.people[7]!;
    const row = { ...event(person, at.getTime(), 'order_completed', 'late'), properties: { coupon: 'X' } };
    await stores.events.append('events', [row], 'late-event');
    await stores.events.append('order_lines', [line(person, at.getTime() + 1, 'late')], 'late-line');
    const after = await read();
    expect(after).toEqual(before);
    const later = await readAllFeatures(stores.events, workspaceId, plan, {
      at: new Date(at.getTime() + day),
      filter: { who: 'everyone', withinDays: 1 },
    });
    const orders = (found: typeof before) => {
      const column = found.table.columns.find(({ name }) => name === 'orders');
      return column?.kind === 'number' ? column.values[found.people.indexOf(person)] : undefined;
    };
    expect(orders(later)).toBe((orders(before) ?? 0) + 1);
  });
});

describe('a prediction', () => {
  it('learns who buys again, scores everybody, and says why so that the reasons sum to the score', async () => {
    const trained = await train(define({}));
    if (trained.kind !== 'trained') throw new Error(trained.said.code);
    const { card } = trained;
    // Every third person buys every ten days; the others bought once and only look.
    expect(card.test?.auc).toBeGreaterThan(0.9);
    expect(card.data.cuts.length).toBeGreaterThanOrEqual(3);
    expect(card.leaks.every(({ auc }) => auc <= 1)).toBe(true);
    const bundle = await readModelFile(modelDir, trained.saved, isPredictionBundle);
    const summary = await scorePrediction(stores.events, bundle, {
      workspace: workspace(),
      definition: define({}),
      runId: 5,
      now,
      progress: () => undefined,
    });
    expect(summary.people).toBe(people);
    const { rows } = await stores.events.read<{ profile_id: string; score: number; reasons: string }>(workspaceId, {
      name: 'scores',
      sql: 'SELECT profile_id, score, reasons FROM @prediction_scores WHERE run_id = 5 ORDER BY profile_id',
    });
    for (const { score, reasons } of rows) {
      const { base, rest, top } = JSON.parse(reasons) as SavedReasons;
      const sum = top.reduce((all, [, , contribution]) => all + contribution, (base ?? 0) + (rest ?? 0));
      expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(score, 6);
    }
    const [loyal, lost] = [rows.find(isLoyal), rows.find((row) => !isLoyal(row))];
    expect(loyal!.score).toBeGreaterThan(lost!.score);
    const traits = await readComputedTraits(stores, workspaceId, asProfileId(loyal!.profile_id));
    expect(traits.map(({ name }) => name)).toEqual(['repurchase.level', 'repurchase.probability']);
    expect(traits[1]?.value).toBeCloseTo(loyal!.score, 5);
  }, 60_000);

  it('is refused with the numbers where there is too little, and not failed', async () => {
    const rare = await train(define({ kind: 'goal', goalEvent: 'never_seen', who: { who: 'active', withinDays: 90 } }));
    expect(rare).toEqual({ kind: 'refused', said: { code: 'few_positives', values: { found: 0, needed: 100 } } });
    const long = await train(define({ horizonDays: 300 }));
    expect(long).toMatchObject({ kind: 'refused', said: { code: 'short_history', values: { needed: 328 } } });
  }, 30_000);

  it('of lifetime value says what serves, and gives each customer purchases and money', async () => {
    const trained = await train(define({ key: 'clv', kind: 'lifetime_value' }));
    if (trained.kind !== 'trained') throw new Error(trained.said.code);
    expect(trained.card.plain.map(({ name }) => name)).toContain('bg-nbd');
    expect(trained.card.lifetime?.track.length).toBeGreaterThan(10);
    const bundle = await readModelFile(modelDir, trained.saved, isPredictionBundle);
    const definition = define({ id: 2, key: 'clv', kind: 'lifetime_value' });
    const summary = await scorePrediction(stores.events, bundle, {
      workspace: workspace(),
      definition,
      runId: 6,
      now,
      progress: () => undefined,
    });
    expect(summary.people).toBe(people);
    // A third buys three times a month for about 50: what is expected must be near what they have always done.
    expect(summary.meanScore! / 100).toBeGreaterThan(25);
    expect(summary.meanScore! / 100).toBeLessThan(75);
  }, 60_000);
});

const isLoyal = ({ profile_id }: { profile_id: string }): boolean => Number(BigInt(profile_id) % 3n) === 0;

/** Every third person buys every ten days or so until the end; the others bought once, 60 to 190 days ago, and look now and then. */
async function fillShop(): Promise<void> {
  const random = seeded(7);
  const events: Record<string, unknown>[] = [];
  const lines: Record<string, unknown>[] = [];
  const buy = (id: string, at: number) => {
    const order = `${id}-${Math.floor(at / 1_000)}`;
    events.push(event(id, at, 'order_completed', order));
    lines.push(line(id, at, order));
  };
  for (let person = 0; person < people; person += 1) {
    const id = String(1_000_000_000_000 + person);
    const start = now.getTime() - (daysBack - 5 * random()) * day;
    if (Number(BigInt(id) % 3n) === 0) {
      for (let at = start; at < now.getTime(); at += (4 + 12 * random()) * day) buy(id, at);
    } else {
      buy(id, now.getTime() - (60 + 130 * random()) * day);
    }
    for (let visit = 0; visit < 6; visit += 1) {
      events.push(event(id, now.getTime() - daysBack * random() * day, 'product_viewed', String(visit)));
    }
  }
  await stores.events.append('events', events, 'events');
  await stores.events.append('order_lines', lines, 'lines');
}

const text = (at: number) => new Date(at).toISOString();
let keys = 0;
function nextKey(): string {
  keys += 1;
  return `00000000-0000-4000-8000-${String(keys).padStart(12, '0')}`;
}
function event(id: string, at: number, name: string, mark: string): Record<string, unknown> {
  return {
    workspace_id: workspaceId,
    source_id: 1,
    message_key: nextKey(),
    identity_id: id,
    type: 'track',
    name,
    occurred_at: text(at),
    received_at: text(at),
    properties: { mark },
    context: {},
    repairs: [],
    import_id: 0,
  };
}
function line(id: string, at: number, order: string): Record<string, unknown> {
  return {
    workspace_id: workspaceId,
    source_id: 1,
    line_key: nextKey(),
    identity_id: id,
    order_id: order,
    kind: 'sale',
    item_id: 'tea',
    item_name: 'Tea',
    category: 'tea',
    quantity: '1',
    unit_price: '50',
    amount_minor: 4_000 + (keys % 21) * 100,
    currency: 'CNY',
    occurred_at: text(at),
    received_at: text(at),
    import_id: 0,
  };
}
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
