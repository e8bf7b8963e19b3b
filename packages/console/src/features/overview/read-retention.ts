import { type ChartPanel, numberOf, textOf } from '../../charts/panel-values.ts';

export type RetentionCell = {
  readonly cohort: string;
  readonly size: number;
  readonly week: number;
  readonly people: number;
  readonly rate: number;
};
export type Retention = {
  readonly cohorts: readonly { readonly cohort: string; readonly size: number }[];
  readonly weeks: readonly number[];
  readonly cells: readonly RetentionCell[];
  /** Share of all people with a whole following week who came back in it; null when there is none. */
  readonly nextWeekRate: number | null;
};

/** The panel without week 0 (everybody is there in their first week), newest cohorts first, at most so many of each as can be read. */
export function readRetention(panel: ChartPanel | undefined, cohortsMax = 12, weeksMax = 12): Retention {
  const all = (panel?.rows ?? []).map((row) => ({
    cohort: textOf(row, 'cohort').slice(0, 10),
    size: numberOf(row, 'size') ?? 0,
    week: numberOf(row, 'week') ?? 0,
    people: numberOf(row, 'people') ?? 0,
    rate: numberOf(row, 'rate') ?? 0,
  }));
  const later = all.filter(({ week }) => week > 0 && week <= weeksMax);
  const sizes = new Map(all.map(({ cohort, size }) => [cohort, size]));
  const kept = [...new Set(later.map(({ cohort }) => cohort))].toSorted().slice(-cohortsMax);
  const cells = later.filter(({ cohort }) => kept.includes(cohort));
  const widest = Math.max(0, ...cells.map(({ week }) => week));
  const next = later.filter(({ week }) => week === 1);
  const asked = next.reduce((sum, { size }) => sum + size, 0);
  return {
    cohorts: kept.map((cohort) => ({ cohort, size: sizes.get(cohort) ?? 0 })),
    weeks: Array.from({ length: widest }, (_, index) => index + 1),
    cells,
    nextWeekRate: asked > 0 ? next.reduce((sum, { people }) => sum + people, 0) / asked : null,
  };
}
