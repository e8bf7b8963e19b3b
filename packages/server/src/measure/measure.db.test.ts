import type { OverviewPanelName } from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import { openTestStores, type TestStores } from '../storage/testing.ts';
import { followEvents, listEvents, overviewPanels, readOverviewExtent, readOverviewPanel } from './index.ts';

let stores: TestStores;
let workspace: Workspace;
let other: Workspace;

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const january = { from: '2026-01-01', to: '2026-02-01', granularity: 'week' } as const;
const panel = async (name: OverviewPanelName, of = workspace) =>
  (await readOverviewPanel(stores, of, name, january)).rows;

/**
 * Two people. 201 was 101 before signing in: looked at tea in Shanghai's morning of 5 January after a click on an advertisement,
 * ordered it (2 × 52.50), ordered once more on the 20th (50.00) and sent one piece back on the 22nd. 301 only looked, on the 13th.
 */
beforeAll(async () => {
  stores = await openTestStores();
  workspace = aWorkspace(await stores.newWorkspace({ currency: 'CNY', timeZone: 'Asia/Shanghai' }));
  other = aWorkspace(await stores.newWorkspace({ currency: 'CNY', timeZone: 'Asia/Shanghai' }));
  const event = (n: number, identity: string, name: string, at: string, properties = {}, context = {}) => ({
    workspace_id: workspace.id,
    source_id: 1,
    message_key: uuid(n),
    identity_id: identity,
    type: 'track',
    name,
    occurred_at: at,
    received_at: at,
    properties,
    context,
    repairs: [],
    import_id: 0,
  });
  const line = (
    n: number,
    order: string,
    kind: string,
    quantity: number,
    price: string,
    minor: number,
    at: string,
  ) => ({
    workspace_id: workspace.id,
    source_id: 1,
    line_key: uuid(n),
    identity_id: '201',
    order_id: order,
    kind,
    item_id: 'tea',
    item_name: 'Tea',
    category: 'drink',
    quantity,
    unit_price: price,
    amount_minor: minor,
    currency: 'CNY',
    occurred_at: at,
    received_at: at,
    import_id: 0,
  });
  const advertisement = { campaign: { source: 'baidu', medium: 'cpc' } };
  await stores.events.append(
    'events',
    [
      event(1, '101', 'product_viewed', '2026-01-05 01:00:00.000', { product_id: 'tea', name: 'Tea' }, advertisement),
      event(2, '101', 'product_added', '2026-01-05 01:05:00.000', { product_id: 'tea' }),
      event(3, '201', 'checkout_started', '2026-01-05 02:00:00.000'),
      event(4, '201', 'order_completed', '2026-01-05 02:10:00.000', { order_id: 'A1' }),
      event(5, '301', 'product_viewed', '2026-01-13 02:10:00.000', { product_id: 'cup' }),
      event(6, '201', 'order_completed', '2026-01-20 02:10:00.000', { order_id: 'A2' }),
    ],
    'measure-1',
  );
  await stores.events.append(
    'order_lines',
    [
      line(1, 'A1', 'sale', 2, '52.5', 10_500, '2026-01-05 02:10:00.000'),
      line(2, 'A2', 'sale', 1, '50', 5_000, '2026-01-20 02:10:00.000'),
      line(3, 'A1', 'refund', 1, '52.5', -5_250, '2026-01-22 02:10:00.000'),
    ],
    'measure-1',
  );
  await stores.events.append(
    'profile_links',
    [{ workspace_id: workspace.id, identity_id: '101', profile_id: '201', version: 1 }],
    'measure-1',
  );
});

afterAll(() => stores.close());

describe('the overview', () => {
  it('counts people across their identities, and takes refunds off revenue on their own day', async () => {
    expect(await panel('summary')).toEqual([
      expect.objectContaining({
        people: 2,
        active_people: 2,
        new_people: 2,
        events: 6,
        orders: 2,
        revenue: 10_250,
        returning_revenue: -250,
        refunds: 5_250,
        previous_people: 0,
      }),
    ]);
  });

  it('puts events into weeks of the workspace’s time zone and knows who is new', async () => {
    expect(await panel('activity')).toEqual([
      { date: '2026-01-05', active_people: 1, new_people: 1, events: 4 },
      { date: '2026-01-12', active_people: 1, new_people: 1, events: 1 },
      { date: '2026-01-19', active_people: 1, new_people: 0, events: 1 },
    ]);
  });

  it('shows revenue and what of it returning people brought', async () => {
    expect(await panel('revenue')).toEqual([
      { date: '2026-01-05', orders: 1, revenue: 10_500, returning_revenue: 0, refunds: 0 },
      { date: '2026-01-19', orders: 1, revenue: -250, returning_revenue: -250, refunds: 5_250 },
    ]);
  });

  it('follows one person through the funnel although two identities took the steps', async () => {
    expect(await panel('funnel')).toEqual([
      { step: 'product_viewed', people: 2, rate: 1 },
      { step: 'product_added', people: 1, rate: 0.5 },
      { step: 'checkout_started', people: 1, rate: 0.5 },
      { step: 'order_completed', people: 1, rate: 0.5 },
    ]);
  });

  it('leaves weeks without anybody out of the retention table instead of inventing them', async () => {
    expect(await panel('retention')).toEqual([
      { cohort: '2026-01-05', size: 1, week: 0, people: 1, rate: 1 },
      { cohort: '2026-01-05', size: 1, week: 2, people: 1, rate: 1 },
      { cohort: '2026-01-12', size: 1, week: 0, people: 1, rate: 1 },
    ]);
  });

  it('credits an order to the landing in the seven days before it, and else to direct', async () => {
    expect(await panel('channels')).toEqual([
      { channel: 'baidu / cpc', people: 1, orders: 1, revenue: 10_500 },
      { channel: 'direct', people: 0, orders: 1, revenue: 5_000 },
    ]);
  });

  it('ranks products by revenue and events by number', async () => {
    expect(await panel('products')).toEqual([
      { item_id: 'tea', name: 'Tea', category: 'drink', viewers: 1, buyers: 1, quantity: 3, revenue: 10_250 },
    ]);
    expect((await panel('events')).map((row) => [row.name, row.events])).toEqual([
      ['order_completed', 2],
      ['product_viewed', 2],
      ['checkout_started', 1],
      ['product_added', 1],
    ]);
  });

  it.each(Object.keys(overviewPanels) as OverviewPanelName[])(
    'shows another workspace nothing of it: %s',
    async (name) => {
      const sums = (await panel(name, other)).flatMap((row) =>
        Object.values(row).filter((value) => typeof value === 'number'),
      );
      expect(sums.filter((value) => value !== 0)).toEqual([]);
    },
  );

  it('hands out the statement that gave the rows, with the workspace in it', async () => {
    const { query } = await readOverviewPanel(stores, workspace, 'events', january);
    expect(query.statement).toContain('workspace_id = {workspace:UInt32}');
    expect(query.rowsRead).toBeGreaterThan(0);
  });

  it('says which range has data', async () => {
    expect(await readOverviewExtent(stores, workspace)).toEqual({
      firstEventAt: '2026-01-05T01:00:00.000Z',
      lastEventAt: '2026-01-20T02:10:00.000Z',
      events: 6,
    });
    expect(await readOverviewExtent(stores, other)).toEqual({ firstEventAt: null, lastEventAt: null, events: 0 });
  });
});

describe('the stream of events', () => {
  it('pages through all of them, newest first, none twice', async () => {
    const first = await listEvents(stores, workspace, { limit: 4 });
    const second = await listEvents(stores, workspace, { limit: 4, cursor: first.nextCursor ?? '' });
    expect([...first.rows, ...second.rows].map((row) => row.messageKey)).toEqual([6, 5, 4, 3, 2, 1].map(uuid));
    expect(second.nextCursor).toBeNull();
  });

  it('refuses a cursor that is none, naming the field', async () => {
    await expect(listEvents(stores, workspace, { limit: 4, cursor: 'x' })).rejects.toMatchObject({
      code: 'input.invalid',
      details: { field: 'cursor' },
    });
  });

  it('hands out what arrives while it is followed, once', async () => {
    const end = new AbortController();
    const seen: string[] = [];
    const now = new Date();
    const followed = (async () => {
      for await (const rows of followEvents(stores, workspace, {
        signal: end.signal,
        now: () => new Date(now.getTime() - 1_000),
      })) {
        seen.push(...rows.map((row) => row.name));
        if (seen.length > 0) end.abort();
      }
    })();
    const at = now.toISOString().replace('T', ' ').slice(0, 23);
    await stores.events.append(
      'events',
      [
        {
          workspace_id: workspace.id,
          source_id: 1,
          message_key: uuid(99),
          identity_id: '301',
          type: 'track',
          name: 'live_one',
          occurred_at: at,
          received_at: at,
          properties: {},
          context: {},
          repairs: [],
          import_id: 0,
        },
      ],
      'measure-live',
    );
    await followed;
    expect(seen).toEqual(['live_one']);
  });
});

function aWorkspace(id: WorkspaceId): Workspace {
  return {
    id,
    name: 'Test brand',
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
    locale: 'en',
    isDemo: false,
    createdAt: new Date(),
    settings: {} as Workspace['settings'],
  };
}
