import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastify from 'fastify';
import { Registry } from 'prom-client';
import { type AppError, assert } from '../domain/app-error.ts';
import { asSourceId, asWorkspaceId } from '../domain/ids.ts';
import type { JournalRecord } from './journal/index.ts';
import { openJournalReader, openJournalWriter } from './journal/index.ts';
import { type CollectDeps, registerCollectRoutes } from './routes.ts';
import type { CollectSource, SourceDirectory } from './source-directory.ts';

/** A directory of sources in memory. */
export function fakeSources(given: Readonly<Record<string, Partial<CollectSource>>>): SourceDirectory {
  return {
    find: (writeKey) =>
      Object.hasOwn(given, writeKey)
        ? {
            id: asSourceId(7),
            workspaceId: asWorkspaceId(3),
            currency: 'CNY',
            allowedOrigins: [],
            eventsPerSecondMax: null,
            disabled: false,
            ...given[writeKey],
          }
        : undefined,
    refresh: async () => {},
    isLoaded: () => true,
    close: async () => {},
  };
}

export const basic = (writeKey: string) => `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;

/** The endpoints on a bare server, with journal records and catalogue rows kept in lists, or failing on demand. */
export async function collectApp(given: Partial<CollectDeps> = {}) {
  const records: JournalRecord[] = [];
  const rows: Record<string, unknown>[] = [];
  const fails: { with?: AppError } = {};
  const registry = new Registry();
  const app = fastify({ logger: false });
  await registerCollectRoutes(app, {
    journal: {
      async append(record) {
        if (fails.with) throw fails.with;
        records.push(record);
        return { segment: 1, offset: 64 };
      },
    },
    sources: fakeSources({
      key: {},
      limited: { id: asSourceId(8), eventsPerSecondMax: 10 },
      off: { disabled: true },
      shop: { allowedOrigins: ['https://shop.example'] },
    }),
    events: {
      async append(_table, given) {
        if (fails.with) throw fails.with;
        assert(!('pieces' in given), 'pushes append rows, not ready lines');
        rows.push(...given);
      },
    },
    durability: 'power',
    inflightBytesMax: 64 * 1_048_576,
    registry,
    trackerPath: '/nonexistent/tracker.js',
    ...given,
  });
  await app.ready();
  return { app, records, rows, fails, registry };
}

/** The endpoints listening, with a real journal on disk. For tests with real clients. */
export async function listeningCollect(
  writeKeys: Readonly<Record<string, Partial<CollectSource>>>,
  port: number,
  given: Partial<CollectDeps> = {},
) {
  const dir = await mkdtemp(path.join(tmpdir(), 'zhiyin-collect-'));
  const { pino } = await import('pino');
  const journal = await openJournalWriter({
    dir,
    id: 'http',
    durability: 'power',
    inflightBytesMax: 64 * 1_048_576,
    journalBytesMax: 1_024 * 1_048_576,
    diskReserveBytes: 0,
    logger: pino({ level: 'silent' }),
  });
  const { app } = await collectApp({ journal, sources: fakeSources(writeKeys), ...given });
  await app.listen({ port, host: '127.0.0.1' });
  const reader = openJournalReader({ dir, id: 'http' });
  return {
    url: `http://127.0.0.1:${port}`,
    async records(): Promise<JournalRecord[]> {
      const { records } = await reader.read(await reader.start(), { bytesMax: 10_000_000, recordsMax: 100_000 });
      return records;
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await journal.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
