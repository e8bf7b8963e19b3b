import type { CustomerRunCreate } from '@zhiyin/contract';
import { seededRandom } from '@zhiyin/learn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asIdentityId, asSourceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { createRun, listRuns } from './customer-runs.ts';
import { customerStage } from './customer-stage.ts';
import { runCustomers } from './run-customers.ts';

const now = Date.now();
const day = 86_400_000;
const act = { audit: async () => undefined };
const view = { reveal: true, locale: 'en' as const };
let stores: TestStores;
let brand: Workspace;
beforeAll(async () => {
  stores = await openTestStores();
  brand = await newBrand();
  await behave(brand);
});
afterAll(() => stores.close());

const newBrand = async (): Promise<Workspace> =>
  ({
    id: await stores.newWorkspace({ currency: 'CNY' }),
    currency: 'CNY',
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
  }) as Workspace;

async function run(workspace: Workspace, request: CustomerRunCreate) {
  const { id } = await createRun(stores.control, workspace.id, { request, startedBy: 'operator' });
  const parts = { stores, address: stores.addresses.events };
  await runCustomers(parts, workspace, id, { signal: new AbortController().signal, progress: () => undefined });
  const [latest] = await listRuns(stores.control, workspace.id, request.kind);
  return latest;
}

describe('customers as groups', () => {
  it('are clustered by how they behave, under names that say it, and go on under the same numbers', async () => {
    const request = { kind: 'clusters', method: 'k-means', k: null, who: 'buyers' } as const;
    expect(await run(brand, request)).toMatchObject({ state: 'done', progress: 1 });
    const { clustering } = await customerStage.readClusters(stores, brand);
    expect(clustering).toMatchObject({ people: 240, k: 4, kChosen: true, method: 'k-means' });
    const named = Object.fromEntries((clustering?.clusters ?? []).map(({ name, people }) => [name, people]));
    expect(named).toEqual({ high_value_regulars: 60, bargain_hunters: 60, sleepers: 60, newcomers: 60 });
    expect(clustering?.curve.map(({ k }) => k)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(clustering?.map.points).toHaveLength(240);
    expect(JSON.stringify(clustering)).not.toMatch(/NaN|"silhouette":null/);
    const hunters = clustering?.clusters.find(({ name }) => name === 'bargain_hunters');
    expect(hunters?.differences.slice(0, 3).map(({ feature }) => feature)).toContain('discount_share');

    const people = await customerStage.listPeople(stores, brand, { limit: 50, cluster: hunters?.key }, view);
    expect(people.rows.every(({ profileId }) => Number(profileId) > 1_060 && Number(profileId) <= 1_120)).toBe(true);
    await customerStage.labelCluster(stores, brand, hunters?.key ?? 0, '折扣控', act);
    // Twenty more hunters come: still the same four, with the same numbers.
    await behave(brand, { group: 1, from: 2_000, people: 20 });
    await run(brand, { ...request, k: 4 });
    const again = (await customerStage.readClusters(stores, brand)).clustering;
    expect(Object.fromEntries((again?.clusters ?? []).map(({ key, name }) => [key, name]))).toEqual(
      Object.fromEntries((clustering?.clusters ?? []).map(({ key, name }) => [key, name])),
    );
    expect(again?.clusters.find(({ key }) => key === hunters?.key)).toMatchObject({ label: '折扣控', people: 80 });
  }, 60_000);

  it('have look-alikes: a part of a group finds the rest of it', async () => {
    const { clustering } = await customerStage.readClusters(stores, brand);
    const key = clustering?.clusters.find(({ name }) => name === 'bargain_hunters')?.key ?? 0;
    expect(
      await run(brand, {
        kind: 'look_alike',
        name: 'hunters',
        seed: { kind: 'computed', name: 'cluster.behaviour', value: key },
      }),
    ).toMatchObject({ state: 'done' });
    const [found] = await customerStage.listLookAlikes(stores, brand);
    expect(found?.seed).toEqual({ kind: 'computed', name: 'cluster.behaviour', value: key, people: 80 });
    expect(found?.result?.others).toBe(180);
    expect(found?.result?.auc.value).toBeGreaterThan(0.95);
    const recalls = found?.result?.curve.map(({ recall }) => recall) ?? [];
    expect(recalls).toEqual([...recalls].sort((a, b) => a - b));
    expect(recalls.at(-1)).toBe(1);
    expect(found?.result?.curve.at(-1)?.people).toBe(180);
    expect(found?.result?.reasons.map(({ feature }) => feature)).toContain('discount_share');
    // Of a segment, as its copy in the event store has it.
    await stores.events.append(
      'segment_memberships',
      Array.from({ length: 60 }, (_, i) => ({
        workspace_id: brand.id,
        profile_id: 1_061 + i,
        segments: [7],
        version: 1,
      })),
      'members',
    );
    await run(brand, { kind: 'look_alike', name: 'segment', seed: { kind: 'segment', segmentId: 7 } });
    expect((await customerStage.listLookAlikes(stores, brand))[0]?.seed).toMatchObject({ kind: 'segment', people: 60 });
  }, 60_000);

  it('are linked by what they tell of each other', async () => {
    const vault = await stores.vault.of(brand.id);
    const idOf = (name: string) => vault.surrogate('user_id', name);
    const names = Array.from({ length: 12 }, (_, i) => `friend-${i}`);
    await stores.control.transaction((session) =>
      vault.remember(
        session,
        names.map((value) => ({
          identityId: asIdentityId(idOf(value)),
          kind: 'user_id' as const,
          value,
          firstSeenAt: new Date(now - day),
        })),
        [],
      ),
    );
    // Two circles of six, each brought by its first; one knows somebody of the other; one names nobody who is known.
    const links = names.flatMap((_, i) => (i % 6 === 0 ? [] : [[i, i - (i % 6)]])) as [number, number][];
    const close = names.flatMap((_, i) => (i % 6 > 1 ? [[i, i - 1]] : [])) as [number, number][];
    await send(brand, [
      ...names.map((name) => anEvent(idOf(name), 'page_viewed', 2)),
      ...links.map(([from, to]) =>
        anEvent(idOf(`friend-${from}`), 'invite_accepted', 1, { referrer_id: `friend-${to}` }),
      ),
      ...close.map(([from, to]) =>
        anEvent(idOf(`friend-${from}`), 'reply_posted', 1, { reply_to_user_id: `friend-${to}` }),
      ),
      anEvent(idOf('friend-7'), 'post_liked', 1, { author_id: 'friend-2' }),
      anEvent(idOf('friend-7'), 'post_liked', 1, { author_id: 'nobody' }),
      anEvent(idOf('friend-3'), 'post_liked', 1, { author_id: 'friend-3' }),
    ]);
    expect(await run(brand, { kind: 'graph' })).toMatchObject({ state: 'done' });
    const { result, people } = await customerStage.readInfluence(stores, brand, view);
    expect(result).toMatchObject({ people: 12, communityCount: 2, notes: [{ code: 'unmatched_people', count: 2 }] });
    expect(result?.communities.map(({ people: members }) => members)).toEqual([6, 6]);
    expect(
      people
        .slice(0, 2)
        .map(({ displayName }) => displayName)
        .sort(),
    ).toEqual(['friend-0', 'friend-6']);
    expect(people[0]).toMatchObject({ reached: 5 });
    const key = result?.communities[0]?.key;
    expect((await customerStage.listPeople(stores, brand, { limit: 50, community: key }, view)).rows).toHaveLength(6);
  }, 60_000);

  it('belong to companies, whose orders are those of their people', async () => {
    const join = (who: number, group: string, ago: number, traits: object) =>
      anEvent(String(who), 'group_joined', ago, { group_id: group, traits }, 'group');
    await send(brand, [
      join(1_001, 'acme', 30, { name: 'Acme', plan: 'free' }),
      join(1_002, 'acme', 10, { plan: 'paid' }),
      join(1_130, 'blue', 5, {}),
    ]);
    const { rows } = await customerStage.listCompanies(stores, brand, { sort: 'spent', limit: 50 });
    expect(rows.map(({ groupId, name, members }) => [groupId, name, members])).toEqual([
      ['acme', 'Acme', 2],
      ['blue', 'blue', 1],
    ]);
    const acme = await customerStage.getCompany(stores, brand, 'acme', view);
    expect(acme.traits.map(({ name, value }) => [name, value])).toEqual([
      ['name', 'Acme'],
      ['plan', 'paid'],
    ]);
    expect(acme.people.map(({ profileId }) => profileId)).toEqual(['1002', '1001']);
    expect(acme.spentMinor).toBe(acme.people.reduce((sum, { revenueMinor }) => sum + revenueMinor, 0));
    expect(acme.months.reduce((sum, { spentMinor }) => sum + spentMinor, 0)).toBe(acme.spentMinor);
    const first = await customerStage.listCompanies(stores, brand, { sort: 'name', limit: 1 });
    const next = await customerStage.listCompanies(stores, brand, {
      sort: 'name',
      limit: 1,
      cursor: first.nextCursor ?? '',
    });
    expect([first, next].map((page) => page.rows[0]?.groupId)).toEqual(['acme', 'blue']);
    await expect(customerStage.getCompany(stores, brand, 'none', view)).rejects.toThrow(/no group call/);
  });

  it('are drawn: tenths by value that add up, and cohorts that start whole', async () => {
    const value = await customerStage.readPanel(stores, brand, 'value');
    expect(value.rows).toHaveLength(10);
    expect(value.rows.reduce((sum, { share }) => sum + Number(share), 0)).toBeCloseTo(1, 9);
    const cohorts = await customerStage.readPanel(stores, brand, 'cohorts');
    expect(cohorts.rows.filter(({ month }) => month === 0).every(({ rate }) => rate === 1)).toBe(true);
    expect(cohorts.rows.every(({ rate }) => Number(rate) <= 1)).toBe(true);
  });

  it('of a brand with nobody are empty, and what cannot be done is said', async () => {
    const empty = await newBrand();
    expect(await run(empty, { kind: 'clusters', method: 'auto', k: null, who: 'buyers' })).toMatchObject({
      state: 'failed',
      failure: { code: 'too_few_people' },
    });
    expect(await run(empty, { kind: 'graph' })).toMatchObject({ state: 'failed', failure: { code: 'no_edges' } });
    expect(await run(empty, { kind: 'rfm' })).toMatchObject({ state: 'done' });
    expect(await customerStage.readClusters(stores, empty)).toMatchObject({
      clustering: null,
      run: { state: 'failed' },
    });
    expect((await customerStage.readPanel(stores, empty, 'value')).rows).toEqual([]);
    expect((await customerStage.readRfm(stores, empty, {})).people).toBe(0);
    await expect(customerStage.readMigration(stores, empty, { from: '2026-05-02', to: '2026-05-01' })).rejects.toThrow(
      /before to/,
    );
  }, 60_000);
});

type EventRow = Record<string, unknown>;
let sent = 0;

function anEvent(who: string, name: string, ago: number, properties: object = {}, type = 'track', hour = 4): EventRow {
  sent += 1;
  const at = new Date(Math.floor((now - ago * day) / day) * day + Math.round(hour * 3_600_000)).toISOString();
  return {
    workspace_id: 0,
    source_id: asSourceId(1),
    message_key: `00000000-0000-4000-8000-${String(sent).padStart(12, '0')}`,
    identity_id: who,
    type,
    name,
    occurred_at: at,
    received_at: at,
    properties,
    context: {},
    repairs: [],
    import_id: 0,
  };
}

async function send(workspace: Workspace, events: readonly EventRow[]): Promise<void> {
  await stores.events.append(
    'events',
    events.map((event) => ({ ...event, workspace_id: workspace.id })),
    `events-${sent}`,
  );
}

/** Four ways to behave: often and dear, only with a discount, gone for long, just come. */
async function behave(workspace: Workspace, only?: { group: number; from: number; people: number }): Promise<void> {
  const random = seededRandom(only?.from ?? 1);
  const kinds = [
    { orders: 14, every: 20, since: 4, amount: 60_000, coupon: false, views: 20 },
    { orders: 5, every: 40, since: 25, amount: 9_000, coupon: true, views: 12 },
    { orders: 2, every: 30, since: 250, amount: 12_000, coupon: false, views: 0 },
    { orders: 1, every: 1, since: 3, amount: 11_000, coupon: false, views: 4 },
  ];
  const events: EventRow[] = [];
  const lines: EventRow[] = [];
  kinds.forEach((kind, group) => {
    if (only && only.group !== group) return;
    const first = only?.from ?? 1_000 + group * 60;
    for (let i = 1; i <= (only?.people ?? 60); i++) {
      const who = String(first + i);
      for (let n = 0; n < kind.orders; n++) {
        const ago = kind.since * (1 + 0.4 * random()) + n * kind.every * (0.8 + 0.4 * random());
        const order = anEvent(who, 'order_completed', ago, kind.coupon ? { coupon: 'X' } : {});
        events.push(order, anEvent(who, 'product_viewed', ago + 1, {}, 'track', 20 * random()));
        lines.push({
          workspace_id: workspace.id,
          source_id: 1,
          line_key: order.message_key,
          identity_id: who,
          order_id: `${who}-${n}`,
          kind: 'sale',
          item_id: 'tea',
          item_name: 'Tea',
          category: n % 2 === 0 ? 'tea' : 'cups',
          quantity: '1',
          unit_price: '1',
          amount_minor: String(Math.round(kind.amount * (0.8 + 0.4 * random()))),
          currency: 'CNY',
          occurred_at: order.occurred_at,
          received_at: order.received_at,
          import_id: 0,
        });
      }
      for (let n = 0; n < kind.views; n++)
        events.push(anEvent(who, 'product_viewed', kind.since + 1 + 60 * random(), {}, 'track', 20 * random()));
    }
  });
  await send(workspace, events);
  await stores.events.append('order_lines', lines, `lines-${sent}`);
}
