import type { EventRow, Person, PersonRow } from '@zhiyin/contract';
import { type FixtureAnswer, fixtureProblem } from './fixture-api.ts';

const dayMs = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * dayMs).toISOString();
const names = [
  '林晓',
  '王芳',
  'Emma Clarke',
  '陈思远',
  '张伟',
  'zhou@example.com',
  '李娜',
  'Visitor 4f2a',
  '赵敏',
  '刘洋',
  'Visitor 9c01',
  '孙悦',
];

const people: PersonRow[] = Array.from({ length: 120 }, (_, n) => {
  const name = names[n % names.length]!;
  const orders = name.startsWith('Visitor') ? 0 : (n * 7) % 19;
  return {
    profileId: String(5_200_000_000_000 + n),
    displayName: name,
    isKnown: !name.startsWith('Visitor'),
    firstSeenAt: ago(300 - (n % 200)),
    lastSeenAt: ago(((n * 13) % 40) / 3),
    events: 12 + ((n * 37) % 900),
    orders,
    revenueMinor: orders * 17_350,
    currency: 'CNY',
  };
});

const track = (n: number, days: number, name: string, properties: Record<string, unknown>): EventRow => ({
  messageKey: `m-${n}`,
  profileId: people[0]!.profileId,
  type: ['page', 'screen', 'identify'].includes(name) ? name : 'track',
  name,
  occurredAt: ago(days),
  receivedAt: ago(days - 0.0001),
  source: '官网商城',
  properties,
  context: { locale: 'zh-CN', campaign: { source: 'wechat' } },
  repairs: n % 5 === 0 ? ['currency'] : [],
});
const tea = { product_id: 'P-104', name: '武夷岩茶 大红袍 250 g', category: '乌龙茶', price: 268, currency: 'CNY' };
const events: EventRow[] = [
  track(1, 0.2, 'page', { path: '/tea/oolong', title: '乌龙茶' }),
  track(2, 0.21, 'product_viewed', tea),
  track(3, 0.22, 'product_added', { ...tea, quantity: 2 }),
  track(4, 1.1, 'order_completed', {
    order_id: 'O-88213',
    revenue: 520,
    currency: 'CNY',
    products: [
      { ...tea, quantity: 1 },
      { name: '盖碗 白瓷', quantity: 2, price: 126 },
    ],
  }),
  track(5, 1.12, 'checkout_started', { value: 520, currency: 'CNY', products: [{ quantity: 3 }] }),
  track(6, 1.2, 'Email Opened', { campaign: 'weekly-tea-email' }),
  track(7, 6, 'product_reviewed', { ...tea, rating: 5 }),
  track(8, 6.2, 'order_refunded', {
    order_id: 'O-88001',
    total: 126,
    currency: 'CNY',
    products: [{ name: '盖碗 白瓷', quantity: 1 }],
  }),
  track(9, 12, 'products_searched', { query: '白茶' }),
  track(10, 12.1, 'identify', {}),
  track(11, 12.2, 'Tea Class Booked', { city: '杭州' }),
];

const person = (row: PersonRow): Person => ({
  ...row,
  identities: [
    { identityId: '901', kind: 'user_id', value: 'u-20418', firstSeenAt: ago(280) },
    { identityId: '902', kind: 'email', value: 'lin.xiao@example.com', firstSeenAt: ago(280) },
    { identityId: '903', kind: 'phone', value: '+86 138 0013 8000', firstSeenAt: ago(120) },
    { identityId: '904', kind: 'unionid', value: 'oWx8s5kQ0a7bT2mN9', firstSeenAt: ago(90) },
    { identityId: '905', kind: 'anonymous_id', value: '9b2f61c4-0e0d-4f31-a0a8-5f2f8d1c7a44', firstSeenAt: ago(281) },
  ],
  merges: [
    {
      lowId: '902',
      highId: '905',
      lowLabel: 'lin.xiao@example.com',
      highLabel: '9b2f…7a44',
      joinedAt: ago(280),
      source: '官网商城',
    },
    {
      lowId: '903',
      highId: '904',
      lowLabel: '+86 138 0013 8000',
      highLabel: 'oWx8…mN9',
      joinedAt: ago(90),
      source: '小程序',
    },
  ],
  traits: [
    { name: 'name', value: '林晓', isPersonal: true, occurredAt: ago(280), source: '官网商城' },
    { name: 'city', value: '杭州', isPersonal: false, occurredAt: ago(30), source: '小程序' },
    { name: 'member_level', value: '金卡', isPersonal: false, occurredAt: ago(10), source: 'CRM 导入' },
  ],
  computedTraits: [],
  consent: [
    { purpose: 'email', granted: true, occurredAt: ago(280), source: '官网商城' },
    { purpose: 'sms', granted: false, occurredAt: ago(20), source: '小程序' },
  ],
  value: {
    orders: row.orders,
    revenueMinor: row.revenueMinor,
    refundedMinor: row.orders > 3 ? 12_600 : 0,
    averageOrderMinor: row.orders ? row.revenueMinor / row.orders : null,
    firstOrderAt: row.orders ? ago(270) : null,
    lastOrderAt: row.orders ? ago(9) : null,
    daysSinceLastOrder: row.orders ? 9 : null,
  },
  activity: Array.from({ length: 52 }, (_, week) => ({
    week: ago((51 - week) * 7).slice(0, 10),
    events: (week * 31) % 7 < 2 ? 0 : (week * 17) % 23,
  })),
  favourites: [
    { itemId: 'P-104', name: '武夷岩茶 大红袍 250 g', views: 18, bought: 3 },
    { itemId: 'P-220', name: '白毫银针 100 g', views: 9, bought: 1 },
    { itemId: 'P-310', name: 'Gaiwan, white porcelain', views: 4, bought: 0 },
  ],
  groups: [],
});

const listPeople: FixtureAnswer = ({ query, isEmpty }) => {
  const search = query.get('search');
  const found = isEmpty
    ? []
    : people.filter(({ displayName }) => !search || displayName.toLowerCase() === search.toLowerCase());
  const start = Number(query.get('cursor') ?? 0);
  const rows = found.slice(start, start + Number(query.get('limit') ?? 50));
  const next = start + rows.length;
  return { rows, nextCursor: next < found.length ? String(next) : null, total: found.length };
};

export const peopleRoutes: readonly (readonly [RegExp, FixtureAnswer])[] = [
  [/^GET \/workspaces\/\d+\/people$/, listPeople],
  [
    /^GET \/workspaces\/\d+\/people\/(\d+)$/,
    ({ match }) => {
      const row = people.find(({ profileId }) => profileId === match[1]);
      return row ? person(row) : fixtureProblem(404, 'not_found', 'No such person.');
    },
  ],
  [
    /^GET \/workspaces\/\d+\/people\/\d+\/events$/,
    ({ query }) => {
      const name = query.get('name');
      return { rows: events.filter((event) => !name || event.name === name), nextCursor: null, total: null };
    },
  ],
  [/^POST \/workspaces\/\d+\/people\/\d+\/(un|re)merge$/, () => ({ profileIds: ['1', '2'] })],
  [
    /^GET \/workspaces\/\d+\/identity\/refusals$/,
    () => ({
      rows: [
        {
          lowId: '903',
          highId: '777',
          lowLabel: '+86 138 0013 8000',
          highLabel: 'u-31002',
          lowProfileId: people[0]!.profileId,
          highProfileId: people[3]!.profileId,
          reason: 'two_known_people',
          seenAt: ago(40),
        },
      ],
      nextCursor: null,
      total: 1,
    }),
  ],
];
