import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection } from '../collect/bench/http-connection.ts';
import type { Measurement } from '../measurement.ts';
import { pinToCore, unpin } from './testing/pin-to-core.ts';

const items = 20_000;
const people = 1_000;
const connections = 16;
const listLength = 50;
const openLoop = { perSecond: 1_000, durationMs: 8_000 } as const;
const warmMs = 8_000;
const saturationMs = 4_000;
const [coreOfServer, coreOfOthers] = [0, 1];

/**
 * Top-50 with rules, reasons for each and a row in the ledger, over HTTP, 20,000 items: the answering process on one core, whoever asks
 * and the stores on the others. Waits at 1,000 a second (counted from when a question was due), CPU per answer, answers at saturation.
 */
export async function benchRecommend(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  pinToCore(coreOfOthers);
  try {
    for (const kind of ['item-knn', 'als', 'hybrid']) measurements.push(...(await measureKind(kind)));
  } finally {
    unpin();
  }
  return measurements;
}

async function measureKind(kind: string): Promise<Measurement[]> {
  const server = await startServer(kind);
  try {
    const ask = (person: number) => question(server.key, person);
    // Everybody once: histories are read from the event store, many at a time.
    const coldMs = await askForEverybody(server);
    await closedLoop(server, warmMs, (at) => ask(at % people), connections);
    const before = await askServer(server.child);
    const startedAt = performance.now();
    const waits = await openLoopWaits(server.port, ask);
    const elapsedMs = performance.now() - startedAt;
    const after = await askServer(server.child);
    const cpuMs = (after.seconds - before.seconds) * 1_000;
    const saturated = await closedLoop(server, saturationMs, (at) => ask(at % people), connections);
    const at = (share: number) => waits[Math.floor(waits.length * share)] ?? Number.POSITIVE_INFINITY;
    const of = `recommend, ${kind}, ${items} items, top ${listLength}`;
    const rate = `${openLoop.perSecond}/s on ${server.isPinned ? 'one core' : 'cores shared with all else'}`;
    return [
      { name: `${of}: ${people} people read from the event store and answered`, value: coldMs, unit: 'ms' },
      { name: `${of}: p50 at ${rate}`, value: at(0.5), unit: 'ms' },
      { name: `${of}: p99 at ${rate}`, value: at(0.99), unit: 'ms', bound: '< 15 ms', passed: at(0.99) < 15 },
      { name: `${of}: CPU per answer at ${rate}`, value: cpuMs / waits.length, unit: 'ms' },
      { name: `${of}: share of the core at ${rate}`, value: cpuMs / elapsedMs, unit: 'of 1' },
      { name: `${of}: answers/s at saturation`, value: saturated.perSecond, unit: 'answers/s' },
      { name: `${of}: memory of the server`, value: after.rssMb, unit: 'MB' },
      {
        name: `${of}: decisions lost`,
        value: after.decisions.lost,
        unit: 'rows',
        bound: '0',
        passed: after.decisions.lost === 0,
      },
    ];
  } finally {
    server.child.send('stop');
    await Promise.race([once(server.child, 'exit'), sleep(15_000)]);
    server.child.kill('SIGKILL');
  }
}

type Server = {
  readonly child: ChildProcess;
  readonly port: number;
  readonly key: string;
  readonly isPinned: boolean;
};

async function startServer(kind: string): Promise<Server> {
  const what = [String(items), String(people), kind, String(coreOfServer)];
  const child = fork(path.join(import.meta.dirname, 'testing/bench-server.ts'), what, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  });
  const [ready] = (await once(child, 'message')) as [Omit<Server, 'child'>];
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
