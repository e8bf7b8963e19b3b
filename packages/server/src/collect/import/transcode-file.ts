import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { TextEncoding } from './detect-encoding.ts';
import { type Compression, openUnpacked } from './open-text.ts';
import { assertDiskSpace } from './receive-bytes.ts';

const checkEveryCharacters = 32 * 1024 * 1024;

/** GBK, GB18030 and UTF-16 → UTF-8 beside the file, because the engine reads UTF-8 only. Unpacks on the way. */
export async function transcodeFile(
  from: { readonly path: string; readonly compression: Compression; readonly encoding: TextEncoding },
  to: string,
  limits: { readonly diskReserveBytes: number; readonly signal?: AbortSignal },
): Promise<void> {
  const decoder = new TextDecoder(from.encoding);
  await pipeline(
    openUnpacked(from.path, from.compression),
    async function* (pieces: AsyncIterable<Buffer>) {
      let characters = 0;
      let nextCheck = 0;
      for await (const piece of pieces) {
        if (characters >= nextCheck) {
          await assertDiskSpace(to, limits.diskReserveBytes);
          nextCheck = characters + checkEveryCharacters;
        }
        const text = decoder.decode(piece, { stream: true });
        characters += text.length;
        yield text;
      }
      yield decoder.decode();
    },
    createWriteStream(to, { mode: 0o640 }),
    { signal: limits.signal },
  );
}
