import { expect, it } from 'vitest';
import { temporaryFile } from '../testing.ts';
import { readParquetContents } from './read-parquet-contents.ts';

/** A field of a record: how far its number is from the one before, its type, its bytes. */
const field = (step: number, type: number, bytes: readonly number[]) => [(step << 4) | type, ...bytes];
const text = (value: string) => [Buffer.byteLength(value), ...Buffer.from(value)];
const end = 0;
const leaf = (name: string) => [...field(1, 5, [2]), ...field(3, 8, text(name)), end];
const branch = (name: string, children: number) => [...field(4, 8, text(name)), ...field(1, 5, [children * 2]), end];

function parquet(schema: readonly (readonly number[])[], rows: number): Buffer {
  const contents = [
    ...field(1, 5, [2]),
    ...field(1, 9, [(schema.length << 4) | 12, ...schema.flat()]),
    // 300 is more than one byte of a number holds.
    ...field(1, 6, rows < 64 ? [rows * 2] : [((rows * 2) & 127) | 128, (rows * 2) >> 7]),
    end,
  ];
  const length = Buffer.alloc(4);
  length.writeUInt32LE(contents.length);
  return Buffer.concat([Buffer.from('PAR1'), Buffer.from(contents), length, Buffer.from('PAR1')]);
}

it('names the columns and counts the rows', async () => {
  const path = await temporaryFile('x', parquet([branch('root', 2), leaf('订单号'), leaf('price')], 300));
  expect(await readParquetContents(path)).toEqual({ columns: ['订单号', 'price'], nested: [], rowsTotal: 300 });
});

it('takes a list with everything below it for one column', async () => {
  const schema = [branch('root', 3), leaf('id'), branch('many', 1), branch('list', 1), leaf('element'), leaf('last')];
  const path = await temporaryFile('x', parquet(schema, 1));
  expect(await readParquetContents(path)).toEqual({ columns: ['id', 'many', 'last'], nested: ['many'], rowsTotal: 1 });
});

it('refuses a file that is cut off', async () => {
  const whole = parquet([branch('root', 1), leaf('id')], 1);
  await expect(readParquetContents(await temporaryFile('x', whole.subarray(0, -3)))).rejects.toThrow(/contents/);
  await expect(readParquetContents(await temporaryFile('x', Buffer.from('PAR1')))).rejects.toThrow();
});
