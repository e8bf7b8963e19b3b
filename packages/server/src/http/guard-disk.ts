import { Readable } from 'node:stream';
import { AppError } from '../domain/app-error.ts';
import { freeBytes } from './readiness.ts';

const lookEveryBytes = 64 * 1_048_576;

/**
 * An upload may be as large as it likes as long as the disk keeps its reserve: looked at before the first byte (with the
 * announced length) and every 64 MB.
 */
export async function guardDisk(
  bytes: Readable,
  dir: string,
  reserveBytes: number,
  announcedBytes: number,
): Promise<Readable> {
  await requireRoom(dir, reserveBytes + (Number.isFinite(announcedBytes) ? announcedBytes : 0));
  return Readable.from(watched(bytes, dir, reserveBytes), { objectMode: false });
}

async function* watched(bytes: Readable, dir: string, reserveBytes: number): AsyncGenerator<Buffer> {
  let sinceLook = 0;
  for await (const chunk of bytes) {
    sinceLook += (chunk as Buffer).length;
    if (sinceLook >= lookEveryBytes) {
      sinceLook = 0;
      await requireRoom(dir, reserveBytes);
    }
    yield chunk as Buffer;
  }
}

async function requireRoom(dir: string, neededBytes: number): Promise<void> {
  const free = await freeBytes(dir);
  if (free > neededBytes) return;
  throw new AppError('storage.full', `upload: ${free} bytes free in ${dir}, ${neededBytes} needed`, {
    details: { retryAfterSeconds: 60 },
  });
}
