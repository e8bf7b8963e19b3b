import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measurement } from '../measurement.ts';
import { formatRequest, HttpConnection } from './bench/http-connection.ts';

const connections = 32;
const batchEvents = 100;
const warmUpMs = 1_500;
const roundMs = 2_000;
const rounds = 5;

/** Durable events a second over HTTP against a bare server of the same framework, and the wait of single events. */
export async function benchCollect(): Promise<Measurement[]> {
  // Under the repository and not the system's temporary directory, which may be memory: the disk is what is measured.
  const parent = fileURLToPath(new URL('../../../../node_modules/.cache/bench/', import.meta.url));
  await mkdir(parent, { recursive: true });
  const dir = await mkdtemp(path.join(parent, 'collect-'));
  const bare = await startServer('bare', dir);
  const collect = await startServer('collect', dir);
  try {
    const body = formatRequest('/v1/batch', JSON.stringify({ batch: Array.from({ length: batchEvents }, anEvent) }));
    // First: the flood of the batches leaves the disk hundreds of megabytes to write back.
    const single = formatRequest('/v1/track', JSON.stringify(anEvent(undefined, 0)));
    const waits = await measureSingles(collect.port, single, { perSecond: 200, durationMs: 6_000 });
    await measureBatches(bare.port, body, warmUpMs);
    await measureBatches(collect.port, body, warmUpMs);
    const bareRates: number[] = [];
    const collectRates: number[] = [];
    // By turns, so that what else the machine does hits both.
    for (let round = 0; round < rounds; round += 1) {
      bareRates.push(await measureBatches(bare.port, body, roundMs));
      collectRates.push(await measureBatches(collect.port, body, roundMs));
    }

    const value = median(collectRates);
    const baseline = median(bareRates);
    const ratio = median(collectRates.map((rate, round) => rate / (bareRates[round] ?? rate)));
    const p99 = waits[Math.floor(waits.length * 0.99)] ?? Number.POSITIVE_INFINITY;
    return [
      {
        name: 'collect: durable events/s, batches of 100',
        value,
        unit: 'events/s',
        baseline,
        ratio,
        bound: 'ratio >= 0.5 and >= 10000 events/s',
        passed: ratio >= 0.5 && value >= 10_000,
      },
      {
        name: 'collect: p99 of single events at 200/s',
        value: p99,
        unit: 'ms',
        bound: '< 100 ms',
        passed: p99 < 100,
      },
    ];
  } finally {
    bare.stop();
    collect.stop();
    await Promise.all([bare.ended, collect.ended]);
    await rm(dir, { recursive: true, force: true });
  }
}

/** About 400 bytes, as a shop sends them. */
function anEvent(_: unknown, index: number) {
  return {
    type: 'track',
    event: 'Product Viewed',
    messageId: `0f9a3c1e-7b52-4d8a-9c11-${String(index).padStart(12, '0')}`,
    userId: `customer-${index}`,
    timestamp: '2026-03-01T08:00:00.000Z',
    properties: { product_id: `sku-${index}`, name: '龙井茶 Longjing', price: 128.5, currency: 'CNY', quantity: 1 },
    context: { library: { name: 'bench', version: '1.0.0' }, page: { url: 'https://shop.example/tea', title: 'Tea' } },
  };
}

async function startServer(mode: 'bare' | 'collect', dir: string) {
  const script = fileURLToPath(new URL('./bench/bench-server.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, mode, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { port: Number(line.toString()), ended, stop: () => child.stdin?.end() };
}

async function measureBatches(port: number, request: Buffer, durationMs: number): Promise<number> {
  const startedAt = performance.now();
  let acknowledged = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await HttpConnection.open(port);
      while (performance.now() - startedAt < durationMs) {
        const status = await connection.send(request);
        if (status !== 200) throw new Error(`benchCollect: expected 200, got ${status}`);
        acknowledged += batchEvents;
      }
      connection.close();
    }),
  );
  return acknowledged / ((performance.now() - startedAt) / 1_000);
}

/** Sent by the clock and not after the last answer, and timed from when they were due: a stall counts for all it delays. */
async function measureSingles(port: number, request: Buffer, load: { perSecond: number; durationMs: number }) {
  const free = await Promise.all(Array.from({ length: 64 }, () => HttpConnection.open(port)));
  const all = [...free];
  const waits: number[] = [];
  const sent: Promise<void>[] = [];
  const startedAt = performance.now();
  const total = Math.floor((load.perSecond * load.durationMs) / 1_000);
  for (let index = 0; index < total; index += 1) {
    const dueAt = startedAt + (index * 1_000) / load.perSecond;
    const pause = dueAt - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    const connection = free.pop();
    if (!connection) throw new Error('benchCollect: 64 single events wait at once');
    sent.push(
      connection.send(request).then((status) => {
        if (status !== 200) throw new Error(`benchCollect: expected 200, got ${status}`);
        waits.push(performance.now() - dueAt);
        free.push(connection);
      }),
    );
  }
  await Promise.all(sent);
  for (const connection of all) connection.close();
  return waits.sort((a, b) => a - b);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
