import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Metrics of one journal. Several journals of one process share the registry and differ by the label. */
export function journalMetrics(registry: Registry | undefined, journal: string) {
  const target = registry ?? new Registry();
  const appendSeconds =
    (target.getSingleMetric('zhiyin_journal_append_seconds') as Histogram<'journal'> | undefined) ??
    new Histogram({
      name: 'zhiyin_journal_append_seconds',
      help: 'Time from append to durable',
      labelNames: ['journal'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers: [target],
    });
  const gauge = (name: string, help: string) =>
    (target.getSingleMetric(name) as Gauge<'journal'> | undefined) ??
    new Gauge({ name, help, labelNames: ['journal'], registers: [target] });
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    (target.getSingleMetric(name) as Counter<Label> | undefined) ??
    new Counter({ name, help, labelNames, registers: [target] });

  const refusals = counter('zhiyin_journal_refused_total', 'Appends refused, by error code', ['journal', 'code']);
  return {
    appended: appendSeconds.labels(journal),
    inflightBytes: gauge('zhiyin_journal_inflight_bytes', 'Bytes in memory, not yet durable').labels(journal),
    journalBytes: gauge('zhiyin_journal_bytes', 'Bytes on disk, not yet forgotten').labels(journal),
    commits: counter('zhiyin_journal_commits_total', 'Group commits', ['journal']).labels(journal),
    records: counter('zhiyin_journal_records_total', 'Records (events) made durable', ['journal']).labels(journal),
    refused: (code: string) => refusals.inc({ journal, code }),
  };
}

export type JournalMetrics = ReturnType<typeof journalMetrics>;
