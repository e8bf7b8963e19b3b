const pairsMax = 5;
const lettersMax = 40;

/** The first properties of an event on one line: `product_id: p-7 · price: 128`. Lists say how many they hold. */
export function summarise(properties: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(properties).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  const shown = entries.slice(0, pairsMax).map(([name, value]) => `${name}: ${short(value)}`);
  if (entries.length > pairsMax) shown.push(`+${entries.length - pairsMax}`);
  return shown.join(' · ');
}

function short(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'object') return '{…}';
  const text = String(value);
  return text.length > lettersMax ? `${text.slice(0, lettersMax - 1)}…` : text;
}
