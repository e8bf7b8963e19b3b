import { type SaidCode, said } from '@zhiyin/contract';
import type { Json, JsonObject } from '../../domain/events.ts';
import type { CompiledSettings } from '../clean-settings.ts';
import { type Draft, quarantine, type Refusal, type StepResult } from '../draft.ts';
import { describe, isObject, own } from '../json.ts';
import { parseAmountText } from '../money/parse-amount-text.ts';
import { parseBoolean } from '../repair-actions.ts';
import { standardEvents } from '../standard-events.ts';

type Known = 'number' | 'text' | 'boolean';

const numbers =
  'price quantity total revenue value subtotal shipping tax discount unit_price amount rating position step';
const texts =
  'order_id product_id sku cart_id checkout_id coupon coupon_id coupon_name category brand name variant currency query affiliation ' +
  'image_url url item_id list_id promotion_id wishlist_id review_id payment_method shipping_method';
const booleans = 'is_gift is_first_order in_stock';

const knownTypes: ReadonlyMap<string, Known> = new Map([
  ...numbers.split(' ').map((name) => [name, 'number'] as const),
  ...texts.split(' ').map((name) => [name, 'text'] as const),
  ...booleans.split(' ').map((name) => [name, 'boolean'] as const),
]);

/** `orderId` → `order_id`: the specification's spelling for the names it knows. */
const camelSpellings: ReadonlyMap<string, string> = new Map(
  [...knownTypes.keys()]
    .filter((name) => name.includes('_'))
    .map((name) => [name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()), name]),
);

/**
 * Properties of the standard e-commerce events get the types of the specification: numbers and booleans written as text are read,
 * numeric ids become text, empty text becomes null, camel case becomes snake case. What cannot be read is refused by name.
 */
export function coerceTypes(draft: Draft, settings: CompiledSettings): StepResult {
  if (!standardEvents.has(draft.name)) return undefined;
  const repairs = new Set<string>();
  const properties = coerceObject(draft.properties, 'properties', settings.workspace.currency, repairs);
  if (isRefused(properties)) return properties.refused;
  const products = own(properties.object, 'products');
  let result = properties.object;
  if (products !== undefined && products !== null) {
    const list = readProducts(products, repairs);
    if (!list) return quarantine('bad_type', 'properties.products', said('not_list', { got: describe(products) }));
    const coerced: Json[] = [];
    for (const [i, product] of list.entries()) {
      const place = `properties.products[${i}]`;
      if (!isObject(product)) return quarantine('bad_type', place, said('not_object', { got: describe(product) }));
      const one = coerceObject(product, place, settings.workspace.currency, repairs);
      if (isRefused(one)) return one.refused;
      coerced.push(one.object);
    }
    result = { ...result, products: coerced };
  }
  draft.properties = result;
  draft.repairs.push(...repairs);
  return undefined;
}

type CoercedObject = { readonly object: JsonObject };
type RefusedObject = { readonly refused: Refusal };
type Coerced = CoercedObject | RefusedObject;
const isRefused = (coerced: Coerced): coerced is RefusedObject => 'refused' in coerced;

function coerceObject(object: JsonObject, place: string, ownCurrency: string, repairs: Set<string>): Coerced {
  let changed: JsonObject | undefined;
  for (const key of Object.keys(object)) {
    const snake = camelSpellings.get(key);
    const name = snake && own(object, snake) === undefined ? snake : key;
    const known = knownTypes.get(name);
    if (!known) continue;
    const value = object[key]!;
    const coerced = coerce(value, known, ownCurrency);
    if (coerced === undefined) {
      return {
        refused: quarantine('bad_type', `${place}.${key}`, said(mustBe[known], { got: describe(value) })),
      };
    }
    if (name === key && coerced === value) continue;
    changed ??= { ...object };
    if (name !== key) {
      delete changed[key];
      repairs.add(`renamed:${key}`);
    }
    changed[name] = coerced;
    if (coerced !== value) repairs.add(`type:${name}`);
  }
  return { object: changed ?? object };
}

const mustBe = { number: 'not_number', text: 'not_text', boolean: 'not_boolean' } as const satisfies Record<
  Known,
  SaidCode
>;

function coerce(value: Json, known: Known, ownCurrency: string): Json | undefined {
  if (value === null) return null;
  if (known === 'number') {
    if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
    if (typeof value !== 'string') return undefined;
    if (value.trim() === '') return null;
    // Money keeps its text until the amounts are computed: a currency may stand beside the number.
    const amount = parseAmountText(value, ownCurrency);
    if (!amount) return undefined;
    return amount.currency ? value : Number(amount.number);
  }
  if (known === 'boolean') {
    if (value === '') return null;
    return parseBoolean(value);
  }
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // A list of categories is common and harmless.
  return Array.isArray(value) ? value : undefined;
}

/** A list, one product alone, or a list sent as JSON text. */
function readProducts(value: Json, repairs: Set<string>): Json[] | undefined {
  if (Array.isArray(value)) return value;
  if (value === '') return [];
  if (isObject(value)) {
    repairs.add('type:products');
    return [value];
  }
  if (typeof value !== 'string') return undefined;
  try {
    const unpacked = JSON.parse(value) as Json;
    if (!Array.isArray(unpacked)) return undefined;
    repairs.add('type:products');
    return unpacked;
  } catch {
    return undefined;
  }
}
