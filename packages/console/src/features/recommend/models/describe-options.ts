/** Options of a model in a line: `lambda 300, dropout 0.5`; parts of a blend as `2 × Item neighbours + 1 × ALS`. */
export function describeOptions(
  options: Readonly<Record<string, unknown>>,
  modelName: (kind: string) => string,
): string {
  return Object.entries(options)
    .flatMap(([name, value]) => {
      if (value === null || value === undefined) return [];
      if (Array.isArray(value)) return [value.map((part) => describePart(part, modelName)).join(' + ')];
      if (typeof value === 'object') return [describeOptions(value as Record<string, unknown>, modelName)];
      return [`${name} ${typeof value === 'number' ? shorten(value) : String(value)}`];
    })
    .filter(Boolean)
    .join(', ');
}

function describePart(part: unknown, modelName: (kind: string) => string): string {
  if (part === null || typeof part !== 'object') return String(part);
  const { kind, weight } = part as { kind?: unknown; weight?: unknown };
  if (typeof kind !== 'string') return describeOptions(part as Record<string, unknown>, modelName);
  return typeof weight === 'number' ? `${shorten(weight)} × ${modelName(kind)}` : modelName(kind);
}

const shorten = (value: number): string => String(Number(value.toPrecision(4)));
