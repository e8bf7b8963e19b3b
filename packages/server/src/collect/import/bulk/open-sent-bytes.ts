import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AppError } from '../../../domain/app-error.ts';
import { openUnpacked } from '../open-text.ts';
import { CsvReader } from '../read-csv.ts';
import type { SentSource } from './sent-source.ts';

/** The engine gathers a Parquet file that is sent to it in memory, because its list of contents stands at the end. */
export const parquetBytesMax = 512 * 1024 * 1024;
/** Records of a beginning: enough for a preview and for what is asked again about mended rows. */
const spareRecords = 50;

/** The bytes of a file, unpacked, for a statement to read: all, or the records it begins with. */
export async function openSentBytes(source: SentSource): Promise<Readable> {
  if (source.engineFormat === 'Parquet') await refuseLargeParquet(source.path);
  const bytes = openUnpacked(source.path, source.compression);
  if (source.limit === undefined || source.engineFormat === 'Parquet') return bytes;
  const head = await readRecords(bytes, source, source.limit + spareRecords);
  return Readable.from([Buffer.from(head, 'utf8')], { objectMode: false });
}

export async function refuseLargeParquet(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size <= parquetBytesMax) return;
  throw new AppError(
    'input.invalid',
    `file: a Parquet file of ${Math.ceil(size / 1_048_576)} MB cannot be streamed to a ClickHouse server elsewhere; ${parquetBytesMax / 1_048_576} MB is the most`,
    { details: { field: 'file', fix: 'Send it as CSV or NDJSON (packed with gzip or zstd), or in several files.' } },
  );
}

/** Whole records only, with whatever lies between them: a beginning that is cut anywhere could end inside a quoted value. */
async function readRecords(bytes: Readable, source: SentSource, countMax: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const reader = new CsvReader({ delimiter: source.delimiter, quote: source.engineFormat === 'CSV' ? '"' : '' });
  let text = '';
  let end = 0;
  let count = 0;
  const isEnough = (piece: string): boolean => {
    text += piece;
    for (const { raw } of reader.push(piece)) {
      end = text.indexOf(raw, end) + raw.length;
      count += 1;
      if (count === countMax) return true;
    }
    return false;
  };
  try {
    for await (const piece of bytes) {
      if (isEnough(decoder.decode(piece as Buffer, { stream: true }))) return `${text.slice(0, end)}\n`;
    }
  } finally {
    bytes.destroy();
  }
  return `${text}${decoder.decode()}`;
}
