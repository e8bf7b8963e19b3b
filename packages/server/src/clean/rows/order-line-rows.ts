import { currencyExponents } from '../../domain/currencies.ts';
import type { Json, JsonObject } from '../../domain/events.ts';
import { asSourceId, type IdentityId, type MessageKey } from '../../domain/ids.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import type { Draft } from '../draft.ts';
import { isObject, own } from '../json.ts';
import { type Decimal, formatDecimal, multiply, parseDecimal, roundTo } from '../money/decimal.ts';
import type { Row } from './chunk-rows.ts';
import { instantText } from './instant-text.ts';
import { type OrderKeys, orderKeys } from './order-keys.ts';

const kinds: Readonly<Record<string, 'sale' | 'refund'>> = {
  order_completed: 'sale',
  order_refunded: 'refund',
  order_cancelled: 'refund',
};
const noSource = asSourceId(0);
const one: Decimal = { units: 1n, scale: 0 };
const nothing: Decimal = { units: 0n, scale: 0 };
/** Decimal(18, 3) and Decimal(18, 4) of the table. */
const quantityUnitsMax = 10n ** 17n;

/** Lines of an order: one per product; an order that names no products is one line without an item. Returns are negative. */
export function orderLineRows(draft: Draft, identityId: IdentityId, vault: WorkspaceVault): OrderRows | undefined {
  const kind = kinds[draft.name];
  if (!kind || draft.type !== 'track') return undefined;
  const { properties, arrival } = draft;
  const currency = String(own(properties, 'currency'));
  const exponent = currencyExponents.get(currency) ?? 2;
  const orderId = text(own(properties, 'order_id'));
  const products = own(properties, 'products');
  const lines = Array.isArray(products) ? products.filter(isObject) : [];
  const list = lines.length > 0 ? lines.map(productLine) : [wholeOrderLine(properties, exponent)];
  const sign = kind === 'refund' ? -1n : 1n;
  const amounts = list.map((line) => {
    const minor = line.minor ?? roundTo(multiply(line.price, line.quantity), exponent);
    return sign * (minor < 0n ? -minor : minor);
  });
  const rows = list.map((line, i) => {
    return {
      workspace_id: arrival.workspaceId,
      source_id: arrival.sourceId,
      line_key: vault.messageKey(arrival.sourceId, `${draft.messageId}\0line\0${i}`),
      identity_id: identityId,
      order_id: orderId,
      kind,
      item_id: line.itemId,
      item_name: line.itemName,
      category: line.category,
      quantity: formatDecimal(withSign(line.quantity, sign), 3),
      unit_price: formatDecimal(line.price.units < 0n ? { ...line.price, units: -line.price.units } : line.price, 4),
      amount_minor: amounts[i]!.toString(),
      currency,
      occurred_at: instantText(draft.occurredAt),
      received_at: instantText(arrival.receivedAt),
      import_id: arrival.importId,
    };
  });
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  const named = { kind, orderId, identityId, currency, total, refundId: text(own(properties, 'refund_id')) };
  const items = lines.length > 0 ? lines.map(nameOfItem) : undefined;
  return { rows, keys: orderId === '' ? undefined : orderKeys(named, items, (name) => orderKey(vault, name)) };
}

export type OrderRows = { readonly rows: readonly Row[]; readonly keys: OrderKeys | undefined };

/** Orders are the workspace's, not a source's: a browser and a server may both report them. */
function orderKey(vault: WorkspaceVault, name: string): MessageKey {
  return vault.messageKey(noSource, `order\0${name}`);
}

/** What tells the products of an order apart, whatever else two senders say of them. */
function nameOfItem(product: JsonObject): string {
  const id = text(own(product, 'product_id'));
  const sku = text(own(product, 'sku'));
  return JSON.stringify([id || sku || text(own(product, 'name')), id ? sku : '', text(own(product, 'variant'))]);
}

type Line = { itemId: string; itemName: string; category: string; quantity: Decimal; price: Decimal; minor?: bigint };

function productLine(product: JsonObject): Line {
  return {
    itemId: text(own(product, 'product_id') ?? own(product, 'sku')),
    itemName: text(own(product, 'name')),
    category: category(own(product, 'category')),
    quantity: number(own(product, 'quantity')) ?? one,
    price: number(own(product, 'price') ?? own(product, 'unit_price')) ?? nothing,
  };
}

function wholeOrderLine(properties: JsonObject, exponent: number): Line {
  const minor = own(properties, 'amount_minor');
  const units = typeof minor === 'number' ? BigInt(minor) : 0n;
  return { itemId: '', itemName: '', category: '', quantity: one, price: { units, scale: exponent }, minor: units };
}

function withSign(quantity: Decimal, sign: bigint): Decimal {
  return { ...quantity, units: sign * (quantity.units < 0n ? -quantity.units : quantity.units) };
}

function number(value: Json | undefined): Decimal | undefined {
  const decimal = typeof value === 'number' ? parseDecimal(value) : undefined;
  return decimal && roundTo(decimal, 4) < quantityUnitsMax && roundTo(decimal, 4) > -quantityUnitsMax
    ? decimal
    : undefined;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A list of categories is a path from the widest to the narrowest. */
function category(value: Json | undefined): string {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string').join(' / ') : text(value);
}
