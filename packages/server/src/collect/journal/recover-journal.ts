import { copyFile, open, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { type DurableMark, readMark } from './durable-mark.ts';
import { scanSegment } from './scan-segment.ts';
import { headerBytes, listSegments, readHeader, segmentPath, syncDirectory } from './segment-header.ts';

/** Where the writer goes on: always in a segment of its own, so that no reader's position can lie beyond what is there. */
export type Recovered = {
  readonly mark: DurableMark;
  readonly nextSegment: number;
  readonly previousEnd: number;
};

/**
 * Brings the directory into order after whatever happened: half-made segments go, a torn tail is cut, and what is left
 * is synced, so that from here on everything in the files is durable.
 */
export async function recoverJournal(dir: string, logger: Logger): Promise<Recovered> {
  for (const name of await readdir(dir)) {
    if (name.endsWith('.seg.new')) await unlink(path.join(dir, name));
  }
  const last = (await listSegments(dir)).at(-1);
  const marked = await readMark(dir);
  if (marked && marked.segment > (last ?? 0)) {
    // Never a number twice: a reader's position in the lost one would hide the beginning of its successor. The count
    // stays as it was acknowledged, so that the balance shows what is missing.
    logger.error({ segment: marked.segment }, 'journal: the last segment is missing; acknowledged records are in it');
    return { mark: marked, nextSegment: marked.segment + 1, previousEnd: marked.offset };
  }
  if (last === undefined) {
    return { mark: { segment: 0, offset: headerBytes, recordsTotal: 0 }, nextSegment: 1, previousEnd: headerBytes };
  }
  const header = await readHeader(dir, last);
  if (!header) {
    // Headers are synced before a segment gets its name, so this is damage and not a crash. Nothing here can be read.
    await setAside(dir, last, logger, 'its header is damaged');
    return recoverJournal(dir, logger);
  }
  const scan = await scanSegment(dir, last, { verify: true });
  if (marked && marked.segment === last && marked.offset > scan.end) {
    await copyFile(segmentPath(dir, last), `${segmentPath(dir, last)}.damaged`);
    logger.error(
      { segment: last, offset: scan.end, durableUpTo: marked.offset },
      'journal: acknowledged records are damaged on disk; the file is kept as .damaged',
    );
  }
  await cut(dir, last, scan, logger);
  const recordsTotal = header.recordsBefore + scan.records;
  const isEmpty = scan.end === headerBytes;
  return {
    mark: { segment: last, offset: scan.end, recordsTotal },
    nextSegment: isEmpty ? last : last + 1,
    previousEnd: isEmpty ? header.previousEnd : scan.end,
  };
}

async function cut(dir: string, segment: number, scan: { end: number; fileBytes: number }, logger: Logger) {
  const file = await open(segmentPath(dir, segment), 'r+');
  try {
    if (scan.fileBytes > scan.end) {
      logger.warn({ segment, bytes: scan.fileBytes - scan.end }, 'journal: cut a torn tail, never acknowledged');
      await file.truncate(scan.end);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function setAside(dir: string, segment: number, logger: Logger, why: string) {
  logger.error({ segment }, `journal: segment set aside as .damaged because ${why}`);
  await copyFile(segmentPath(dir, segment), `${segmentPath(dir, segment)}.damaged`);
  await unlink(segmentPath(dir, segment));
  await syncDirectory(dir);
}
