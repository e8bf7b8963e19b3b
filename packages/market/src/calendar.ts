/** Days are whole days since 1970-01-01 in the brand's time zone, China Standard Time, which has no summer time. */
export const dayMs = 86_400_000;
export const zoneOffsetMs = 8 * 3_600_000;

export function parseDay(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw new Error(`parseDay: must be a date such as 2026-11-22, got ${JSON.stringify(text)}`);
  return ms / dayMs;
}

export function formatDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The instant a day begins in China. */
export function startOfDayMs(day: number): number {
  return day * dayMs - zoneOffsetMs;
}

export function dayOf(ms: number): number {
  return Math.floor((ms + zoneOffsetMs) / dayMs);
}

/** 0 Sunday to 6 Saturday. */
export function weekdayOf(day: number): number {
  return (day + 4) % 7;
}

const lunarFestivals = {
  chineseNewYear: ['2023-01-22', '2024-02-10', '2025-01-29', '2026-02-17', '2027-02-06', '2028-01-26', '2029-02-13'],
  dragonBoat: ['2023-06-22', '2024-06-10', '2025-05-31', '2026-06-19', '2027-06-09', '2028-05-28', '2029-06-16'],
  midAutumn: ['2023-09-29', '2024-09-17', '2025-10-06', '2026-09-25', '2027-09-15', '2028-10-03', '2029-09-22'],
} as const;

export type LunarFestival = keyof typeof lunarFestivals;

const lunarDays = Object.fromEntries(
  Object.entries(lunarFestivals).map(([name, dates]) => [name, dates.map(parseDay)]),
) as Record<LunarFestival, number[]>;

/** Days until the nearest such festival; negative after it. Outside 2023 to 2029 the festival is far away. */
export function daysUntil(festival: LunarFestival, day: number): number {
  let nearest = 1_000;
  for (const festivalDay of lunarDays[festival]) {
    const distance = festivalDay - day;
    if (Math.abs(distance) < Math.abs(nearest)) nearest = distance;
  }
  return nearest;
}

export type CivilDate = { readonly year: number; readonly month: number; readonly dayOfMonth: number };

export function civilDate(day: number): CivilDate {
  const date = new Date(day * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}
