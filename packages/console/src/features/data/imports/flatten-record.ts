const depthMax = 4;

/** `{ properties: { price: 12 } }` → `{ 'properties.price': '12' }`, for showing a record as columns. Empty values are left out. */
export function flattenRecord(
  record: Readonly<Record<string, unknown>>,
  prefix = '',
  depth = 0,
): Record<string, string> {
  const cells: Record<string, string> = {};
  for (const [name, value] of Object.entries(record)) {
    if (value === null || value === undefined || value === '') continue;
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (typeof value === 'object' && !Array.isArray(value) && depth < depthMax) {
      Object.assign(cells, flattenRecord(value as Record<string, unknown>, path, depth + 1));
    } else {
      cells[path] = typeof value === 'object' ? JSON.stringify(value) : String(value);
    }
  }
  return cells;
}
