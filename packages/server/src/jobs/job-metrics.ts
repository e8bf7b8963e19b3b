import { Counter, Histogram, type Registry } from 'prom-client';

export type JobOutcome = 'completed' | 'failed' | 'cancelled' | 'interrupted';
export type JobMetrics = { ended(job: string, outcome: JobOutcome, elapsedMs: number): void };

export function jobMetrics(registry: Registry): JobMetrics {
  const total = new Counter({
    name: 'zhiyin_jobs_total',
    help: 'Attempts of background jobs by how they ended.',
    labelNames: ['job', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'zhiyin_job_seconds',
    help: 'How long attempts of background jobs took.',
    labelNames: ['job'],
    buckets: [0.1, 1, 10, 60, 600, 3_600],
    registers: [registry],
  });
  return {
    ended(job, outcome, elapsedMs) {
      total.inc({ job, outcome });
      seconds.observe({ job }, elapsedMs / 1000);
    },
  };
}
