import { currencyExponents } from '../domain/currencies.ts';

/** Major to minor unit: 12.5 CNY → 1250, 12.5 KWD → 12500. Half goes up. Undefined when no safe integer holds it. */
export function toMinorUnits(amount: number, currency: string): number | undefined {
  const exponent = currencyExponents.get(currency) ?? 2;
  const [digits = '', power = '0'] = String(amount).toLowerCase().split('e');
  // Shifting the decimal point in the text: 1.005 × 100 as numbers is 100.49999999999999.
  const minor = Math.round(Number(`${digits}e${Number(power) + exponent}`));
  return Number.isSafeInteger(minor) ? minor : undefined;
}
