import type { JsonObject } from '../../../domain/events.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { RowFields } from './read-fields.ts';

/** A row of an ad-spend file → an entry of a `spend` record. */
export function toSpend(plan: Pick<ImportPlan, 'options'>, row: RowFields): JsonObject {
  const text = (field: string) => row.fields.get(field) ?? '';
  return {
    day: plainDay(text('day'), plan.options.dayFirst),
    mediaChannel: text('media_channel'),
    campaign: text('campaign'),
    spend: text('spend'),
    currency: text('currency') || plan.options.currency,
    impressions: text('impressions'),
    clicks: text('clicks'),
  };
}

/** `2026/1/3`, `2026年1月3日`, `1/3/2026`, `20260103` → `2026-01-03`; anything else stays and is refused by cleaning. */
export function plainDay(text: string, dayFirst: boolean): string {
  const pad = (part: string) => part.padStart(2, '0');
  const yearFirst = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})(?:日|[T\s].*)?$/u.exec(text);
  if (yearFirst) return `${yearFirst[1]}-${pad(yearFirst[2]!)}-${pad(yearFirst[3]!)}`;
  const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/u.exec(text);
  if (!yearLast) return text;
  const [, first, second, year] = yearLast as unknown as [string, string, string, string];
  return dayFirst ? `${year}-${pad(second)}-${pad(first)}` : `${year}-${pad(first)}-${pad(second)}`;
}
