import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { AppError } from '../domain/app-error.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** A body as it was meant (unpacked), and the memory it holds until it is given back. */
export type ReceivedBody = { readonly bytes: Buffer; readonly release: () => void };

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotli = promisify(zlib.brotliDecompress);

/** Takes the whole body into memory, never more than `bytesMax` of it, packed or unpacked. */
export async function readBody(
  stream: Readable,
  headers: IncomingHttpHeaders,
  limits: { bytesMax: number; budget: MemoryBudget },
): Promise<ReceivedBody> {
  const declared = Number(headers['content-length'] ?? 0);
  if (declared > limits.bytesMax) throw tooLarge(limits.bytesMax);
  const hold = limits.budget.hold(declared);
  try {
    const packed = await collect(stream, declared, limits.bytesMax, hold);
    const bytes = await unpack(packed, headers['content-encoding'], limits.bytesMax);
    hold.resize(bytes.length);
    return { bytes, release: hold.release };
  } catch (cause) {
    hold.release();
    throw cause;
  }
}

function collect(
  stream: Readable,
  declared: number,
  bytesMax: number,
  hold: { resize(bytes: number): void },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > bytesMax) {
        stream.removeAllListeners('data');
        stream.resume();
        reject(tooLarge(bytesMax));
        return;
      }
      if (received > declared) {
        try {
          hold.resize(received);
        } catch (cause) {
          stream.removeAllListeners('data');
          stream.resume();
          reject(cause);
          return;
        }
      }
      chunks.push(chunk);
    });
    stream.once('end', () => {
      const only = chunks.length === 1 ? chunks[0] : undefined;
      resolve(only ?? Buffer.concat(chunks, received));
    });
    const broken = () => reject(new AppError('input.invalid', 'the connection ended before the body did'));
    stream.once('error', broken);
    stream.once('close', broken);
  });
}

async function unpack(bytes: Buffer, encoding: string | undefined, bytesMax: number): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return bytes;
  const unpacker = unpackerOf(name, bytes);
  if (!unpacker) {
    throw new AppError('input.invalid', `the body is packed as "${name.slice(0, 40)}", which is not known here`, {
      details: { field: 'Content-Encoding', fix: 'Send gzip, deflate, br or no Content-Encoding.' },
    });
  }
  try {
    return await unpacker(bytes, { maxOutputLength: bytesMax });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bytesMax);
    throw new AppError('input.invalid', `the body says it is ${name} but cannot be unpacked`, {
      cause,
      details: { field: 'Content-Encoding', fix: 'Pack the body again, or send it without Content-Encoding.' },
    });
  }
}

function unpackerOf(name: string, bytes: Buffer) {
  if (name === 'gzip' || name === 'x-gzip') return gunzip;
  if (name === 'br') return brotli;
  // "deflate" means zlib's wrapping, but some clients send it bare.
  if (name === 'deflate') return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw;
  return undefined;
}

function tooLarge(bytesMax: number): AppError {
  return new AppError('input.too_large', `the body is over ${bytesMax} bytes`, {
    details: {
      field: 'body',
      fix: `Send less at a time: at most ${bytesMax} bytes, also when unpacked.`,
      closes: true,
    },
  });
}
