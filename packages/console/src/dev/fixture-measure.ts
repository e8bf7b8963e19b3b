import type { FixtureAnswer } from './fixture-api.ts';

/** Made-up panels of the overview, for work on pages without a server. */
const dayMs = 86_400_000;
const lastDay = Date.parse('2026-11-21');
const wave = (n: number, seed = 1) => Math.abs(Math.sin(n * 12.9898 * seed) * 43758.5453) % 1;

type Cells = Record<string, string | number | null>;
const panel = (name: string, columns: readonly (readonly [string, string])[], rows: Cells[]) => ({
  name,
  columns: columns.map(([key, type]) => ({ key, type, ...(type === 'money' ? { currency: 'CNY' } : {}) })),
  rows,
  query: {
    statement: `SELECT ${columns.map(([key]) => key).join(', ')}\nFROM events\nWHERE occurred_at >= {from:DateTime64(3)}\n  AND occurred_at < {to:DateTime64(3)}`,
    parameters: { from: '2026-10-22T16:00:00.000Z', to: '2026-11-21T16:00:00.000Z' },
    elapsedMs: 38,
    rowsRead: 1_834_221,
  },
  asOf: new Date(lastDay + dayMs / 2).toISOString(),
});

function periods(query: URLSearchParams): string[] {
  const step = { day: 1, week: 7, month: 30 }[query.get('granularity') ?? 'day'] ?? 1;
  const from = Date.parse(query.get('from') ?? '');
  const to = Math.min(Date.parse(query.get('to') ?? ''), lastDay + dayMs);
  const days: string[] = [];
  for (let at = from; at < to; at += step * dayMs) {
    const date = new Date(at);
    if (step === 7) date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
    if (step === 30) date.setUTCDate(1);
    days.push(date.toISOString().slice(0, 10));
  }
  return [...new Set(days)];
}
const height = (day: string) => {
  const at = Date.parse(day) / dayMs;
  const festival = day.endsWith('11-11') ? 2.6 : day.endsWith('11-10') ? 1.6 : 1;
  return (0.8 + 0.3 * wave(at) + (at % 7 < 2 ? 0.25 : 0)) * festival;
};

const names = [
  'Camellia oil',
  '明前龙井',
  '云南滇红',
  'Jasmine pearls',
  '白毫银针',
  'Gift box, autumn',
  '老白茶饼',
  'Tea tray, bamboo',
  'Travel set',
  '桂花乌龙',
  'Glass cup',
  'Sencha',
];
const panels: Record<string, (query: URLSearchParams) => unknown> = {
  summary: () =>
    panel(
      'summary',
      [
        ...['people', 'active_people', 'new_people', 'events', 'orders'].flatMap(
          (key) =>
            [
              [key, 'number'],
              [`previous_${key}`, 'number'],
            ] as [string, string][],
        ),
        ...['revenue', 'returning_revenue', 'refunds'].flatMap(
          (key) =>
            [
              [key, 'money'],
              [`previous_${key}`, 'money'],
            ] as [string, string][],
        ),
      ],
      [
        {
          people: 21_340,
          previous_people: 19_870,
          active_people: 8_412,
          previous_active_people: 8_020,
          new_people: 1_470,
          previous_new_people: 1_502,
          events: 184_223,
          previous_events: 171_020,
          orders: 3_204,
          previous_orders: 3_290,
          revenue: 120_430_000,
          previous_revenue: 111_509_000,
          returning_revenue: 75_000_000,
          previous_returning_revenue: 70_000_000,
          refunds: 900_000,
          previous_refunds: 1_000_000,
        },
      ],
    ),
  activity: (query) =>
    panel(
      'activity',
      [
        ['date', 'date'],
        ['active_people', 'number'],
        ['new_people', 'number'],
        ['events', 'number'],
      ],
      periods(query)
        .filter((day) => !day.endsWith('11-03'))
        .map((date) => ({
          date,
          active_people: Math.round(900 * height(date)),
          new_people: Math.round(60 * height(date)),
          events: Math.round(6_000 * height(date)),
        })),
    ),
  revenue: (query) =>
    panel(
      'revenue',
      [
        ['date', 'date'],
        ['orders', 'number'],
        ['revenue', 'money'],
        ['returning_revenue', 'money'],
        ['refunds', 'money'],
      ],
      periods(query).map((date) => ({
        date,
        orders: Math.round(100 * height(date)),
        revenue: Math.round(3_900_000 * height(date)),
        returning_revenue: Math.round(2_400_000 * height(date)),
        refunds: 30_000,
      })),
    ),
  funnel: () =>
    panel(
      'funnel',
      [
        ['step', 'text'],
        ['people', 'number'],
        ['rate', 'rate'],
      ],
      [
        ['product_viewed', 6_210],
        ['product_added', 2_480],
        ['checkout_started', 1_902],
        ['order_completed', 1_611],
      ].map(([step, people]) => ({ step: step as string, people: people as number, rate: (people as number) / 6_210 })),
    ),
  retention: () =>
    panel(
      'retention',
      [
        ['cohort', 'date'],
        ['size', 'number'],
        ['week', 'number'],
        ['people', 'number'],
        ['rate', 'rate'],
      ],
      Array.from({ length: 8 }, (_, cohort) =>
        Array.from({ length: 8 - cohort }, (_week, week) => {
          const size = 320 + Math.round(80 * wave(cohort + 3));
          const rate = week === 0 ? 1 : 0.34 / week ** 0.55 + 0.04 * wave(cohort * 9 + week);
          return {
            cohort: new Date(Date.parse('2026-09-21') + cohort * 7 * dayMs).toISOString().slice(0, 10),
            size,
            week,
            people: Math.round(size * rate),
            rate,
          };
        }),
      ).flat(),
    ),
  products: () =>
    panel(
      'products',
      [
        ['item_id', 'text'],
        ['name', 'text'],
        ['category', 'text'],
        ['viewers', 'number'],
        ['buyers', 'number'],
        ['quantity', 'number'],
        ['revenue', 'money'],
      ],
      names.map((name, index) => ({
        item_id: `p-${index}`,
        name: index === 10 ? '=HYPERLINK("http://x")' : name,
        category: '茶',
        viewers: 2_000 - index * 120,
        buyers: 400 - index * 28,
        quantity: 500 - index * 30,
        revenue: Math.round(21_000_000 / (index + 1.4)),
      })),
    ),
  events: () =>
    panel(
      'events',
      [
        ['name', 'text'],
        ['events', 'number'],
        ['people', 'number'],
      ],
      [
        'page',
        'product_viewed',
        'product_list_viewed',
        'product_added',
        'checkout_started',
        'order_completed',
        'email_opened',
        'push_opened',
        'product_removed',
        'coupon_applied',
        'order_refunded',
      ].map((name, index) => ({
        name,
        events: Math.round(82_000 / (index + 1) ** 1.2),
        people: Math.round(8_000 / (index + 1)),
      })),
    ),
  channels: () =>
    panel(
      'channels',
      [
        ['channel', 'text'],
        ['people', 'number'],
        ['orders', 'number'],
        ['revenue', 'money'],
      ],
      [
        ['direct', 52],
        ['wechat / social', 21],
        ['baidu / cpc', 14],
        ['douyin / video', 9],
        ['newsletter / email', 4],
      ].map(([channel, share]) => ({
        channel: channel as string,
        people: (share as number) * 80,
        orders: (share as number) * 32,
        revenue: (share as number) * 1_204_300,
      })),
    ),
};

export const measureRoutes: readonly (readonly [RegExp, FixtureAnswer])[] = [
  [
    /^GET \/workspaces\/\d+\/overview$/,
    ({ isEmpty }) =>
      isEmpty
        ? { firstEventAt: null, lastEventAt: null, events: 0 }
        : { firstEventAt: '2025-11-20T00:00:00Z', lastEventAt: '2026-11-21T13:20:00Z', events: 1_834_221 },
  ],
  [/^GET \/workspaces\/\d+\/overview\/(\w+)$/, ({ match, query }) => panels[match[1] ?? '']?.(query)],
];
