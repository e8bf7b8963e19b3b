import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../domain/app-error.ts';
import { type DurableMark, readMark } from './durable-mark.ts';
import type { JournalPosition, JournalReader, JournalRecord } from './journal.ts';
import { decodeRecord, scanFrame } from './record-codec.ts';
import { readAt, scanSegment } from './scan-segment.ts';
import { headerBytes, listSegments, readHeader, segmentPath } from './segment-header.ts';

/** Reads a journal that another process may be writing. Opens files for each call and keeps nothing but a count. */
export function openJournalReader(options: { dir: string; id: string }): JournalReader {
  const { id } = options;
  const dir = path.join(options.dir, id);
  /** Records before a position that was asked for last: the next one is usually a little further in the same segment. */
  let counted: { segment: number; offset: number; records: number } | undefined;

  const start = async (): Promise<JournalPosition> => ({
    segment: (await listSegments(dir))[0] ?? 1,
    offset: headerBytes,
  });

  const read: JournalReader['read'] = async (from, limits) => {
    const durable = await findDurable(dir);
    const at = await settle(dir, from, durable);
    const end = await findEnd(dir, at.segment, durable);
    const until = limits.until && limits.until.segment === at.segment ? Math.min(limits.until.offset, end) : end;
    if (limits.until && comparePositions(limits.until, at) <= 0) return { records: [], next: at, crc: 0 };
    if (at.offset >= until) return { records: [], next: at, crc: 0 };
    const bounded = limits.until === undefined;
    return readRecords({
      id,
      dir,
      at,
      until,
      bytesMax: bounded ? limits.bytesMax : until - at.offset,
      recordsMax: bounded ? limits.recordsMax : Number.POSITIVE_INFINITY,
    });
  };

  const countBefore: JournalReader['countBefore'] = async (position) => {
    const header = await readHeader(dir, position.segment);
    if (!header) return countWithoutSegment(dir, position);
    const resume = counted?.segment === position.segment && counted.offset <= position.offset ? counted : undefined;
    const from = resume?.offset ?? headerBytes;
    const end = await findEnd(dir, position.segment, await findDurable(dir));
    const until = Math.min(Math.max(position.offset, headerBytes), end);
    const scan = await scanSegment(dir, position.segment, { from, until, verify: false }).catch(undefinedWhenGone);
    // Forgotten a moment ago: everything in it was processed.
    if (!scan) return countWithoutSegment(dir, position);
    const records = (resume?.records ?? header.recordsBefore) + scan.records;
    counted = { segment: position.segment, offset: scan.end, records };
    return records;
  };

  return {
    id,
    read,
    countBefore,
    start,
    recordsTotal: async () => (await findDurable(dir)).recordsTotal,
    async oldestAt(from) {
      const { records } = await read(from, { bytesMax: 1, recordsMax: 1 });
      return records[0]?.receivedAt ?? null;
    },
    async forget(before) {
      const durable = await findDurable(dir);
      for (const segment of await listSegments(dir)) {
        // The segment being written stays: its header is where the count comes from after a restart.
        if (segment >= durable.segment || segment > before.segment) return;
        if (segment === before.segment && before.offset < (await findEnd(dir, segment, durable))) return;
        // Gone already when another reader forgot it.
        await rm(segmentPath(dir, segment), { force: true });
      }
    },
  };
}

export function comparePositions(a: JournalPosition, b: JournalPosition): number {
  return a.segment - b.segment || a.offset - b.offset;
}

/** Without a mark that can be believed only the segments behind the last are known to be durable. */
async function findDurable(dir: string): Promise<DurableMark> {
  const mark = await readMark(dir);
  if (mark) return mark;
  const last = (await listSegments(dir)).at(-1) ?? 0;
  const header = last === 0 ? undefined : await readHeader(dir, last);
  return { segment: last, offset: headerBytes, recordsTotal: header?.recordsBefore ?? 0 };
}

/** Where a segment's durable records end. */
async function findEnd(dir: string, segment: number, durable: DurableMark): Promise<number> {
  if (segment === durable.segment) return durable.offset;
  if (segment > durable.segment) return headerBytes;
  const next = await readHeader(dir, segment + 1);
  if (next) return next.previousEnd;
  const own = await stat(segmentPath(dir, segment)).catch(() => undefined);
  if (!own) return headerBytes;
  return (await scanSegment(dir, segment, { verify: true }).catch(undefinedWhenGone))?.end ?? headerBytes;
}

/** Another reader may forget a segment between any two looks at it. */
function undefinedWhenGone(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause;
}

/** A position at the end of a finished segment, or in one that is gone, means the beginning of the next one. */
async function settle(dir: string, from: JournalPosition, durable: DurableMark): Promise<JournalPosition> {
  let at = { segment: from.segment, offset: Math.max(from.offset, headerBytes) };
  while (at.segment < durable.segment && at.offset >= (await findEnd(dir, at.segment, durable))) {
    const next = (await listSegments(dir)).find((segment) => segment > at.segment);
    if (next === undefined) return at;
    at = { segment: next, offset: headerBytes };
  }
  return at;
}

/** The segment is gone, so everything in it was processed: what counts is the beginning of the first one behind it. */
async function countWithoutSegment(dir: string, position: JournalPosition): Promise<number> {
  const next = (await listSegments(dir)).find((segment) => segment > position.segment);
  const header = next === undefined ? undefined : await readHeader(dir, next);
  return header?.recordsBefore ?? 0;
}

async function readRecords(request: {
  id: string;
  dir: string;
  at: JournalPosition;
  until: number;
  bytesMax: number;
  recordsMax: number;
}) {
  const { id, dir, at, until, bytesMax, recordsMax } = request;
  const file = await open(segmentPath(dir, at.segment), 'r').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' ? missing(id, at, cause) : cause;
  });
  try {
    let bytes = await readAt(file, at.offset, Math.min(bytesMax, until - at.offset));
    const first = scanFrame(bytes, 0, false);
    // At least one record, however long: first its length, then the whole.
    if (first.kind === 'incomplete') bytes = await readAt(file, at.offset, Math.min(first.needs, until - at.offset));
    const second = scanFrame(bytes, 0, false);
    if (second.kind === 'incomplete') bytes = await readAt(file, at.offset, Math.min(second.needs, until - at.offset));

    const records: JournalRecord[] = [];
    let end = 0;
    let events = 0;
    while (end < bytes.length) {
      const frame = scanFrame(bytes, end);
      if (frame.kind === 'damaged' || (frame.kind === 'incomplete' && records.length === 0)) {
        throw damaged(id, at.segment, at.offset + end);
      }
      if (frame.kind === 'incomplete') break;
      if (records.length > 0 && events + frame.count > recordsMax) break;
      records.push(decodeRecord(bytes, end, frame.end));
      events += frame.count;
      end = frame.end;
    }
    return {
      records,
      next: { segment: at.segment, offset: at.offset + end },
      crc: crc32(bytes.subarray(0, end)),
    };
  } finally {
    await file.close();
  }
}

function missing(id: string, at: JournalPosition, cause: unknown): AppError {
  return new AppError('storage.unavailable', `journal ${id}: segment ${at.segment} is gone before it was read`, {
    cause,
    details: { ...at, fix: 'Put the segment file back from a backup, or from the .damaged file beside it.' },
  });
}

function damaged(id: string, segment: number, offset: number): AppError {
  return new AppError('storage.unavailable', `journal ${id}: the record at ${segment}:${offset} fails its checksum`, {
    details: {
      segment,
      offset,
      fix: 'The disk changed an acknowledged record. Check the disk, then restore the segment file from a backup.',
    },
  });
}
