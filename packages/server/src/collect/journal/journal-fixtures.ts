import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { asImportId, asSourceId, asWorkspaceId } from '../../domain/ids.ts';
import type { JournalReader, JournalRecord } from './journal.ts';
import { type JournalWriterOptions, openJournalWriter } from './open-journal-writer.ts';

/** Small real things for tests: a record, a directory, a writer with room to spare. */
export function aRecord(given: Partial<JournalRecord> = {}): JournalRecord {
  return {
    kind: 'calls',
    workspaceId: asWorkspaceId(1),
    sourceId: asSourceId(2),
    importId: asImportId(0),
    receivedAt: new Date('2026-03-01T08:00:00.000Z'),
    route: 'track',
    ip: '203.0.113.7',
    userAgent: 'tests/1.0',
    count: 1,
    body: Buffer.from('{"event":"Order Completed"}'),
    ...given,
  };
}

export async function aDirectory(): Promise<{ dir: string; [Symbol.asyncDispose](): Promise<void> }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'zhiyin-journal-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

export function openWriter(dir: string, given: Partial<JournalWriterOptions> = {}) {
  return openJournalWriter({
    dir,
    id: 'http',
    durability: 'power',
    inflightBytesMax: 64 * 1_048_576,
    journalBytesMax: 1_024 * 1_048_576,
    diskReserveBytes: 0,
    logger: pino({ level: 'silent' }),
    ...given,
  });
}

/** Everything a reader can see, read in small bites. */
export async function readAll(reader: JournalReader, bytesMax = 10_000): Promise<JournalRecord[]> {
  const all: JournalRecord[] = [];
  let at = await reader.start();
  for (;;) {
    const { records, next } = await reader.read(at, { bytesMax, recordsMax: 1_000 });
    if (records.length === 0) return all;
    all.push(...records);
    at = next;
  }
}
