import { type FileHandle, open } from 'node:fs/promises';

export type ParquetContents = {
  readonly columns: string[];
  /** Columns that hold lists or records and not single values. */
  readonly nested: string[];
  readonly rowsTotal: number;
};

const contentsBytesMax = 64 * 1024 * 1024;
const closedSign = 'PAR1';

/**
 * Columns and number of rows out of the list of contents at the end of a Parquet file, for an engine that has to be told the columns
 * before it sees the file. The list is written in Thrift's compact protocol; only its schema and row count are kept.
 */
export async function readParquetContents(path: string): Promise<ParquetContents> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tail = await readAt(file, size - 8, 8);
    const length = tail.readUInt32LE(0);
    if (tail.subarray(4).toString('latin1') !== closedSign || length > Math.min(contentsBytesMax, size - 12))
      throw new Error('the list of contents at the end of the file is missing');
    return readContents(new CompactReader(await readAt(file, size - 8 - length, length)));
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, Math.max(0, position));
  if (bytesRead < length) throw new Error('the file is shorter than it says');
  return bytes;
}

/** Fields of the protocol: 2 is the schema, depth first with the root in front; 3 is the number of rows. */
function readContents(reader: CompactReader): ParquetContents {
  const contents = reader.readStruct();
  const schema = contents.get(2);
  if (!Array.isArray(schema)) throw new Error('the list of contents has no schema');
  const columns: string[] = [];
  const nested: string[] = [];
  const nameAt = 4;
  const childrenAt = 5;
  for (let at = 1; at < schema.length; at = skipTree(schema, at, childrenAt)) {
    const name = (schema[at] as Fields).get(nameAt);
    if (!Buffer.isBuffer(name)) throw new Error('a column has no name');
    columns.push(name.toString('utf8'));
    if (skipTree(schema, at, childrenAt) > at + 1) nested.push(name.toString('utf8'));
  }
  return { columns, nested, rowsTotal: Number(contents.get(3) ?? 0) };
}

/** Where the element after this one and all below it stands. */
function skipTree(schema: readonly unknown[], at: number, childrenAt: number): number {
  let left = 1;
  let next = at;
  while (left > 0 && next < schema.length) {
    left += Number((schema[next] as Fields).get(childrenAt) ?? 0) - 1;
    next += 1;
  }
  return next;
}

type Fields = Map<number, unknown>;

class CompactReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  readStruct(): Fields {
    const fields: Fields = new Map();
    for (let id = 0; ; ) {
      const head = this.#byte();
      if (head === 0) return fields;
      id = head >> 4 === 0 ? Number(this.#zigzag()) : id + (head >> 4);
      const type = head & 15;
      // Of a field that is true or false the type is the value.
      fields.set(id, type === 1 ? true : type === 2 ? false : this.#value(type));
    }
  }

  #value(type: number): unknown {
    if (type <= 3) return this.#byte();
    if (type <= 6) return this.#zigzag();
    if (type === 7) return this.#skip(8);
    if (type === 8) return this.#skip(Number(this.#varint()));
    if (type === 9 || type === 10) return this.#list();
    if (type === 12) return this.readStruct();
    throw new Error(`the list of contents holds the unknown type ${type}`);
  }

  #list(): unknown[] {
    const head = this.#byte();
    const count = head >> 4 === 15 ? Number(this.#varint()) : head >> 4;
    if (count > this.#bytes.length) throw new Error('the list of contents is damaged');
    return Array.from({ length: count }, () => this.#value(head & 15));
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new Error('the list of contents is damaged');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Error('the list of contents is damaged');
    this.#at += 1;
    return byte;
  }

  #skip(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new Error('the list of contents is damaged');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
