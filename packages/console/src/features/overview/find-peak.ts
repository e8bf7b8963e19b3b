import { type ChartPanel, numberOf, textOf } from '../../charts/panel-values.ts';

/** The period with the largest value; null without rows or when all is zero. */
export function findPeak(panel: ChartPanel | undefined, key: string): { date: string; value: number } | null {
  let peak: { date: string; value: number } | null = null;
  for (const row of panel?.rows ?? []) {
    const value = numberOf(row, key);
    if (value !== null && value > (peak?.value ?? 0)) peak = { date: textOf(row, 'date'), value };
  }
  return peak;
}
