/**
 * Decimals of each currency as ISO 4217 states them, where they are not two. A table, because `Intl` follows CLDR, which
 * says how prices are shown (no decimals for IQD) and not what the minor unit is (a thousandth).
 */
const exponents: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((c) => [c, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((c) => [c, 3])),
  CLF: 4,
  UYW: 4,
};

/** Major to minor unit: 12.5 CNY → 1250, 12.5 KWD → 12500. Half goes up. Undefined when no safe integer holds it. */
export function toMinorUnits(amount: number, currency: string): number | undefined {
  const exponent = exponents[currency] ?? 2;
  const [digits = '', power = '0'] = String(amount).toLowerCase().split('e');
  // Shifting the decimal point in the text: 1.005 × 100 as numbers is 100.49999999999999.
  const minor = Math.round(Number(`${digits}e${Number(power) + exponent}`));
  return Number.isSafeInteger(minor) ? minor : undefined;
}
