/** An exact decimal number: `units` / 10^`scale`. Money never passes through floating point. */
export type Decimal = { readonly units: bigint; readonly scale: number };

const digitsMax = 30;

/** From a JSON number or from text such as `1234.5`; undefined when it is not a plain finite number of reasonable size. */
export function parseDecimal(value: number | string): Decimal | undefined {
  let text = typeof value === 'number' ? numberText(value) : value;
  if (text === undefined) return undefined;
  const negative = text.startsWith('-');
  if (negative || text.startsWith('+')) text = text.slice(1);
  const match = /^(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match) return undefined;
  const whole = match[1]!;
  const fraction = match[2] ?? '';
  if (whole.length + fraction.length === 0 || whole.length + fraction.length > digitsMax) return undefined;
  const units = BigInt(whole + fraction);
  return { units: negative ? -units : units, scale: fraction.length };
}

/** Rounded half away from zero to so many decimals, as a whole number of the smallest unit. */
export function roundTo(decimal: Decimal, scale: number): bigint {
  if (decimal.scale <= scale) return decimal.units * 10n ** BigInt(scale - decimal.scale);
  const divisor = 10n ** BigInt(decimal.scale - scale);
  const half = divisor / 2n;
  const shifted = decimal.units < 0n ? decimal.units - half : decimal.units + half;
  return shifted / divisor;
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

export function formatDecimal(decimal: Decimal, scale: number): string {
  const units = roundTo(decimal, scale);
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ''}`;
}

function numberText(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const text = String(value);
  if (!text.includes('e')) return text;
  return Math.abs(value) < 1 ? value.toFixed(20) : undefined;
}
