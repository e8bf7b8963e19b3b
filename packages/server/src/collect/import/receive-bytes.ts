import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../domain/app-error.ts';

/** How often the free space is looked at while writing. */
const checkEveryBytes = 64 * 1024 * 1024;

/** Streams into a file, hashing on the way, and stops before the disk is full. */
export async function receiveBytes(
  from: Readable | AsyncIterable<Buffer>,
  path: string,
  limits: { readonly diskReserveBytes: number; readonly signal?: AbortSignal },
): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let nextCheck = 0;
  await pipeline(
    from,
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        if (sizeBytes >= nextCheck) {
          await assertDiskSpace(path, limits.diskReserveBytes);
          nextCheck = sizeBytes + checkEveryBytes;
        }
        sizeBytes += piece.length;
        hash.update(piece);
        yield piece;
      }
    },
    createWriteStream(path, { mode: 0o640, flush: true }),
    { signal: limits.signal },
  );
  return { sizeBytes, sha256: hash.digest('hex') };
}

export async function assertDiskSpace(path: string, reserveBytes: number): Promise<void> {
  const disk = await statfs(path.slice(0, path.lastIndexOf('/')) || '/');
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes - checkEveryBytes < reserveBytes) {
    throw new AppError(
      'storage.full',
      `receiveBytes: ${Math.round(freeBytes / 1e6)} MB are free, too few to take this file`,
      {
        details: { field: 'file', fix: 'Free disk space or import the file in parts.' },
      },
    );
  }
}
