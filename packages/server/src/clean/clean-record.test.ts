import { workspaceSettingsSchema } from '@zhiyin/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../collect/journal/journal.ts';
import { asImportId, asSourceId, asWorkspaceId } from '../domain/ids.ts';
import { quarantineReasons } from '../domain/outcome.ts';
import { cleanPushed, cleanRecord } from './clean-record.ts';
import { type CleanSettings, compileSettings } from './clean-settings.ts';
import type { Draft, Refusal } from './draft.ts';

const receivedAt = new Date('2026-05-01T12:00:00.000Z');
const settings: CleanSettings = {
  workspace: { timeZone: 'Asia/Shanghai', currency: 'CNY', settings: workspaceSettingsSchema.parse({}) },
  rules: [],
  policies: [],
};

function record(body: string | Buffer, overrides: Partial<JournalRecord> = {}): JournalRecord {
  return {
    kind: 'calls',
    workspaceId: asWorkspaceId(1),
    sourceId: asSourceId(1),
    importId: asImportId(0),
    receivedAt,
    route: 'track',
    ip: '',
    userAgent: '',
    count: 1,
    body: Buffer.from(body as string),
    ...overrides,
  };
}

const cleanOne = (call: unknown, using = settings, overrides: Partial<JournalRecord> = {}) =>
  cleanRecord(record(JSON.stringify(call), overrides), using, 'j:1:0:0')[0]!.result;

function kept(call: object, using = settings, overrides: Partial<JournalRecord> = {}): Draft {
  const result = cleanOne(
    { type: 'track', event: 'Own', userId: 'u1', timestamp: receivedAt, ...call },
    using,
    overrides,
  );
  if (result.kind !== 'event') throw new Error(JSON.stringify(result));
  return result.draft;
}

function refused(
  call: unknown,
  using = settings,
  overrides: Partial<JournalRecord> = {},
): Pick<Refusal, 'reason' | 'field'> {
  const result = cleanOne(call, using, overrides);
  if (result.kind !== 'quarantine') throw new Error(`kept: ${JSON.stringify(result)}`);
  expect(result.detail).not.toBe('');
  return { reason: result.reason, field: result.field };
}

const track = { type: 'track', event: 'Own', userId: 'u1', timestamp: '2026-05-01T11:00:00Z' };
const order = { ...track, event: 'Order Completed' };

describe('each reason for which a call is refused', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
  test.each([
    ['not_an_object', '', 'text'],
    ['not_an_object', '', [track]],
    ['unknown_type', 'type', { ...track, type: 'sing' }],
    ['too_deep', '', { ...track, properties: deep }],
    ['too_large', '', { ...track, properties: { text: '长'.repeat(12_000) } }],
    [
      'too_large',
      '',
      { ...track, properties: Object.fromEntries(Array.from({ length: 1_100 }, (_, i) => [`p${i}`, 1])) },
    ],
    ['missing_event_name', 'event', { ...track, event: ' ' }],
    ['missing_identity', 'userId', { ...track, userId: undefined }],
    ['blocked_identity', 'userId', { ...track, userId: 'Guest ' }],
    ['blocked_identity', 'userId', { ...track, userId: -1 }],
    ['blocked_identity', 'userId', { ...track, userId: '未登录' }],
    [
      'blocked_identity',
      'anonymousId',
      { ...track, userId: null, anonymousId: '00000000-0000-0000-0000-000000000000' },
    ],
    ['bad_type', 'userId', { ...track, userId: { id: 1 } }],
    ['bad_type', 'properties', { ...track, properties: [1] }],
    ['bad_timestamp', 'timestamp', { ...track, timestamp: 'yesterday' }],
    ['bad_timestamp', 'timestamp', { ...track, timestamp: '2026-02-31 10:00' }],
    ['too_old', 'timestamp', { ...track, timestamp: '1999-01-01T00:00:00Z' }],
    ['in_future', 'timestamp', { ...track, timestamp: '2026-05-03T00:00:00Z' }],
    ['bot', 'context.userAgent', { ...track, context: { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' } }],
    ['prefetch', 'context.purpose', { ...track, context: { purpose: 'prefetch' } }],
    [
      'bad_type',
      'properties.price',
      { ...track, event: 'Product Viewed', properties: { product_id: 'p', price: 'cheap' } },
    ],
    ['missing_property', 'properties.product_id', { ...track, event: 'Product Viewed', properties: {} }],
    ['missing_property', 'properties.order_id', { ...order, properties: { total: 1 } }],
    ['bad_currency', 'properties.currency', { ...order, properties: { order_id: 'o', total: 1, currency: 'XYZ' } }],
    ['bad_amount', 'properties.total', { ...order, properties: { order_id: 'o', total: 1e18 } }],
    [
      'negative_quantity',
      'properties.products[0].quantity',
      { ...order, properties: { order_id: 'o', products: [{ product_id: 'p', price: 1, quantity: -2 }] } },
    ],
    [
      'negative_price',
      'properties.products[0].price',
      { ...order, properties: { order_id: 'o', products: [{ product_id: 'p', price: -1, quantity: 2 }] } },
    ],
  ])('%s at %s', (reason, field, call) => {
    expect(refused(call)).toEqual({ reason, field });
  });

  test('malformed_json, bad_encoding, bad_rating and poison', () => {
    expect(cleanRecord(record('{"a":'), settings, 'p')[0]!.result).toMatchObject({ reason: 'malformed_json' });
    const bytes = Buffer.concat([
      Buffer.from('{"type":"track","event":"'),
      Buffer.from([0xff, 0xfe, 0x20]),
      Buffer.from('","userId":"u"}'),
    ]);
    expect(cleanRecord(record(bytes), settings, 'p')[0]!.result).toMatchObject({ reason: 'bad_encoding' });
    expect(refused({ reviews: [{ text: 'ok', rating: 9 }] }, settings, { kind: 'reviews' })).toMatchObject({
      reason: 'bad_rating',
    });
    const miscounted = cleanRecord(
      record(JSON.stringify({ batch: [track] }), { route: 'batch', count: 3 }),
      settings,
      'p',
    );
    expect(miscounted.map(({ result }) => result.kind === 'quarantine' && result.reason)).toEqual(
      Array(3).fill('poison'),
    );
  });
});

describe('what is mended', () => {
  test('the clock of the sender cancels out', () => {
    const draft = kept({ timestamp: '2031-01-01T00:00:00.000Z', sentAt: '2031-01-01T00:00:10.000Z' });
    expect(draft.occurredAt.toISOString()).toBe('2026-05-01T11:59:50.000Z');
    expect(draft.repairs).toEqual(['timestamp:clock']);
  });

  test.each([
    ['2026-05-01 18:00:00', '2026-05-01T10:00:00.000Z'],
    ['2026/5/1 18:00', '2026-05-01T10:00:00.000Z'],
    ['2026年5月1日 18:00', '2026-05-01T10:00:00.000Z'],
    [1777629600, '2026-05-01T10:00:00.000Z'],
    [1777629600000, '2026-05-01T10:00:00.000Z'],
    ['1777629600', '2026-05-01T10:00:00.000Z'],
    ['Fri, 01 May 2026 10:00:00 GMT', '2026-05-01T10:00:00.000Z'],
  ])('the time %s', (timestamp, expected) => {
    const draft = kept({ timestamp });
    expect(draft.occurredAt.toISOString()).toBe(expected);
    expect(draft.repairs).toEqual(['timestamp:format']);
  });

  test('a missing time is the time of arrival, a little future is the present', () => {
    expect(kept({ timestamp: undefined })).toMatchObject({ occurredAt: receivedAt, repairs: ['timestamp:missing'] });
    expect(kept({ timestamp: '2026-05-01T12:10:00Z' })).toMatchObject({
      occurredAt: receivedAt,
      repairs: ['timestamp:future'],
    });
  });

  test('an order as shops really send it', () => {
    const draft = kept({
      event: 'orderCompleted',
      properties: { orderId: 77, currency: 'rmb', products: [{ sku: 's1', price: '¥1,234.50', quantity: '2' }] },
    });
    expect(draft.name).toBe('order_completed');
    expect(draft.properties).toEqual({
      order_id: '77',
      currency: 'CNY',
      products: [{ sku: 's1', product_id: 's1', price: 1234.5, quantity: 2 }],
      amount_minor: 246_900,
    });
  });

  test('amounts follow the decimals of their currency', () => {
    const minor = (total: unknown, currency: string) =>
      kept({ event: 'Order Completed', properties: { order_id: 'o', total, currency } }).properties.amount_minor;
    expect([minor(1200, 'JPY'), minor(1.2345, 'KWD'), minor('1.234,50 €', '')]).toEqual([1200, 1235, 123_450]);
  });

  test('ids beyond 2^53 stay exact', () => {
    const body = '{"type":"track","event":"Own","userId":90071992547409931,"properties":{"n":12345678901234567890}}';
    const { result } = cleanRecord(record(body), settings, 'p')[0]!;
    expect(result).toMatchObject({
      kind: 'event',
      draft: {
        identifiers: [{ kind: 'user_id', value: '90071992547409931' }],
        properties: { n: '12345678901234567890' },
      },
    });
  });

  test('hostile names and broken characters are kept as ordinary text', () => {
    const body =
      '{"type":"track","event":"Own","userId":"u\\u0000","properties":{"__proto__":{"admin":true},"constructor":1,"a":"\\ud800x","a.b":1,"":2}}';
    const { result } = cleanRecord(record(body), settings, 'p')[0]!;
    if (result.kind !== 'event') throw new Error(result.kind);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(Object.getPrototypeOf(result.draft.properties)).toBe(Object.prototype);
    expect(result.draft.properties).toEqual({ proto: { admin: true }, constructor: 1, a: '\uFFFDx', a_b: 1, _: 2 });
    expect(result.draft.identifiers).toEqual([{ kind: 'user_id', value: 'u' }]);
  });

  test('a blocked userId leaves the visitor', () => {
    expect(kept({ userId: 'undefined', anonymousId: 'a1' })).toMatchObject({
      identifiers: [{ kind: 'anonymous_id', value: 'a1' }],
      repairs: ['blocked:user_id'],
    });
  });

  test('a kept rule mends reviews and days of spend too, when they are refused for its reason', () => {
    const ruleFor = (reason: 'bad_rating' | 'bad_currency', path: string) => ({
      id: 1,
      name: `without ${path}`,
      matches: { reason },
      actions: [{ do: 'remove' as const, path }],
      enabled: true,
      createdAt: receivedAt.toISOString(),
    });
    const rules = [ruleFor('bad_rating', 'rating'), ruleFor('bad_currency', 'currency')];
    const compiled = compileSettings({ ...settings, rules });
    const arrival = {
      workspaceId: asWorkspaceId(1),
      sourceId: asSourceId(2),
      importId: asImportId(0),
      receivedAt,
      fallbackMessageId: 'p',
    };
    expect(cleanPushed('reviews', { text: '好茶', rating: 11 }, arrival, compiled)).toMatchObject({
      review: { text: '好茶', rating: null, repairs: ['rule:without rating'] },
    });
    const day = { day: '2026-05-01', mediaChannel: 'search', spend: 3, currency: 'coins' };
    expect(cleanPushed('spend', day, arrival, compiled)).toMatchObject({
      spend: { spendMinor: expect.anything(), repairs: expect.arrayContaining(['rule:without currency']) },
    });
    expect(cleanPushed('spend', day, arrival, compileSettings(settings))).toMatchObject({ reason: 'bad_currency' });
  });

  test('a kept rule for a reason runs when it comes to that', () => {
    const rule = {
      id: 1,
      name: 'price from text',
      matches: { reason: 'bad_type' as const, event: 'Product Viewed' },
      actions: [{ do: 'remove' as const, path: 'properties.price' }],
      enabled: true,
      createdAt: receivedAt.toISOString(),
    };
    const call = { event: 'Product Viewed', properties: { product_id: 'p', price: 'cheap' } };
    expect(kept(call, { ...settings, rules: [rule] })).toMatchObject({
      properties: { product_id: 'p' },
      repairs: ['rule:price from text', 'currency'],
    });
    expect(refused({ ...track, ...call }, { ...settings, rules: [{ ...rule, enabled: false }] })).toMatchObject({
      reason: 'bad_type',
    });
  });
});

describe('personal data', () => {
  test('direct identifiers leave the event, by name and by content, in English and Chinese', () => {
    const draft = kept({
      properties: {
        email: 'a@b.cn',
        收货人: '李雷',
        contact: '+86 138 0013 8000',
        paper: '11010519491231002X',
        card: '6222020000000000000',
        note: 'mail me: x.y@z.com or 13800138000',
        url: 'https://x.cn/?e=a%40b.cn&order=20260101123456789',
        order_no: '13800138000',
        price: 12,
      },
    });
    const text = JSON.stringify(draft.properties);
    for (const secret of [
      'a@b.cn',
      '李雷',
      '138 0013',
      '11010519491231002X',
      'x.y@z.com',
      'a%40b.cn',
      '6222020000000000000',
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(draft.properties).toMatchObject({ note: 'mail me: [email] or [phone]', order_no: '13800138000', price: 12 });
    expect(draft.personal.map((value) => value.field)).toContain('properties.email');
  });

  test('facts about a person: personal ones to the vault, the others stay', () => {
    const draft = kept({
      type: 'identify',
      traits: { email: 'A@b.cn', firstName: 'Li', city: '上海', level: 3, address: { city: 'x', street: 'y' } },
    });
    expect(draft.traits).toEqual({ city: '上海', level: 3 });
    expect(draft.personal.map(({ field }) => field).sort()).toEqual(['address', 'email', 'first_name']);
    expect(draft.identifiers.map(({ kind }) => kind)).toEqual(['user_id', 'email']);
  });

  test('what the workspace decided comes first', () => {
    const policies = [
      { property: 'properties.email', class: 'email', action: 'keep' as const },
      { property: 'properties.taste', class: 'custom', action: 'remove' as const },
    ];
    const draft = kept({ properties: { email: 'a@b.cn', taste: 'sweet' } }, { ...settings, policies });
    expect(draft.properties).toEqual({ email: 'a@b.cn' });
  });

  test('the context keeps the network and loses the identifiers', () => {
    const draft = kept({
      context: {
        ip: '203.0.113.77',
        traits: { email: 'a@b.cn' },
        device: { id: 'd1', model: 'X' },
        page: { url: '/?m=a@b.cn' },
      },
    });
    expect(draft.context).toEqual({ ip: '203.0.113.0', device: { model: 'X' }, page: { url: '/?m=[email]' } });
  });
});

test('any JSON gives exactly one outcome per record, each reason is of the list, and nothing is thrown', () => {
  const calls = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        type: fc.oneof(fc.constantFrom('track', 'identify', 'page', 'group', 'alias'), fc.jsonValue()),
        event: fc.oneof(fc.constantFrom('Order Completed', 'Product Viewed', 'Own'), fc.jsonValue()),
        userId: fc.jsonValue(),
        anonymousId: fc.string(),
        timestamp: fc.jsonValue(),
        sentAt: fc.jsonValue(),
        properties: fc.oneof(
          fc.jsonValue(),
          fc.dictionary(
            fc.constantFrom('price', 'quantity', 'products', 'total', 'currency', 'order_id', 'email'),
            fc.jsonValue(),
          ),
        ),
        traits: fc.jsonValue(),
        context: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(fc.array(calls, { minLength: 1, maxLength: 5 }), (batch) => {
      const outcomes = cleanRecord(
        record(JSON.stringify({ batch }), { route: 'batch', count: batch.length }),
        settings,
        'p',
      );
      expect(outcomes).toHaveLength(batch.length);
      for (const { result } of outcomes) {
        if (result.kind !== 'quarantine') continue;
        expect(quarantineReasons).toContain(result.reason);
        expect(result.reason, result.detail).not.toBe('poison');
      }
    }),
    { numRuns: 500 },
  );
});

test('any bytes give as many outcomes as the journal counted', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 4 }), (bytes, count) => {
      expect(cleanRecord(record(Buffer.from(bytes), { count }), settings, 'p')).toHaveLength(count);
    }),
  );
});
