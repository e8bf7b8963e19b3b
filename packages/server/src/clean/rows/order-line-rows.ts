import { currencyExponents } from '../../domain/currencies.ts';
import type { Json, JsonObject } from '../../domain/events.ts';
import type { IdentityId } from '../../domain/ids.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import type { Draft } from '../draft.ts';
import { isObject, own } from '../json.ts';

import { type Decimal, formatDecimal, multiply, parseDecimal, roundTo } from '../money/decimal.ts';
import type { Row } from './chunk-rows.ts';
import { instantText } from './instant-text.ts';

const kinds: Readonly<Record<string, 'sale' | 'refund'>> = {
  order_completed: 'sale',
  order_refunded: 'refund',
  order_cancelled: 'refund',
};
const one: Decimal = { units: 1n, scale: 0 };
const nothing: Decimal = { units: 0n, scale: 0 };
/** Decimal(18, 3) and Decimal(18, 4) of the table. */
const quantityUnitsMax = 10n ** 17n;

/** Lines of an order: one per product; an order that names no products is one line without an item. Returns are negative. */
export function orderLineRows(draft: Draft, identityId: IdentityId, vault: WorkspaceVault): Row[] {
  const kind = kinds[draft.name];
  if (!kind || draft.type !== 'track') return [];
  const { properties, arrival } = draft;
  const currency = String(own(properties, 'currency'));
  const exponent = currencyExponents.get(currency) ?? 2;
  const orderId = text(own(properties, 'order_id'));
  const products = own(properties, 'products');
  const lines = Array.isArray(products) ? products.filter(isObject) : [];
  const list = lines.length > 0 ? lines.map(productLine) : [wholeOrderLine(properties, exponent)];
  return list.map((line, i) => {
    const minor = line.minor ?? roundTo(multiply(line.price, line.quantity), exponent);
    const sign = kind === 'refund' ? -1n : 1n;
    const absolute = minor < 0n ? -minor : minor;
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
      amount_minor: (sign * absolute).toString(),
      currency,
      occurred_at: instantText(draft.occurredAt),
      received_at: instantText(arrival.receivedAt),
      import_id: arrival.importId,
    };
  });
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
