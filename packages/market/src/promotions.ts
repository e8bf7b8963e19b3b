import { type CivilDate, civilDate, daysUntil } from './calendar.ts';

/** A sale of the brand: what is off, for whom it shows, and how many more people come because of it. */
export type Promotion = {
  readonly id: string;
  readonly name: string;
  readonly coupon: string;
  /** Taken off the list price, 0 to 1. */
  readonly discount: number;
  /** Visits are multiplied by this. */
  readonly traffic: number;
  /** Added to the readiness to check out: a deadline makes people decide. */
  readonly urgency: number;
  /** Empty: everything. */
  readonly categories: readonly string[];
};

type Rule = (date: CivilDate, day: number) => Omit<Promotion, 'coupon'> | null;

const sale = (
  id: string,
  name: string,
  discount: number,
  traffic: number,
  urgency: number,
  categories: string[] = [],
) => ({
  id,
  name,
  discount,
  traffic,
  urgency,
  categories,
});

const rules: readonly Rule[] = [
  ({ month, dayOfMonth }) => {
    if (month !== 11 || dayOfMonth > 11) return null;
    if (dayOfMonth === 11) return sale('double11', '双11', 0.25, 3.6, 1.5);
    if (dayOfMonth === 10) return sale('double11', '双11', 0.2, 1.8, 0.3);
    return sale(
      'double11',
      '双11',
      dayOfMonth <= 3 ? 0.2 : 0.15,
      dayOfMonth === 1 ? 2 : 1.25,
      dayOfMonth === 1 ? 0.7 : 0.1,
    );
  },
  ({ month, dayOfMonth }) => {
    if (month !== 6 || dayOfMonth > 20) return null;
    if (dayOfMonth === 18) return sale('618', '618', 0.22, 2.6, 1.2);
    if (dayOfMonth >= 16) return sale('618', '618', 0.18, 1.6, 0.4);
    return sale('618', '618', 0.12, dayOfMonth === 1 ? 1.5 : 1.15, 0.1);
  },
  ({ month, dayOfMonth }) =>
    month === 12 && dayOfMonth >= 10 && dayOfMonth <= 12
      ? sale('double12', '双12', 0.18, dayOfMonth === 12 ? 2 : 1.3, dayOfMonth === 12 ? 0.8 : 0.2)
      : null,
  (_, day) => {
    const left = daysUntil('chineseNewYear', day);
    return left > 7 && left <= 25
      ? sale('new-year', '年货节', 0.15, 1.45, 0.4, ['tea', 'teaware', 'kitchen', 'decor'])
      : null;
  },
  (_, day) => {
    const left = daysUntil('midAutumn', day);
    return left > 3 && left <= 16
      ? sale('mid-autumn', '中秋礼遇', 0.1, 1.25, 0.3, ['tea', 'teaware', 'fragrance'])
      : null;
  },
  ({ month, dayOfMonth }) =>
    month === 3 && dayOfMonth >= 5 && dayOfMonth <= 8
      ? sale('march8', '春日焕新', 0.15, 1.4, 0.4, ['skincare', 'bodycare', 'womenswear', 'fragrance'])
      : null,
  ({ month, dayOfMonth }) =>
    month === 5 && dayOfMonth >= 18 && dayOfMonth <= 20
      ? sale('520', '520 心意', 0.1, 1.3, 0.3, ['fragrance', 'skincare', 'bags'])
      : null,
  ({ month, dayOfMonth }) =>
    month === 8 && dayOfMonth >= 22
      ? sale('back-to-school', '开学季', 0.12, 1.12, 0.2, ['kids', 'bags', 'bedding'])
      : null,
];

/** The promotion running on a day, if any. Promotions do not overlap: the first rule that holds wins. */
export function findPromotion(day: number): Promotion | null {
  const date = civilDate(day);
  for (const rule of rules) {
    const found = rule(date, day);
    if (found) return { ...found, coupon: `${found.id.replace(/[^a-z0-9]/g, '').toUpperCase()}${date.year % 100}` };
  }
  return null;
}

export function discountFor(promotion: Promotion | null, category: string): number {
  if (!promotion) return 0;
  return promotion.categories.length === 0 || promotion.categories.includes(category) ? promotion.discount : 0;
}
