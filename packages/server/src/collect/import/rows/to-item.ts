import { type SaidText, said } from '@zhiyin/contract';
import type { QuarantineReason } from '../../../domain/outcome.ts';
import type { ImportPlan } from '../import-plan.ts';
import { isYes, plainId, type RowFields } from './read-fields.ts';

export type ItemRow = Record<string, unknown> & { readonly item_id: string };
export type ItemResult =
  | { readonly kind: 'item'; readonly item: ItemRow; readonly repairs: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: QuarantineReason; readonly field: string; readonly detail: SaidText };

/** A row of a catalogue file → a row of `items`. */
export function toItem(plan: ImportPlan, row: RowFields): ItemResult {
  const text = (field: string) => row.fields.get(field) ?? '';
  const repairs: string[] = [];
  const itemId = plainId(text('item_id'));
  if (itemId === '') return refused('missing_item', 'item_id', said('row_empty'));
  if (itemId !== text('item_id')) repairs.push('item_id:float');
  const written = text('currency').toUpperCase();
  const currency =
    written === ''
      ? plan.options.currency
      : plan.rules.currencyExponents.has(written)
        ? written
        : plan.rules.findCurrency(text('currency'), plan.options.currency);
  if (!currency) return refused('bad_currency', 'currency', said('not_currency'));
  if (written !== '' && currency !== written) repairs.push('currency');
  const price = readNumber(text('price'));
  if (price === undefined)
    return refused('bad_amount', 'price', said('row_no_amount', { value: text('price').slice(0, 40) }));
  if (price !== null && price.value < 0)
    return refused('negative_price', 'price', said('row_is', { value: text('price').slice(0, 40) }));
  if (price?.isMended) repairs.push('type:price');
  const stock = readNumber(text('stock'));
  return {
    kind: 'item',
    repairs,
    item: {
      workspace_id: plan.workspace.id,
      item_id: itemId.slice(0, 200),
      name: text('name').slice(0, 1_000),
      description: text('description').slice(0, 20_000),
      category: text('category').slice(0, 300),
      brand: text('brand').slice(0, 200),
      price_minor: price === null ? null : toMinor(price.text, plan.rules.currencyExponents.get(currency) ?? 2),
      currency: price === null ? '' : currency,
      url: text('url').slice(0, 2_000),
      image_url: text('image_url').slice(0, 2_000),
      stock: stock === null || stock === undefined ? null : Math.trunc(stock.value),
      attributes: Object.fromEntries(row.kept),
      deleted: isYes(text('deleted')) ? 1 : 0,
    },
  };
}

function refused(reason: QuarantineReason, field: string, detail: SaidText): ItemResult {
  return { kind: 'refused', reason, field, detail };
}

type NumberRead = { readonly value: number; readonly text: string; readonly isMended: boolean };

/** Null: empty. Undefined: no number. */
function readNumber(text: string): NumberRead | null | undefined {
  if (text === '') return null;
  const isPlain = /^-?\d+(\.\d+)?$/u.test(text);
  let bare = isPlain
    ? text
    : text
        .normalize('NFKC')
        .replace(/^[^\d.,-]+|[^\d.,]+$/gu, '')
        .replace(/\s/gu, '');
  if (!isPlain) bare = /,\d{1,2}$/u.test(bare) ? bare.replaceAll('.', '').replace(',', '.') : bare.replaceAll(',', '');
  if (!/^-?\d{1,14}(\.\d+)?$/u.test(bare)) return undefined;
  return { value: Number(bare), text: bare, isMended: !isPlain };
}

/** In whole numbers, half away from zero: 1.005 has no exact binary form. */
function toMinor(text: string, exponent: number): number {
  const [whole = '0', fraction = ''] = text.split('.');
  const digits = `${fraction}${'0'.repeat(exponent + 1)}`;
  return Number(BigInt(whole + digits.slice(0, exponent)) + (digits[exponent]! >= '5' ? 1n : 0n));
}
