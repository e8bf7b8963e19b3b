/** `{ a: { b: 'x' } }` → `a.b` → `x`. */
export function flattenTexts(texts: Record<string, unknown>, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof value === 'string') flat.set(path, value);
    else for (const [inner, text] of flattenTexts(value as Record<string, unknown>, path)) flat.set(inner, text);
  }
  return flat;
}
