import { crc32 } from 'node:zlib';
import { AppError } from '../../domain/app-error.ts';
import { asImportId, asSourceId, asWorkspaceId } from '../../domain/ids.ts';
import type { JournalRecord, JournalRecordKind } from './journal.ts';

/**
 * One record on disk: `length u32 · crc u32 · payload`. The payload is a fixed head, three short texts and the body.
 * The CRC is seeded with the length, so that a damaged length is found too. A length of 0 never occurs: that is what a
 * file looks like where the power went before the data came.
 */
export const frameBytes = 8;
const headBytes = 32;
/** A record can be no larger than this; a length beyond it is damage. */
export const payloadBytesMax = 64 * 1_048_576;

const kinds: readonly JournalRecordKind[] = ['calls', 'reviews', 'spend', 'replay'];
/** What a sender can make arbitrarily long and nobody reads to the end. */
const ipBytesMax = 64;
const userAgentBytesMax = 1_024;
const routeBytesMax = 64;

/** The record as two buffers, so that the body is written from where it already is. */
export function encodeRecord(record: JournalRecord): { head: Buffer; body: Buffer; bytes: number } {
  const route = clip(record.route, routeBytesMax);
  const ip = clip(record.ip, ipBytesMax);
  const userAgent = clip(record.userAgent, userAgentBytesMax);
  const headEnd = frameBytes + headBytes + route.length + ip.length + userAgent.length;
  const payloadBytes = headEnd - frameBytes + record.body.length;
  if (payloadBytes > payloadBytesMax) {
    throw new AppError(
      'input.too_large',
      `journal: a record of ${payloadBytes} bytes is over the limit of ${payloadBytesMax}`,
    );
  }
  const head = Buffer.allocUnsafe(headEnd);
  head.writeUInt32LE(payloadBytes, 0);
  head[8] = kinds.indexOf(record.kind);
  head[9] = route.length;
  head[10] = ip.length;
  head[11] = 0;
  head.writeUInt16LE(userAgent.length, 12);
  head.writeUInt16LE(0, 14);
  head.writeUInt32LE(record.workspaceId, 16);
  head.writeUInt32LE(record.sourceId, 20);
  head.writeUInt32LE(record.importId, 24);
  head.writeUInt32LE(record.count, 28);
  head.writeDoubleLE(record.receivedAt.getTime(), 32);
  route.copy(head, frameBytes + headBytes);
  ip.copy(head, frameBytes + headBytes + route.length);
  userAgent.copy(head, frameBytes + headBytes + route.length + ip.length);
  head.writeUInt32LE(crc32(record.body, crc32(head.subarray(frameBytes), payloadBytes)), 4);
  return { head, body: record.body, bytes: headEnd + record.body.length };
}

function clip(text: string, bytesMax: number): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= bytesMax) return bytes;
  // Back to the start of a character, so that the clipped text is still UTF-8.
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

export type FrameScan =
  | { readonly kind: 'frame'; readonly end: number; readonly count: number }
  /** The bytes end before the record does; `needs` is where it would end, as far as known. */
  | { readonly kind: 'incomplete'; readonly needs: number }
  | { readonly kind: 'damaged' };

/** Looks at the record that starts at `start` without making anything of it. */
export function scanFrame(bytes: Buffer, start: number, verify = true): FrameScan {
  if (bytes.length - start < frameBytes) return { kind: 'incomplete', needs: start + frameBytes };
  const length = bytes.readUInt32LE(start);
  if (length < headBytes || length > payloadBytesMax) return { kind: 'damaged' };
  const end = start + frameBytes + length;
  if (end > bytes.length) return { kind: 'incomplete', needs: end };
  if (verify && crc32(bytes.subarray(start + frameBytes, end), length) !== bytes.readUInt32LE(start + 4)) {
    return { kind: 'damaged' };
  }
  return { kind: 'frame', end, count: bytes.readUInt32LE(start + 28) };
}

/** @param start of a record that `scanFrame` found whole. The body is a view, not a copy. */
export function decodeRecord(bytes: Buffer, start: number, end: number): JournalRecord {
  const texts = start + frameBytes + headBytes;
  const ipAt = texts + (bytes[start + 9] ?? 0);
  const userAgentAt = ipAt + (bytes[start + 10] ?? 0);
  const bodyAt = userAgentAt + bytes.readUInt16LE(start + 12);
  return {
    kind: kinds[bytes[start + 8] ?? 0] ?? 'calls',
    workspaceId: asWorkspaceId(bytes.readUInt32LE(start + 16)),
    sourceId: asSourceId(bytes.readUInt32LE(start + 20)),
    importId: asImportId(bytes.readUInt32LE(start + 24)),
    count: bytes.readUInt32LE(start + 28),
    receivedAt: new Date(bytes.readDoubleLE(start + 32)),
    route: bytes.toString('utf8', texts, ipAt),
    ip: bytes.toString('utf8', ipAt, userAgentAt),
    userAgent: bytes.toString('utf8', userAgentAt, bodyAt),
    body: bytes.subarray(bodyAt, end),
  };
}
