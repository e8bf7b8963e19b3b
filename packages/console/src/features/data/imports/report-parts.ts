import type { ImportReport } from '@zhiyin/contract';

export type ReportPart = {
  readonly key: 'accepted' | 'repaired' | 'duplicate' | 'quarantined';
  readonly records: number;
  readonly share: number;
};

/**
 * The parts of a report as one bar. They add up to what was received; `difference` is what does not,
 * and is 0 unless something is wrong with the report itself.
 */
export function splitReport(
  report: Pick<ImportReport, 'received' | 'accepted' | 'repaired' | 'duplicate' | 'quarantined'>,
): {
  parts: ReportPart[];
  difference: number;
} {
  const keys = ['accepted', 'repaired', 'duplicate', 'quarantined'] as const;
  const sum = keys.reduce((total, key) => total + report[key], 0);
  return {
    parts: keys.map((key) => ({ key, records: report[key], share: sum > 0 ? report[key] / sum : 0 })),
    difference: report.received - sum,
  };
}
