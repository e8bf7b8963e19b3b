import { said } from '@zhiyin/contract';
import { currencyExponents } from '../../domain/currencies.ts';
import type { Json, JsonObject } from '../../domain/events.ts';
import type { CompiledSettings } from '../clean-settings.ts';
import { type Draft, quarantine, type Refusal, type StepResult } from '../draft.ts';
import { isObject, own } from '../json.ts';
import { findCurrency } from '../money/currencies.ts';
import { type Decimal, multiply, parseDecimal, roundTo } from '../money/decimal.ts';
import { parseAmountText } from '../money/parse-amount-text.ts';
import { standardEvents } from '../standard-events.ts';

const moneyNames = [
  'total',
  'revenue',
  'value',
  'amount',
  'price',
  'subtotal',
  'shipping',
  'tax',
  'discount',
  'unit_price',
];
/** Which property is the event's own amount; the first that is there. */
const amountNames = ['total', 'revenue', 'value', 'amount'];

/**
 * Money in the currency's minor unit: `amount_minor` and `currency` are added, and every amount becomes a plain number.
 * A brand's own events get them too when they carry `revenue` or `total` that can be read.
 */
export function putAmounts(draft: Draft, settings: CompiledSettings): StepResult {
  const standard = standardEvents.get(draft.name);
  const isOwn = draft.type === 'track' && !standard && amountNames.some((name) => own(draft.properties, name) != null);
  if (!standard?.hasMoney && !isOwn) return undefined;
  const refusal = readMoney(draft, settings.workspace.currency);
  // Whether a brand's own `value` is money is a guess: when it does not read as money, it stays as it is.
  return isOwn ? undefined : refusal;
}

function readMoney(draft: Draft, ownCurrency: string): StepResult {
  const repairs = new Set<string>();
  const currencies = new Set<string>();
  const properties = readAmounts(draft.properties, 'properties', ownCurrency, currencies, repairs);
  if (isRefusal(properties)) return properties.refusal;
  const products = own(properties, 'products');
  if (Array.isArray(products)) {
    const list: Json[] = [];
    for (const [i, product] of products.entries()) {
      if (!isObject(product)) {
        list.push(product);
        continue;
      }
      const read = readAmounts(product, `properties.products[${i}]`, ownCurrency, currencies, repairs);
      if (isRefusal(read)) return read.refusal;
      const wrong = checkLine(read, `properties.products[${i}]`, draft.name);
      if (wrong) return wrong;
      list.push(read);
    }
    properties.products = list;
  }
  const wrong = checkLine(properties, 'properties', draft.name);
  if (wrong) return wrong;
  const currency = chooseCurrency(properties, currencies, ownCurrency, repairs);
  if (typeof currency !== 'string') return currency;
  properties.currency = currency;
  const amount = computeAmount(properties);
  if (amount) {
    const minor = Number(roundTo(amount, currencyExponents.get(currency)!));
    if (!Number.isSafeInteger(minor)) {
      return quarantine('bad_amount', 'properties.total', said('amount_not_exact'));
    }
    properties.amount_minor = minor;
  }
  draft.properties = properties;
  draft.repairs.push(...repairs);
  return undefined;
}

class MoneyRefusal {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}
const isRefusal = (read: JsonObject | MoneyRefusal): read is MoneyRefusal => read instanceof MoneyRefusal;

function readAmounts(
  object: JsonObject,
  place: string,
  ownCurrency: string,
  currencies: Set<string>,
  repairs: Set<string>,
): JsonObject | MoneyRefusal {
  const read: JsonObject = { ...object };
  for (const name of moneyNames) {
    const value = own(object, name);
    if (value === undefined || value === null) continue;
    if (typeof value === 'number') {
      if (!parseDecimal(value)) {
        return new MoneyRefusal(quarantine('bad_amount', `${place}.${name}`, said('amount_too_large')));
      }
      continue;
    }
    const amount = typeof value === 'string' ? parseAmountText(value, ownCurrency) : undefined;
    if (!amount || !parseDecimal(amount.number)) {
      return new MoneyRefusal(quarantine('bad_amount', `${place}.${name}`, said('not_amount')));
    }
    if (amount.currency) currencies.add(amount.currency);
    read[name] = Number(amount.number);
    repairs.add('amount');
  }
  return read;
}

/** A sale takes neither negative prices nor negative quantities; a return may be written either way. */
function checkLine(object: JsonObject, place: string, eventName: string): Refusal | undefined {
  if (eventName === 'order_refunded' || eventName === 'order_cancelled') return undefined;
  const quantity = own(object, 'quantity');
  if (typeof quantity === 'number' && quantity < 0) {
    return quarantine('negative_quantity', `${place}.quantity`, said('negative'));
  }
  for (const name of ['price', 'unit_price', 'total', 'revenue']) {
    const price = own(object, name);
    if (typeof price === 'number' && price < 0) {
      return quarantine('negative_price', `${place}.${name}`, said('negative'));
    }
  }
  return undefined;
}

function chooseCurrency(
  properties: JsonObject,
  beside: ReadonlySet<string>,
  ownCurrency: string,
  repairs: Set<string>,
): string | Refusal {
  const stated = own(properties, 'currency');
  if (stated !== undefined && stated !== null && stated !== '') {
    const currency = typeof stated === 'string' ? findCurrency(stated, ownCurrency) : undefined;
    if (!currency) return quarantine('bad_currency', 'properties.currency', said('not_currency'));
    if (currency !== stated) repairs.add('currency');
    return currency;
  }
  if (beside.size > 1) return quarantine('bad_currency', 'properties.currency', said('several_currencies'));
  repairs.add('currency');
  return [...beside][0] ?? ownCurrency;
}

function computeAmount(properties: JsonObject): Decimal | undefined {
  for (const name of amountNames) {
    const value = own(properties, name);
    if (typeof value === 'number') return parseDecimal(value);
  }
  const products = own(properties, 'products');
  if (Array.isArray(products)) {
    const lines = products.filter(isObject).map(lineAmount);
    if (lines.length > 0 && lines.every((line) => line !== undefined)) return lines.reduce(add);
  }
  return lineAmount(properties);
}

function lineAmount(line: JsonObject): Decimal | undefined {
  const price = own(line, 'price') ?? own(line, 'unit_price');
  const quantity = own(line, 'quantity') ?? 1;
  if (typeof price !== 'number' || typeof quantity !== 'number') return undefined;
  const [a, b] = [parseDecimal(price), parseDecimal(quantity)];
  return a && b ? multiply(a, b) : undefined;
}

function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: roundTo(a, scale) + roundTo(b, scale), scale };
}
