import { civilDate, daysUntil, weekdayOf } from './calendar.ts';
import type { Promotion } from './promotions.ts';

/** Sunday to Saturday: evenings at home and weekends bring more visits than Monday to Thursday. */
const weekdayTraffic = [1.16, 0.95, 0.93, 0.94, 0.96, 1.0, 1.12] as const;

/** How many visits a day brings, relative to a plain day. */
export function computeTraffic(day: number, promotion: Promotion | null): number {
  const { month, dayOfMonth } = civilDate(day);
  let traffic = weekdayTraffic[weekdayOf(day)] as number;
  // Parcels do not move in the week of Chinese New Year, and people are with their families.
  const untilNewYear = daysUntil('chineseNewYear', day);
  if (untilNewYear <= 2 && untilNewYear >= -6) traffic *= 0.5;
  else if (untilNewYear < -6 && untilNewYear >= -12) traffic *= 0.8;
  if (month === 10 && dayOfMonth <= 7) traffic *= 0.85;
  if (month === 11 && dayOfMonth > 11 && dayOfMonth <= 18) traffic *= 0.75;
  if (month === 6 && dayOfMonth > 20 && dayOfMonth <= 26) traffic *= 0.85;
  return traffic * (promotion?.traffic ?? 1);
}

/** Added to the readiness to check out in the days after wages arrive (10th and 15th). */
export function paydayEffect(day: number): number {
  const { dayOfMonth } = civilDate(day);
  if (dayOfMonth === 10 || dayOfMonth === 15) return 0.35;
  return dayOfMonth === 11 || dayOfMonth === 16 ? 0.2 : 0;
}

type Wave = { readonly peakDayOfYear: number; readonly height: number };

/** One yearly wave per category: `height` at the peak, `-height` half a year later. */
const waves: Readonly<Record<string, Wave>> = {
  tea: { peakDayOfYear: 100, height: 0.15 },
  teaware: { peakDayOfYear: 330, height: 0.1 },
  kitchen: { peakDayOfYear: 350, height: 0.15 },
  bedding: { peakDayOfYear: 310, height: 0.4 },
  decor: { peakDayOfYear: 20, height: 0.2 },
  fragrance: { peakDayOfYear: 345, height: 0.25 },
  skincare: { peakDayOfYear: 340, height: 0.2 },
  bodycare: { peakDayOfYear: 190, height: 0.2 },
  womenswear: { peakDayOfYear: 115, height: 0.25 },
  menswear: { peakDayOfYear: 290, height: 0.25 },
  kids: { peakDayOfYear: 160, height: 0.2 },
  bags: { peakDayOfYear: 240, height: 0.25 },
};

/** Gifts of tea and tea ware before Mid-Autumn and Chinese New Year, new tea in April, new linen before the year turns. */
export function computeSeason(category: string, day: number): number {
  const wave = waves[category] ?? { peakDayOfYear: 0, height: 0 };
  const { year, month, dayOfMonth } = civilDate(day);
  const dayOfYear = day - Date.UTC(year, 0, 1) / 86_400_000;
  let season = wave.height * Math.cos((2 * Math.PI * (dayOfYear - wave.peakDayOfYear)) / 365.25);
  const untilNewYear = daysUntil('chineseNewYear', day);
  const untilMidAutumn = daysUntil('midAutumn', day);
  const isGiftTime = (untilNewYear > 4 && untilNewYear <= 24) || (untilMidAutumn > 2 && untilMidAutumn <= 18);
  if (isGiftTime && category === 'tea') season += 0.9;
  if (isGiftTime && (category === 'teaware' || category === 'fragrance')) season += 0.45;
  if (untilNewYear > 6 && untilNewYear <= 30 && (category === 'decor' || category === 'bedding')) season += 0.35;
  if (category === 'tea' && month === 4 && dayOfMonth <= 25) season += 0.45;
  if (category === 'kids' && month === 5 && dayOfMonth >= 22) season += 0.6;
  return season;
}

/** Share of a day's visits that begin in each hour, China time: a hump at lunch, a larger one at nine in the evening. */
export const hourWeights = [
  1.6, 0.8, 0.4, 0.25, 0.2, 0.3, 0.8, 1.8, 2.8, 3.6, 4.2, 4.6, 5.6, 5.2, 4.2, 4.0, 4.0, 4.2, 4.8, 6.2, 7.8, 8.6, 7.4,
  4.2,
] as const;
