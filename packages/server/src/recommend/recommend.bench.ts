import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection } from '../collect/bench/http-connection.ts';
import type { Measurement } from '../measurement.ts';

const items = 20_000;
const people = 1_000;
const connections = 16;
const listLength = 50;
const openLoop = { perSecond: 1_000, durationMs: 5_000 } as const;
const saturationMs = 4_000;

/**
 * Top-50 with rules, reasons and a row in the ledger, over HTTP from another process, for 5,000 people and 20,000 items on real stores:
 * answers a second when asked without pause, waits at 1,000 a second (counted from when a question was due), CPU per answer.
 */
export async function benchRecommend(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const kind of ['item-knn', 'als']) measurements.push(...(await measureKind(kind)));
  return measurements;
}

async function measureKind(kind: string): Promise<Measurement[]> {
  const server = await startServer(kind);
  try {
    const ask = (person: number) => question(server.key, person);
    // Everybody once: histories are read from the event store, many at a time.
    const coldMs = await askForEverybody(server);
    await closedLoop(server, saturationMs, (at) => ask(at % people), connections);
    const saturated = await closedLoop(server, saturationMs, (at) => ask(at % people), connections);
    const waits = await openLoopWaits(server.port, ask);
    const p99 = waits[Math.floor(waits.length * 0.99)] ?? Number.POSITIVE_INFINITY;
    const p50 = waits[Math.floor(waits.length * 0.5)] ?? Number.POSITIVE_INFINITY;
    const { rssMb, decisions } = await askServer(server.child);
    const of = `recommend, ${kind}, ${items} items, top ${listLength}`;
    return [
      { name: `${of}: ${people} people read from the event store and answered`, value: coldMs, unit: 'ms' },
      { name: `${of}: answers/s at saturation`, value: saturated.perSecond, unit: 'answers/s' },
      {
        name: `${of}: CPU per answer`,
        value: saturated.cpuMs,
        unit: 'ms',
        bound: '< 1 ms: 1,000 answers a second on a core',
        passed: saturated.cpuMs < 1,
      },
      { name: `${of}: p50 at ${openLoop.perSecond}/s`, value: p50, unit: 'ms' },
      { name: `${of}: p99 at ${openLoop.perSecond}/s`, value: p99, unit: 'ms', bound: '< 15 ms', passed: p99 < 15 },
      { name: `${of}: memory of the server`, value: rssMb, unit: 'MB' },
      { name: `${of}: decisions lost`, value: decisions.lost, unit: 'rows', bound: '0', passed: decisions.lost === 0 },
    ];
  } finally {
    server.child.send('stop');
    await Promise.race([once(server.child, 'exit'), sleep(15_000)]);
    server.child.kill('SIGKILL');
  }
}

type Server = { readonly child: ChildProcess; readonly port: number; readonly key: string };

async function startServer(kind: string): Promise<Server> {
  const child = fork(path.join(import.meta.dirname, 'testing/bench-server.ts'), [String(items), String(people), kind], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  });
  const [ready] = (await once(child, 'message')) as [{ port: number; key: string }];
  return { child, ...ready };
}

async function askForEverybody({ port, key }: Server): Promise<number> {
  const startedAt = performance.now();
  const asked = Array.from({ length: people }, (_, person) => ({ userId: `person-${person}` }));
  const answer = await fetch(`http://127.0.0.1:${port}/v1/recommend/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ surface: 'home', people: asked, k: listLength }),
  });
  if (answer.status !== 200) throw new Error(`the server answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
  return performance.now() - startedAt;
}

type ServerSays = { readonly seconds: number; readonly rssMb: number; readonly decisions: { readonly lost: number } };

async function askServer(child: ChildProcess): Promise<ServerSays> {
  child.send('cpu');
  const [says] = (await once(child, 'message')) as [ServerSays];
  return says;
}

function question(key: string, person: number): Buffer {
  const body = JSON.stringify({ surface: 'home', person: { userId: `person-${person}` }, k: listLength });
  return Buffer.from(
    `POST /v1/recommend HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Each connection asks again as soon as it is answered. */
async function closedLoop(
  server: Server,
  durationMs: number,
  ask: (at: number) => Buffer,
  parallel: number,
): Promise<{ perSecond: number; cpuMs: number }> {
  const open = await Promise.all(Array.from({ length: parallel }, () => HttpConnection.open(server.port)));
  const before = await askServer(server.child);
  const startedAt = performance.now();
  let answered = 0;
  let asked = 0;
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() - startedAt < durationMs) {
        asked += 1;
        const status = await connection.send(ask(asked));
        if (status !== 200) throw new Error(`the server answered ${status}`);
        answered += 1;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await askServer(server.child);
  for (const connection of open) connection.close();
  return { perSecond: answered / seconds, cpuMs: ((after.seconds - before.seconds) * 1_000) / answered };
}

/** Questions at fixed moments, whoever still waits: a wait counts from the moment a question was due. Sorted. */
async function openLoopWaits(port: number, ask: (at: number) => Buffer): Promise<number[]> {
  const free = await Promise.all(Array.from({ length: connections * 4 }, () => HttpConnection.open(port)));
  const all = [...free];
  const waits: number[] = [];
  const due: { at: number; number: number }[] = [];
  const startedAt = performance.now();
  const pending: Promise<void>[] = [];
  let made = 0;
  const drain = () => {
    while (due.length > 0 && free.length > 0) {
      const connection = free.pop()!;
      const { at, number } = due.shift()!;
      pending.push(
        connection.send(ask(number % people)).then((status) => {
          waits.push(status === 200 ? performance.now() - startedAt - at : Number.POSITIVE_INFINITY);
          free.push(connection);
          drain();
        }),
      );
    }
  };
  while (performance.now() - startedAt < openLoop.durationMs) {
    const wanted = ((performance.now() - startedAt) / 1_000) * openLoop.perSecond;
    for (; made < wanted; made += 1) due.push({ at: (made / openLoop.perSecond) * 1_000, number: made });
    drain();
    await sleep(1);
  }
  for (let waited = 0; due.length > 0 && waited < 10_000; waited += 5) await sleep(5);
  await Promise.all(pending);
  for (const connection of all) connection.close();
  return waits.sort((a, b) => a - b);
}
