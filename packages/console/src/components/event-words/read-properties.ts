export type Properties = Readonly<Record<string, unknown>>;

/** The first of these that is a text with something in it. */
export function readText(properties: Properties, names: readonly string[]): string | null {
  for (const name of names) {
    const value = properties[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number') return String(value);
  }
  return null;
}

export const readName = (properties: Properties): string | null =>
  readText(properties, [
    'name',
    'title',
    'product_name',
    'item_name',
    'query',
    'category',
    'coupon_id',
    'coupon',
    'campaign_name',
    'campaign',
    'path',
    'product_id',
    'sku',
  ]);

/** The items of an order, each once: products by their names, or the ids that an imported order carries instead. */
export function readItems(properties: Properties): string[] {
  const { products, item_ids: ids } = properties;
  const items = Array.isArray(products)
    ? products.map((product) => (product && typeof product === 'object' ? readName(product as Properties) : null))
    : Array.isArray(ids)
      ? ids.map((id) => readText({ id }, ['id']))
      : [];
  return [...new Set(items.filter((item) => item !== null))];
}

/** What the event is worth, in the currency's major unit; null when it says no amount or no currency. */
export function readAmount(properties: Properties): { major: number; currency: string } | null {
  const currency = properties.currency;
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return null;
  for (const name of ['revenue', 'total', 'value', 'amount', 'price']) {
    const value = readNumber(properties[name]);
    if (value !== null) return { major: Math.abs(value), currency };
  }
  return null;
}

/** How many pieces: its own quantity, or the sum over its products. Imported orders carry theirs as `quantity`. */
export function readQuantity(properties: Properties): number | null {
  if (Array.isArray(properties.products)) {
    const quantities = properties.products.map((product) => readNumber((product as Properties | null)?.quantity) ?? 1);
    return quantities.length === 0 ? null : quantities.reduce((sum, quantity) => sum + quantity, 0);
  }
  const own = readNumber(properties.quantity);
  return own === null ? null : Math.abs(own);
}

function readNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
