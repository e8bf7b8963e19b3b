import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { FeatureTable } from './feature-table.ts';
import { takeRows } from './feature-table.ts';

const file = path.resolve(import.meta.dirname, '../../../../../shared/data/science/bank-marketing/bank-additional.zip');
export const hasBank = existsSync(file);

export type SplitTable = {
  readonly train: FeatureTable;
  readonly trainLabels: Uint8Array;
  readonly test: FeatureTable;
  readonly testLabels: Uint8Array;
};

/** UCI bank marketing, 45,211 calls; row index % 5 = 4 is the test part. `duration` is known only after the call. */
export function readBank(without: readonly string[] = []): SplitTable {
  const [header = [], ...rows] = unzipped('Bank/bank-full.csv')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(';').map((cell) => cell.replaceAll('"', '')));
  const labels = Uint8Array.from(rows, (row) => (row[header.indexOf('y')] === 'yes' ? 1 : 0));
  const columns = header
    .map((name, at) => ({ name, at }))
    .filter(({ name }) => name !== 'y' && !without.includes(name))
    .map(({ name, at }) => {
      const cells = rows.map((row) => row[at] ?? '');
      if (cells.every((cell) => /^-?\d+(\.\d+)?$/.test(cell)))
        return { kind: 'number' as const, name, values: Float64Array.from(cells, Number) };
      const levels = [...new Set(cells)].sort();
      const codeOf = new Map(levels.map((level, code) => [level, code]));
      return {
        kind: 'category' as const,
        name,
        levels,
        codes: Int32Array.from(cells, (cell) => codeOf.get(cell) ?? -1),
      };
    });
  const table: FeatureTable = { rows: rows.length, columns };
  const part = (isTest: boolean) => Uint32Array.from(rows.keys()).filter((i) => (i % 5 === 4) === isTest);
  const [train, test] = [part(false), part(true)];
  return {
    train: takeRows(table, train),
    trainLabels: Uint8Array.from(train, (i) => labels[i]),
    test: takeRows(table, test),
    testLabels: Uint8Array.from(test, (i) => labels[i]),
  };
}

/** One deflated member of a zip, by its central directory. */
function unzipped(member: string): string {
  const bytes = readFileSync(file);
  let at = bytes.readUInt32LE(bytes.length - 22 + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    if (name === member) {
      const local = bytes.readUInt32LE(at + 42);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      return inflateRawSync(bytes.subarray(start, start + bytes.readUInt32LE(at + 20))).toString('utf8');
    }
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  throw new Error(`${member} is not in ${file}`);
}
