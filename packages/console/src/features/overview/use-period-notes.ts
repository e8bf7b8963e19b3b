import type { Panel } from '@zhiyin/contract';
import { fillPeriods, isPartialPeriod, listPeriods } from '../../charts/fill-periods.ts';
import type { Overview } from './use-overview.ts';
import { useOverviewWords } from './use-overview-words.ts';

/** What a reader could take for a fall, and is not: a period cut off by the range, and one without data. */
export function usePeriodNotes(panel: Panel | undefined, overview: Overview): string | null {
  const { t, period } = useOverviewWords(overview);
  const { range, granularity } = overview;
  if (panel === undefined || panel.rows.length === 0) return null;
  const periods = listPeriods(range.from, range.to, granularity);
  const ends = [periods[0], periods.at(-1)].filter((one) => one !== undefined);
  const isCut = ends.some((one) => isPartialPeriod(one, range.from, range.to, granularity));
  const hasGap = fillPeriods(panel.rows, periods).some((row) => row === null);
  const notes = [isCut && t('partial', { period }), hasGap && t('gap', { period })].filter(Boolean);
  return notes.length > 0 ? notes.join(' ') : null;
}
