import type { FixtureAnswer } from './fixture-api.ts';

/** Made-up sources, events, imports, health, quarantine and library. */
const page = <Row>(rows: Row[], total = rows.length) => ({ rows, nextCursor: null, total });
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

const countQuery = {
  statement: 'select day, source_id, outcome, reason, records from ingest_counts where workspace_id = $1',
  parameters: { $1: 1 },
  elapsedMs: 2,
  rowsRead: 120,
};
const healthQueries = {
  queries: { balance: countQuery, outcomes: countQuery, repairs: countQuery },
  asOf: new Date().toISOString(),
};

const source = (id: number, name: string, kind: string, recent: [number, number, number], more: object = {}) => ({
  id,
  name,
  kind,
  writeKey: `wk_${id}_4f9a1c77e0b2`,
  allowedOrigins: kind === 'web' ? ['https://shop.example.com'] : [],
  eventsPerSecondMax: null,
  createdAt: ago(86_400 * 30),
  disabledAt: null,
  recent: {
    valid: recent[0],
    duplicate: recent[1],
    quarantined: recent[2],
    lastReceivedAt: recent[0] ? ago(40) : null,
  },
  ...more,
});
const sources = [
  source(1, '官网商城', 'web', [18_233, 120, 31]),
  source(2, 'Order system', 'server', [1_204, 4, 402]),
  source(3, 'Mini programme', 'app', [0, 0, 0], { createdAt: ago(600) }),
  source(4, 'Catalogue push', 'catalogue', [0, 0, 0]),
  source(5, 'Old shop', 'web', [0, 0, 0], { disabledAt: ago(86_400 * 3) }),
];

let nextEvent = 1;
const event = (seconds: number) => {
  const n = nextEvent++;
  const name = ['product_viewed', 'page', 'product_added', 'order_completed'][n % 4]!;
  return {
    messageKey: `m-${n}`,
    profileId: String(1_000 + (n % 7)),
    type: 'track',
    name,
    occurredAt: ago(seconds + 1),
    receivedAt: ago(seconds),
    source: sources[n % 2]!.name,
    properties: {
      product_id: `p-${n % 9}`,
      name: '明前龙井',
      price: 128,
      currency: 'CNY',
      category: 'Tea',
      position: n % 5,
    },
    context: { page: { path: '/p/7' }, campaign: { source: 'wechat' } },
    repairs: n % 5 === 0 ? ['type:price', 'currency'] : [],
  };
};

const columns = [
  ['Invoice', ['536365', '536366', 'C536379'], 'order_id', 0.97, 'header'],
  ['StockCode', ['85123A', '71053', '84406B'], 'item_id', 0.9, 'header'],
  ['Description', ['WHITE HANGING HEART', 'WHITE METAL LANTERN', ''], 'item_name', 0.8, 'header'],
  ['Quantity', ['6', '8', '-1'], 'quantity', 0.99, 'header and contents'],
  ['InvoiceDate', ['01/12/2010 08:26', '01/12/2010 08:28', '01/12/2010 09:41'], 'timestamp', 0.95, 'contents'],
  ['UnitPrice', ['2.55', '3.39', '27.50'], 'price', 0.96, 'header'],
  ['CustomerID', ['17850', '13047', ''], 'user_id', 0.92, 'header'],
  ['Country', ['United Kingdom', 'France', 'EIRE'], 'country', 0.6, 'header'],
].map(([name, samples, field, confidence, because]) => ({ name, samples, field, confidence, because }));
const base = {
  fileName: 'online_retail.csv',
  sizeBytes: 45_580_638,
  kind: 'orders',
  mapping: Object.fromEntries(columns.map(({ name, field }) => [name as string, field as string | null])),
  options: {} as Record<string, unknown>,
  progress: null as unknown,
  report: null as unknown,
  error: null as string | null,
  createdAt: ago(7_200),
  startedAt: null as string | null,
  endedAt: null as string | null,
  detected: {
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    hasHeader: true,
    rowsEstimate: 541_909,
    columns,
    kindGuess: 'orders',
  },
};
const report = {
  received: 541_909,
  accepted: 396_372,
  repaired: 5_200,
  duplicate: 5_268,
  quarantined: 135_069,
  repairs: { currency: 5_200, 'type:quantity': 120 },
  reasons: { missing_identity: 135_037, negative_price: 2, bad_timestamp: 30 },
  made: {
    people: 4_372,
    orders: 18_532,
    refunds: 3_654,
    lines: 401_572,
    revenue_minor: 830_022_100,
    refunds_minor: -61_130_000,
  },
  notes: [{ code: 'rows_wait', values: { count: '12' }, text: '12 rows wait in the journal.' }],
  seconds: 14.2,
};
const imports: (typeof base & { id: number; state: string })[] = [
  { ...base, id: 3, state: 'ready' },
  {
    ...base,
    id: 2,
    state: 'running',
    progress: { stage: 'cleaning', rowsDone: 201_000, rowsTotal: 541_909, secondsLeft: 9 },
  },
  { ...base, id: 1, state: 'done', report },
  { ...base, id: 4, state: 'failed', error: 'Row 12 has no delimiter. Save the file as CSV and import it again.' },
];
const find = (id: string | undefined) => imports.find((one) => String(one.id) === id)!;

const reasons = ['missing_identity', 'bad_amount', 'bad_timestamp', 'bot', 'missing_property'];
const record = (n: number) => ({
  recordKey: `0190f7a2-0000-7000-8000-${String(n).padStart(12, '0')}`,
  receivedAt: ago(n * 400),
  source: sources[n % 2]!.name,
  sourceId: 1 + (n % 2),
  importId: n % 3 === 0 ? 1 : 0,
  rowNumber: n * 13,
  reason: reasons[n % 5]!,
  field: ['userId', 'properties.price', 'timestamp', 'context.userAgent', 'properties.order_id'][n % 5]!,
  detail: [
    'no identifier in the record',
    'properties.price: “¥128.00起” is no amount',
    'timestamp: “昨天” is no time',
    'Googlebot',
    'order_completed needs order_id',
  ][n % 5]!,
  explanation: null,
  eventType: 'track',
  eventName: 'Order Completed',
  state: 'open',
  raw: JSON.stringify({
    type: 'track',
    event: 'Order Completed',
    timestamp: '昨天',
    properties: { order_id: `o-${n}`, price: '¥128.00起', products: [{ product_id: 'p-7', quantity: 1 }] },
  }),
});
const records = Array.from({ length: 24 }, (_, n) => record(n));
const days = (query: URLSearchParams) => {
  const list: string[] = [];
  for (let at = Date.parse(query.get('from') ?? ''); at < Date.parse(query.get('to') ?? ''); at += 86_400_000)
    list.push(new Date(at).toISOString().slice(0, 10));
  return list;
};
const rules = [
  {
    id: 1,
    name: 'Prices with 起',
    matches: { reason: 'bad_amount', sourceId: 2 },
    actions: [
      { do: 'replace', path: 'properties.price', find: '起', with: '' },
      { do: 'convert', path: 'properties.price', to: 'number' },
    ],
    enabled: true,
    createdAt: ago(86_400 * 4),
  },
];

const W = String.raw`\/workspaces\/\d+`;
const on = (pattern: string, answer: FixtureAnswer) => [new RegExp(`^${pattern}$`), answer] as const;
export const dataRoutes: readonly (readonly [RegExp, FixtureAnswer])[] = [
  on(`GET ${W}/sources`, ({ isEmpty }) => page(isEmpty ? [] : sources)),
  on(`POST ${W}/sources`, ({ body }) => {
    const made = source(sources.length + 1, '', '', [0, 0, 0], { ...(body as object), createdAt: ago(0) });
    sources.push(made);
    return made;
  }),
  on(`PATCH ${W}/sources/(\\d+)`, ({ match, body }) => {
    const one = sources.find(({ id }) => String(id) === match[1])!;
    const { disabled, rotate, ...rest } = body as { disabled?: boolean; rotate?: true };
    Object.assign(
      one,
      rest,
      disabled === undefined ? {} : { disabledAt: disabled ? ago(0) : null },
      rotate ? { writeKey: 'wk_new_77aa' } : {},
    );
    return one;
  }),
  on(`GET ${W}/events`, ({ isEmpty }) => page(isEmpty ? [] : Array.from({ length: 30 }, (_, n) => event(n * 7)))),
  on(`GET ${W}/events/live`, ({ isEmpty }) => {
    let timer: ReturnType<typeof setInterval>;
    const text = new TextEncoder();
    const body = new ReadableStream({
      start(out) {
        out.enqueue(text.encode('retry: 3000\n\n'));
        timer = setInterval(
          () =>
            !isEmpty && out.enqueue(text.encode(`event: events\ndata: ${JSON.stringify([event(0), event(0)])}\n\n`)),
          1_000,
        );
      },
      cancel: () => clearInterval(timer),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }),
  on(`GET ${W}/imports`, ({ isEmpty }) => page(isEmpty ? [] : imports)),
  on(`POST ${W}/imports`, ({ body }) => {
    const made = { ...base, ...(body as object), id: imports.length + 1, state: 'uploading' };
    imports.unshift(made);
    return made;
  }),
  on(`PUT ${W}/imports/(\\d+)/file`, ({ match }) => Object.assign(find(match[1]), { state: 'ready' })),
  on(`GET ${W}/imports/(\\d+)`, ({ match }) => find(match[1])),
  on(`PATCH ${W}/imports/(\\d+)`, ({ match, body }) => Object.assign(find(match[1]), body)),
  on(`POST ${W}/imports/(\\d+)/start`, ({ match }) =>
    Object.assign(find(match[1]), {
      state: 'running',
      progress: { stage: 'cleaning', rowsDone: 1_000, rowsTotal: 541_909, secondsLeft: 12 },
    }),
  ),
  on(`POST ${W}/imports/(\\d+)/cancel`, ({ match }) => Object.assign(find(match[1]), { state: 'cancelled' })),
  on(`GET ${W}/imports/(\\d+)/preview`, () => ({
    rows: Array.from({ length: 20 }, (_, n) => ({
      rowNumber: n + 1,
      raw: {},
      outcome: n === 4 ? 'quarantined' : 'valid',
      reason: n === 4 ? 'missing_identity' : null,
      field: n === 4 ? 'user_id' : null,
      detail: n === 4 ? 'user_id is empty' : null,
      explanation: n === 4 ? { code: 'row_empty', values: {} } : null,
      repairs: n % 6 === 0 ? ['currency'] : [],
      becomes: {
        order_id: '536365',
        timestamp: '2010-12-01T08:26:00Z',
        item_id: '85123A',
        item_name: 'WHITE HANGING HEART',
        quantity: 6,
        price: '2.55',
        currency: 'GBP',
        user_id: n === 4 ? '' : '17850',
      },
    })),
    problems: [],
  })),
  on(`GET ${W}/import-mappings`, () =>
    page([{ id: 1, name: 'Shop export', kind: 'orders', mapping: base.mapping, options: {} }]),
  ),
  on(`POST ${W}/import-mappings`, ({ body }) => ({ id: 2, ...(body as object) })),
  on(`GET ${W}/health`, ({ query, isEmpty }) =>
    isEmpty
      ? {
          balance: { received: 0, valid: 0, duplicate: 0, quarantined: 0, pending: 0, difference: 0 },
          oldestPendingMs: 0,
          days: [],
          sources: [],
          reasons: [],
          repairs: [],
          ...healthQueries,
        }
      : {
          balance: {
            received: 1_862_340,
            valid: 1_834_221,
            duplicate: 6_110,
            quarantined: 21_989,
            pending: 20,
            difference: 0,
          },
          oldestPendingMs: 900,
          days: days(query).map((day, n) => ({
            day,
            valid: 5_000 + (n % 7) * 400,
            duplicate: 60 + n,
            quarantined: n === 12 ? 2_100 : 40 + (n % 5) * 12,
          })),
          sources: sources.slice(0, 2).map(({ id, name }) => ({
            sourceId: id,
            name,
            valid: 90_000 / id,
            duplicate: 800,
            quarantined: 1_900 / id,
          })),
          reasons: days(query).flatMap((day, n) =>
            reasons.map((reason, at) => ({
              reason,
              sourceId: 1 + (at % 2),
              source: sources[at % 2]!.name,
              day,
              records: (5 - at) * 9 + (n % 4) * 3,
            })),
          ),
          repairs: [
            { repair: 'currency', records: 12_033 },
            { repair: 'type:price', records: 3_410 },
            { repair: 'timestamp:clock', records: 902 },
            { repair: 'masked', records: 77 },
          ],
          ...healthQueries,
        },
  ),
  on(`GET ${W}/quarantine`, ({ query, isEmpty }) =>
    page(
      isEmpty ? [] : records.filter(({ reason }) => !query.get('reason') || reason === query.get('reason')),
      isEmpty ? 0 : 21_989,
    ),
  ),
  on(`POST ${W}/quarantine/preview`, ({ body }) => {
    const { actions } = body as { actions: { do: string }[] };
    return {
      total: 4_310,
      rows: records.slice(0, 20).map((one, n) => ({
        recordKey: one.recordKey,
        before: one.raw,
        after: actions.length ? one.raw.replace('¥128.00起', '128').replace('昨天', '2026-11-20T00:00:00Z') : one.raw,
        outcome: n % 7 === 3 || actions.length === 0 ? 'quarantined' : 'valid',
        reason: n % 7 === 3 || actions.length === 0 ? one.reason : null,
        detail: null,
      })),
    };
  }),
  on(`POST ${W}/quarantine/replay`, () => ({ records: 4_310, jobId: null })),
  on(`POST ${W}/quarantine/discard`, () => ({ records: 4_310, jobId: null })),
  on(`GET ${W}/repair-rules`, ({ isEmpty }) => page(isEmpty ? [] : rules)),
  on(`PATCH ${W}/repair-rules/1`, ({ body }) => Object.assign(rules[0]!, body)),
  on(`DELETE ${W}/repair-rules/1`, () => void rules.pop()),
  on(`GET ${W}/items`, ({ isEmpty }) =>
    page(
      isEmpty
        ? []
        : Array.from({ length: 14 }, (_, n) => ({
            itemId: `p-${n}`,
            name: n === 3 ? 'Bamboo tea tray' : `明前龙井 ${n}`,
            description: '清明前采摘，豆香清雅，回甘悠长。',
            category: '茶叶 / 绿茶',
            brand: '山间茶事',
            priceMinor: n === 5 ? null : 12_800 + n * 500,
            currency: 'CNY',
            url: 'https://shop.example.com/p/1',
            imageUrl: '',
            stock: n === 2 ? null : 40 - n,
            attributes: {},
            updatedAt: ago(n * 90_000),
          })),
      320,
    ),
  ),
  on(`GET ${W}/reviews`, ({ isEmpty }) =>
    page(
      isEmpty
        ? []
        : Array.from({ length: 8 }, (_, n) => ({
            reviewKey: `r-${n}`,
            profileId: n % 3 ? '1001' : null,
            itemId: 'p-1',
            itemName: '明前龙井',
            rating: n === 4 ? null : 5 - (n % 4),
            title: n % 2 ? 'Lovely' : '',
            text:
              n % 2
                ? 'Fresh, soft, arrived in two days. Will buy again for my mother.'
                : '茶香很足，包装也好看，就是物流慢了一天。',
            language: n % 2 ? 'en' : 'zh',
            occurredAt: ago(n * 80_000),
          })),
      812,
    ),
  ),
  on(`GET ${W}/spend`, ({ isEmpty }) =>
    page(
      isEmpty
        ? []
        : Array.from({ length: 9 }, (_, n) => ({
            day: `2026-11-${20 - n}`,
            mediaChannel: n % 2 ? 'baidu' : 'douyin',
            campaign: '双十一',
            spendMinor: 230_000 + n * 4_000,
            currency: 'CNY',
            impressions: 120_000,
            clicks: n === 3 ? 0 : 2_300,
          })),
      90,
    ),
  ),
];
