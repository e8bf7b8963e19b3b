import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Balance } from './balance.ts';
import type { ChunkReport } from './chunk/process-chunk.ts';

export function cleanerMetrics(registry: Registry) {
  const registers = [registry];
  const outcomes = new Counter({
    name: 'zhiyin_clean_records_total',
    help: 'Records cleaned, by outcome and reason',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  const seconds = new Histogram({
    name: 'zhiyin_clean_chunk_seconds',
    help: 'From claim to checkpoint',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const lag = new Histogram({
    name: 'zhiyin_clean_lag_seconds',
    help: 'From the arrival of the oldest record of a chunk to its being stored',
    buckets: [0.1, 0.3, 1, 3, 10, 60, 600],
    registers,
  });
  const failures = new Counter({
    name: 'zhiyin_clean_failures_total',
    help: 'Chunks that must be tried again',
    registers,
  });
  const imbalance = new Gauge({
    name: 'zhiyin_ingest_imbalance',
    help: 'received − valid − duplicate − quarantined − pending; anything but 0 is a fault',
    registers,
  });
  const pending = new Gauge({ name: 'zhiyin_ingest_pending', help: 'Records received and not yet cleaned', registers });

  return {
    async time(work: () => Promise<ChunkReport | undefined>): Promise<ChunkReport | undefined> {
      const startedAt = performance.now();
      const report = await work();
      if (report) seconds.observe((performance.now() - startedAt) / 1000);
      return report;
    },
    count(report: ChunkReport): void {
      for (const { outcome, reason, records } of report.outcomes) outcomes.inc({ outcome, reason }, records);
      lag.observe(Math.max(0, (Date.now() - report.oldestReceivedAt.getTime()) / 1000));
    },
    failed: () => failures.inc(),
    balance(balance: Balance): void {
      imbalance.set(balance.difference);
      pending.set(balance.pending);
    },
  };
}
