import { dayOf } from '../format/format-instant.ts';

/** Half-open days `[from, to)`, as in the address bar and the API. */
export interface DayRange {
  from: string;
  to: string;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the range of an address; anything odd is left out, and the page takes its default. */
export function parseRange(search: Readonly<Record<string, unknown>>): Partial<DayRange> {
  const { from, to } = search;
  if (typeof from !== 'string' || typeof to !== 'string') return {};
  if (!dayPattern.test(from) || !dayPattern.test(to) || from >= to) return {};
  return { from, to };
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** The last `days` days that end with `lastDay` (included). */
export const lastDays = (days: number, lastDay: string): DayRange => ({
  from: addDays(lastDay, 1 - days),
  to: addDays(lastDay, 1),
});

export const today = (timeZone: string, now = new Date()): string => dayOf(now, timeZone);
