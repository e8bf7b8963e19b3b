import type { Formats } from '../../format/use-formats.ts';

/** A trait's value as people write it: instants as days, lists and objects without the signs of JSON. */
export function formatTrait(value: unknown, formats: Pick<Formats, 'day' | 'count'>): string {
  if (typeof value === 'string')
    return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(value) ? formats.day(value) : value;
  if (typeof value === 'number') return formats.count(value);
  if (Array.isArray(value)) return value.map((inner) => formatTrait(inner, formats)).join(' · ');
  if (value !== null && typeof value === 'object') {
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${formatTrait(inner, formats)}`)
      .join(' · ');
  }
  return String(value);
}
