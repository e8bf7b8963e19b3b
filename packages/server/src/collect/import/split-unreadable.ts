import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { said } from '@zhiyin/contract';
import type { ImportFile } from './import-plan.ts';
import { openUnpacked } from './open-text.ts';
import { CsvReader, type CsvRecord } from './read-csv.ts';
import { assertDiskSpace } from './receive-bytes.ts';

export type BrokenRecord = {
  readonly row: number;
  readonly raw: string;
  readonly occurrence: number;
  readonly reason: 'unreadable_row' | 'column_count';
  readonly detail: string;
};

/** Remembered to number equal broken rows; beyond it all are taken for first ones. */
const distinctBrokenMax = 200_000;

/**
 * Rewrites a delimited file with broken records into one without, each row with its number in front, and puts the broken ones
 * aside as they stand. Only done when the engine met such rows: reading in Node is several times slower.
 */
export async function splitUnreadable(
  file: ImportFile,
  to: string,
  diskReserveBytes: number,
): Promise<{ file: ImportFile; brokenPath: string }> {
  const brokenPath = `${to}.broken.ndjson`;
  const good = createWriteStream(to);
  const broken = createWriteStream(brokenPath);
  const reader = new CsvReader({ delimiter: file.delimiter, quote: '"' });
  const decoder = new TextDecoder('utf-8');
  const seen = new Map<string, number>();
  let row = 0;
  let skipHeader = file.hasHeader;
  const take = async (records: Iterable<CsvRecord>) => {
    let goodText = '';
    let brokenText = '';
    for (const record of records) {
      if (skipHeader) {
        skipHeader = false;
        continue;
      }
      row += 1;
      const fault = faultOf(record, file.columns.length);
      if (!fault) {
        goodText += `${row},${record.fields.map(quoted).join(',')}\n`;
        continue;
      }
      const occurrence = (seen.get(record.raw) ?? 0) + 1;
      if (seen.size < distinctBrokenMax) seen.set(record.raw, occurrence);
      brokenText += `${JSON.stringify({ row, raw: record.raw, occurrence, ...fault })}\n`;
    }
    if (goodText && !good.write(goodText)) await once(good, 'drain');
    if (brokenText && !broken.write(brokenText)) await once(broken, 'drain');
  };
  let pieces = 0;
  for await (const piece of openUnpacked(file.path, file.compression)) {
    if (pieces++ % 64 === 0) await assertDiskSpace(to, diskReserveBytes);
    await take(reader.push(decoder.decode(piece as Buffer, { stream: true })));
  }
  await take(reader.push(decoder.decode()));
  await take(reader.end());
  await Promise.all([closed(good), closed(broken)]);
  return { file: { ...file, path: to, compression: 'none', delimiter: ',', isNumbered: true }, brokenPath };
}

export async function* readBroken(path: string, pageRows: number): AsyncGenerator<BrokenRecord[]> {
  let page: BrokenRecord[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    page.push(JSON.parse(line) as BrokenRecord);
    if (page.length < pageRows) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function faultOf(record: CsvRecord, width: number): { reason: BrokenRecord['reason']; detail: string } | undefined {
  if (record.fault) return { reason: 'unreadable_row', detail: said('row_quote') };
  const fields = record.fields.length;
  if (fields === width) return undefined;
  return { reason: 'column_count', detail: said('row_fields', { fields, columns: width }) };
}

const quoted = (field: string): string =>
  /[",\r\n]/.test(field) || field !== field.trim() ? `"${field.replaceAll('"', '""')}"` : field;

function closed(stream: ReturnType<typeof createWriteStream>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stream.on('error', reject);
  stream.end(() => resolve());
  return promise;
}
