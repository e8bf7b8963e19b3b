import { findCurrency } from './currencies.ts';

export type AmountText = {
  /** Plain: `-1234.50`. */
  readonly number: string;
  /** The currency written beside it, when there was one. */
  readonly currency: string | undefined;
};

/**
 * A number as people and shops write it: `¥1,234.50`, `1.234,50 €`, `(12.00)`, `1 234,5`, `12元`. Undefined when it is none.
 * The last of point and comma is the decimal sign; a single one followed by exactly three digits is a decimal point but a
 * thousands comma (`1.234` is 1.234; `1,234` is 1234).
 */
export function parseAmountText(text: string, ownCurrency: string): AmountText | undefined {
  const trimmed = text.normalize('NFKC').trim();
  if (trimmed === '' || trimmed.length > 60) return undefined;
  const match = /^(\(?)([-+]?)([^\d.,()+-]*)([-+]?)([\d.,'’\s_]*\d[\d.,'’\s_]*)([^\d.,()]*)(\)?)$/u.exec(trimmed);
  if (!match) return undefined;
  const [, opening, sign1, before, sign2, digits, after, closing] = match as unknown as string[];
  if ((opening === '(') !== (closing === ')') || (sign1 && sign2)) return undefined;
  const currency = currencyBeside(before!, after!, ownCurrency);
  if (currency === null) return undefined;
  const plain = plainNumber(digits!.trim());
  if (plain === undefined) return undefined;
  const negative = opening === '(' || sign1 === '-' || sign2 === '-';
  return { number: negative ? `-${plain}` : plain, currency };
}

/** Null: something stands there that is no currency. */
function currencyBeside(before: string, after: string, ownCurrency: string): string | undefined | null {
  const words = [before.trim(), after.trim()].filter((word) => word !== '');
  if (words.length === 0) return undefined;
  const found = words.map((word) => findCurrency(word, ownCurrency));
  if (found.some((code) => code === undefined)) return null;
  // `¥12 CNY`: the second, longer one is the more exact.
  return words.length === 2 ? (words[0]!.length >= words[1]!.length ? found[0] : found[1]) : found[0];
}

function plainNumber(digits: string): string | undefined {
  const text = digits.replace(/['’\s_]/g, '');
  const points = text.split('.').length - 1;
  const commas = text.split(',').length - 1;
  if (points === 0 && commas === 0) return /^\d+$/.test(text) ? text : undefined;
  if (points > 0 && commas > 0) {
    const decimalSign = text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ',';
    const groupSign = decimalSign === '.' ? ',' : '.';
    const [whole, fraction, ...rest] = text.split(decimalSign);
    if (rest.length > 0 || !isGrouped(whole!, groupSign)) return undefined;
    return `${whole!.replaceAll(groupSign, '')}.${fraction || '0'}`;
  }
  if (commas > 0) {
    if (isGrouped(text, ',')) return text.replaceAll(',', '');
    return commas === 1 && /^\d*,\d+$/.test(text) ? text.replace(',', '.') : undefined;
  }
  if (points === 1)
    return /^\d*\.\d*$/.test(text) ? `${text.startsWith('.') ? '0' : ''}${text.replace(/\.$/, '')}` : undefined;
  return isGrouped(text, '.') ? text.replaceAll('.', '') : undefined;
}

function isGrouped(text: string, groupSign: string): boolean {
  const groups = text.split(groupSign);
  return /^\d{1,3}$/.test(groups[0]!) && groups.slice(1).every((group) => /^\d{3}$/.test(group));
}
