import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { AppError } from '../../domain/app-error.ts';
import { markPath } from './durable-mark.ts';
import { GroupCommitWriter } from './group-commit-writer.ts';
import type { JournalWriter } from './journal.ts';
import { type OpenJournalFile, openJournalFile } from './journal-file.ts';
import { takeJournalLock } from './journal-lock.ts';
import { journalMetrics } from './journal-metrics.ts';
import { JournalSpace } from './journal-space.ts';
import { recoverJournal } from './recover-journal.ts';
import { syncDirectory } from './segment-header.ts';

export type JournalWriterOptions = {
  /** Directory of all journals; this one is the folder `id` in it. */
  readonly dir: string;
  /** Name of the journal: `http` or `worker`. */
  readonly id: string;
  readonly durability: 'power' | 'process';
  readonly inflightBytesMax: number;
  readonly journalBytesMax: number;
  readonly diskReserveBytes: number;
  readonly logger: Logger;
  readonly registry?: Registry;
  /** Size at which a segment is closed. Default 64 MB, or a quarter of the journal's limit when that is less. */
  readonly segmentBytes?: number;
  /** How long a segment takes records. What is processed stays in clear on disk no longer than this and a little. Default 2 minutes. */
  readonly segmentAgeMs?: number;
  readonly lookEveryMs?: number;
  /** For tests: files that fail, disks that are full. */
  readonly openFile?: OpenJournalFile;
  readonly freeBytes?: (dir: string) => Promise<number>;
};

const segmentBytesDefault = 64 * 1_048_576;
const segmentAgeMsDefault = 2 * 60_000;
const lookEveryMsDefault = 5_000;

/** @throws AppError `conflict` when another process writes this journal. */
export async function openJournalWriter(options: JournalWriterOptions): Promise<JournalWriter> {
  const { id, logger } = options;
  if (!/^[a-z0-9-]{1,40}$/.test(id)) throw new AppError('config.invalid', `journal: "${id}" is not a journal's name`);
  const dir = path.join(options.dir, id);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await syncDirectory(options.dir);
  const lock = await takeJournalLock(dir);
  try {
    const recovered = await recoverJournal(dir, logger);
    const writer = new GroupCommitWriter({
      id,
      dir,
      durability: options.durability,
      inflightBytesMax: options.inflightBytesMax,
      segmentBytes: options.segmentBytes ?? Math.min(segmentBytesDefault, Math.ceil(options.journalBytesMax / 4)),
      segmentAgeMs: options.segmentAgeMs ?? segmentAgeMsDefault,
      lookEveryMs: options.lookEveryMs ?? lookEveryMsDefault,
      logger,
      metrics: journalMetrics(options.registry, id),
      space: new JournalSpace({ ...options, dir }),
      openFile: options.openFile ?? openJournalFile,
      // 'a+' would append; 'r+' needs the file to be there.
      markFile: await open(markPath(dir), 'r+').catch(() => open(markPath(dir), 'w+', 0o600)),
      recovered,
      release: lock.release,
    });
    await writer.start();
    return writer;
  } catch (cause) {
    await lock.release();
    throw cause;
  }
}
