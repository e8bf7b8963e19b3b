import { open } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { JournalPosition } from './journal.ts';

/**
 * How far the journal is durable, published by the writer after each sync for readers in other processes.
 *
 * A reader must never pass it: what it read beyond could vanish in a power cut, its checkpoint would point past the end,
 * and records written there later would be skipped. The mark itself needs no sync: after a crash it is at worst behind,
 * and the writer puts it right when it opens.
 */
export type DurableMark = JournalPosition & { readonly recordsTotal: number };

export const markBytes = 32;

export const markPath = (dir: string) => path.join(dir, 'durable');

export function encodeMark(mark: DurableMark, bytes = Buffer.alloc(markBytes)): Buffer {
  bytes.writeDoubleLE(mark.segment, 0);
  bytes.writeDoubleLE(mark.offset, 8);
  bytes.writeDoubleLE(mark.recordsTotal, 16);
  bytes.writeUInt32LE(0, 24);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28);
  return bytes;
}

export function decodeMark(bytes: Buffer): DurableMark | undefined {
  if (bytes.length < markBytes || crc32(bytes.subarray(0, 28)) !== bytes.readUInt32LE(28)) return undefined;
  return {
    segment: bytes.readDoubleLE(0),
    offset: bytes.readDoubleLE(8),
    recordsTotal: bytes.readDoubleLE(16),
  };
}

/** @returns undefined when there is none, or none that can be believed. */
export async function readMark(dir: string): Promise<DurableMark | undefined> {
  const file = await open(markPath(dir), 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (!file) return undefined;
  try {
    // A read beside a write may see half of each: the checksum tells, and the next try sees it whole.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const bytes = Buffer.alloc(markBytes);
      const { bytesRead } = await file.read(bytes, 0, markBytes, 0);
      const mark = decodeMark(bytes.subarray(0, bytesRead));
      if (mark) return mark;
    }
    return undefined;
  } finally {
    await file.close();
  }
}
