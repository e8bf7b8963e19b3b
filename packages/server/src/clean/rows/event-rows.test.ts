import { workspaceSettingsSchema } from '@zhiyin/contract';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../domain/events.ts';
import { asIdentityId, asImportId, asMessageKey, asSourceId, asWorkspaceId } from '../../domain/ids.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import { cleanRecord } from '../clean-record.ts';
import { compileSettings } from '../clean-settings.ts';
import { eventRows } from './event-rows.ts';

const settings = compileSettings({
  workspace: { timeZone: 'UTC', currency: 'USD', settings: workspaceSettingsSchema.parse({}) },
  rules: [],
  policies: [],
});
const ids = new Map<string, string>();
/** Surrogates in the order of first use: 1, 2, … */
const vault = {
  surrogate(kind: string, value: string) {
    const key = `${kind}:${value}`;
    if (!ids.has(key)) ids.set(key, String(ids.size + 1));
    return asIdentityId(ids.get(key)!);
  },
  messageKey: (source: number, id: string) => asMessageKey(`${source}/${id}`),
} as unknown as WorkspaceVault;

function rowsOf(call: JsonObject) {
  const body = Buffer.from(JSON.stringify({ messageId: 'm', userId: 'u', timestamp: '2026-05-01T00:00:00Z', ...call }));
  const [outcome] = cleanRecord(
    {
      kind: 'calls',
      workspaceId: asWorkspaceId(1),
      sourceId: asSourceId(2),
      importId: asImportId(0),
      receivedAt: new Date('2026-05-01T00:01:00Z'),
      route: 'track',
      ip: '',
      userAgent: '',
      count: 1,
      body,
    },
    settings,
    'p',
  );
  if (outcome!.result.kind !== 'event') throw new Error(JSON.stringify(outcome!.result));
  const rows = eventRows(outcome!.result.draft, vault, settings);
  return { ...rows, of: (table: string) => rows.tables.filter((one) => one.table === table).map((one) => one.row) };
}

test('an order becomes a line per product, in minor units', () => {
  const lines = rowsOf({
    type: 'track',
    event: 'Order Completed',
    properties: {
      order_id: 'o',
      products: [
        { product_id: 'a', price: 19.99, quantity: 3, category: ['x', 'y'] },
        { product_id: 'b', price: 0.5 },
      ],
    },
  }).of('order_lines');
  expect(lines).toMatchObject([
    {
      kind: 'sale',
      item_id: 'a',
      quantity: '3.000',
      unit_price: '19.9900',
      amount_minor: '5997',
      currency: 'USD',
      category: 'x / y',
    },
    { kind: 'sale', item_id: 'b', quantity: '1.000', amount_minor: '50' },
  ]);
  expect(new Set(lines.map((line) => line.line_key)).size).toBe(2);
});

test('a return is negative however it is written, and an order without products is one line', () => {
  for (const total of [10, -10]) {
    const properties = { order_id: 'o', total };
    expect(rowsOf({ type: 'track', event: 'Order Refunded', properties }).of('order_lines')).toMatchObject([
      { kind: 'refund', item_id: '', quantity: '-1.000', amount_minor: '-1000' },
    ]);
  }
  const properties = { order_id: 'o', products: [{ product_id: 'a', price: 2, quantity: -3 }] };
  expect(rowsOf({ type: 'track', event: 'Order Cancelled', properties }).of('order_lines')).toMatchObject([
    { kind: 'refund', quantity: '-3.000', amount_minor: '-600' },
  ]);
});

test('identify keeps facts as traits and sends the person to the vault; identifiers make a star around the strongest', () => {
  const rows = rowsOf({
    type: 'identify',
    anonymousId: 'a',
    traits: { email: 'a@b.c', plan: 'gold' },
    context: { device: { id: 'd' }, externalIds: [{ id: 'wx', type: 'unionid' }] },
  });
  expect(rows.identities.map(({ kind }) => kind)).toEqual(['user_id', 'unionid', 'email', 'device_id', 'anonymous_id']);
  expect(rows.edges).toHaveLength(4);
  expect(rows.of('traits')).toMatchObject([{ name: 'plan', value: '"gold"' }]);
  expect(rows.values).toMatchObject([{ field: 'email', value: 'a@b.c' }]);
  expect(rows.of('events')).toMatchObject([{ name: 'profile_identified', properties: { plan: 'gold' } }]);
});

test('alias joins the earlier id; group keeps membership as an event and as facts', () => {
  const alias = rowsOf({ type: 'alias', previousId: 'before' });
  expect(alias.edges).toHaveLength(1);
  expect(alias.of('events')).toMatchObject([{ name: 'profile_aliased' }]);
  const group = rowsOf({ type: 'group', groupId: 'acme', traits: { industry: 'tea' } });
  expect(group.of('events')).toMatchObject([{ name: 'group_joined', properties: { group_id: 'acme' } }]);
  expect(group.of('traits')).toMatchObject([{ name: 'group_industry', value: '"tea"' }]);
});

test('a reviewed product becomes a review of the same person', () => {
  const rows = rowsOf({
    type: 'track',
    event: 'Product Reviewed',
    properties: { product_id: 'p', review_body: '很好', rating: '5' },
  });
  expect(rows.of('reviews')).toMatchObject([{ item_id: 'p', text: '很好', rating: 5, language: 'zh' }]);
});

test("an e-mail in an event's properties leaves its surrogate", () => {
  const rows = rowsOf({ type: 'track', event: 'Invited', properties: { email: 'friend@x.org' } });
  expect(rows.of('events')).toMatchObject([{ properties: { email: vault.surrogate('email', 'friend@x.org') } }]);
  expect(rows.identities.map(({ kind }) => kind)).toEqual(['user_id']);
});
