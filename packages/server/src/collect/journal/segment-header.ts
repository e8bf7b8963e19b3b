import { open, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';

/** First bytes of every segment. With it, counts stay exact although older segments are gone. */
export type SegmentHeader = {
  readonly segment: number;
  /** Records (events) in all segments before this one, ever. */
  readonly recordsBefore: number;
  /** Where the segment before ends. Bytes beyond it were never acknowledged and are not read. */
  readonly previousEnd: number;
  readonly createdAt: Date;
};

export const headerBytes = 64;
const magic = 0x314a595a; // "ZYJ1"

export function segmentPath(dir: string, segment: number): string {
  return path.join(dir, `${String(segment).padStart(10, '0')}.seg`);
}

export async function listSegments(dir: string): Promise<number[]> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  return names
    .filter((name) => /^\d{10}\.seg$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

export function encodeHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeBigUInt64LE(BigInt(header.segment), 8);
  bytes.writeBigUInt64LE(BigInt(header.recordsBefore), 16);
  bytes.writeBigUInt64LE(BigInt(header.previousEnd), 24);
  bytes.writeDoubleLE(header.createdAt.getTime(), 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
  return bytes;
}

export function decodeHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < headerBytes || bytes.readUInt32LE(0) !== magic) return undefined;
  if (crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return undefined;
  return {
    segment: Number(bytes.readBigUInt64LE(8)),
    recordsBefore: Number(bytes.readBigUInt64LE(16)),
    previousEnd: Number(bytes.readBigUInt64LE(24)),
    createdAt: new Date(bytes.readDoubleLE(32)),
  };
}

/** @returns undefined when there is no such segment or its header is damaged. */
export async function readHeader(dir: string, segment: number): Promise<SegmentHeader | undefined> {
  const file = await open(segmentPath(dir, segment), 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (!file) return undefined;
  try {
    const bytes = Buffer.alloc(headerBytes);
    const { bytesRead } = await file.read(bytes, 0, headerBytes, 0);
    return decodeHeader(bytes.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/**
 * Makes a segment that is either there with its whole header or not there at all: written under another name, synced,
 * renamed, and the directory synced, because without that a power cut forgets the name.
 */
export async function createSegment(dir: string, header: SegmentHeader): Promise<void> {
  const finalPath = segmentPath(dir, header.segment);
  const file = await open(`${finalPath}.new`, 'w', 0o600);
  try {
    await file.writeFile(encodeHeader(header));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${finalPath}.new`, finalPath);
  await syncDirectory(dir);
}

export async function syncDirectory(dir: string): Promise<void> {
  const directory = await open(dir, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
