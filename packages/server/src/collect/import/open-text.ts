import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

export type Compression = 'none' | 'gzip' | 'zstd';

/** From the first bytes, never from the name: names lie. */
export function detectCompression(bytes: Buffer): Compression | 'unknown' {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  if (bytes.subarray(0, 6).equals(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]))) return 'unknown';
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) return 'unknown';
  return 'none';
}

export async function readFirstBytes(path: string, bytesMax: number): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const buffer = Buffer.alloc(bytesMax);
    const { bytesRead } = await handle.read(buffer, 0, bytesMax, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle?.close();
  }
}

/** The file's bytes, unpacked. The caller reads as much as it wants and destroys the stream. */
export function openUnpacked(path: string, compression: Compression): Readable {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const unpack: Transform | null =
    compression === 'gzip' ? createGunzip() : compression === 'zstd' ? createZstdDecompress() : null;
  if (!unpack) return file;
  file.on('error', (error) => unpack.destroy(error));
  unpack.on('close', () => file.destroy());
  return file.pipe(unpack);
}

/** The first unpacked bytes of a file, at most `bytesMax`: a bomb costs no more than that. `whole`: there are no more. */
export async function readHead(
  path: string,
  compression: Compression,
  bytesMax: number,
): Promise<{ bytes: Buffer; whole: boolean }> {
  const stream = openUnpacked(path, compression);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).length;
    if (size >= bytesMax) break;
  }
  stream.destroy();
  return { bytes: Buffer.concat(pieces).subarray(0, bytesMax), whole: size < bytesMax };
}
