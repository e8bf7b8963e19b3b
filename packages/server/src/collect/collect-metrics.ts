import { Counter, Gauge, type Registry } from 'prom-client';
import type { MemoryBudget } from './memory-budget.ts';

export function collectMetrics(registry: Registry, budget: MemoryBudget) {
  const requests = new Counter({
    name: 'zhiyin_collect_requests_total',
    help: 'Requests to the collect endpoints, by outcome: ok or the error code',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const events = new Counter({
    name: 'zhiyin_collect_events_total',
    help: 'Events in those requests, by outcome; of a body that cannot be read the number is not known and not counted',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const bytes = new Counter({
    name: 'zhiyin_collect_bytes_total',
    help: 'Bytes of accepted bodies, unpacked',
    registers: [registry],
  });
  const clientReports = new Counter({
    name: 'zhiyin_collect_client_metrics_total',
    help: 'Reports of browser SDKs about themselves',
    registers: [registry],
  });
  new Gauge({
    name: 'zhiyin_collect_inflight_bytes',
    help: 'Bytes of request bodies in memory',
    registers: [registry],
    collect() {
      this.set(budget.bytes);
    },
  });
  const acceptedRequests = requests.labels('ok');
  const acceptedEvents = events.labels('ok');
  return {
    accepted(count: number, bodyBytes: number) {
      acceptedRequests.inc();
      acceptedEvents.inc(count);
      bytes.inc(bodyBytes);
    },
    refused: (outcome: string) => requests.inc({ outcome }),
    refusedEvents: (outcome: string, count: number) => events.inc({ outcome }, count),
    clientReport: () => clientReports.inc(),
  };
}

export type CollectMetrics = ReturnType<typeof collectMetrics>;
