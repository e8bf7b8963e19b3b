import { stat } from 'node:fs/promises';
import type { Import, ImportKind, ImportMapping, ImportOptions } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { detectCsv } from './detect-csv.ts';
import { detectEncoding, type TextEncoding } from './detect-encoding.ts';
import { guessFields } from './guess-fields.ts';
import { type Compression, detectCompression, readFirstBytes, readHead } from './open-text.ts';

export type SavedMapping = {
  readonly name: string;
  readonly kind: ImportKind;
  readonly mapping: ImportMapping;
  readonly options: ImportOptions;
};

export type Detected = NonNullable<Import['detected']> & {
  readonly compression: Compression;
};

export type DetectOptions = {
  readonly options?: ImportOptions;
  readonly kind?: ImportKind;
  /** Mappings an operator saved: the same headers again need no guess. */
  readonly saved?: readonly SavedMapping[];
  /** Parquet can only be read by the engine. */
  readonly readParquet?: (path: string) => Promise<{ columns: string[]; rows: string[][]; rowsTotal: number }>;
};

const headBytes = 1 << 20;
const columnsMax = 1_000;
const samplesMax = 5;

/** Everything that can be told about a file by looking at its beginning. */
export async function detectFile(path: string, options: DetectOptions = {}): Promise<Detected> {
  const first = await readFirstBytes(path, 16);
  if (first.length === 0) throw empty();
  if (first.subarray(0, 4).toString('latin1') === 'PAR1') return detectParquet(path, options);
  const compression = first.length < 6 ? 'none' : detectCompression(first);
  if (compression === 'unknown') {
    throw new AppError('input.invalid', 'the file is packed in a way that is not read here', {
      details: { field: 'file', fix: 'Unpack it, or pack it with gzip or zstd.' },
    });
  }
  const head = await readHead(path, compression, headBytes).catch((cause) => {
    throw new AppError('input.invalid', 'the packed file is damaged', {
      cause,
      details: { field: 'file', fix: 'Pack the file again and send it whole.' },
    });
  });
  const encoding = options.options?.encoding ?? detectEncoding(head.bytes, head.whole);
  const text = wholeLines(decode(head.bytes, encoding), head.whole);
  if (text.trim() === '') throw empty();
  const sizeBytes = (await stat(path)).size;
  const unpackedBytes = head.whole ? head.bytes.length : sizeBytes * (compression === 'none' ? 1 : 5);
  const rowsOf = (rowsInText: number) =>
    head.whole ? rowsInText : Math.round((rowsInText * unpackedBytes) / head.bytes.length);
  if (options.options?.format === 'ndjson' || (!options.options?.format && /^\s*\{/u.test(text))) {
    const { columns, rows, lines } = readJsonSample(text);
    return describe({
      format: 'ndjson',
      compression,
      encoding,
      delimiter: null,
      hasHeader: true,
      columns,
      rows,
      rowsEstimate: rowsOf(lines),
      options,
    });
  }
  const csv = detectCsv(text, {
    delimiter: options.options?.delimiter ?? (options.options?.format === 'tsv' ? '\t' : undefined),
    hasHeader: options.options?.hasHeader,
  });
  const width = csv.rows[0]?.length ?? 0;
  if (width > columnsMax) {
    throw new AppError('input.invalid', `${width} columns are more than the ${columnsMax} that can be read`, {
      details: { field: 'file', fix: 'Leave out columns that are not needed.' },
    });
  }
  const columns = nameColumns(csv.hasHeader ? csv.rows[0]! : Array.from({ length: width }, () => ''));
  const rows = (csv.hasHeader ? csv.rows.slice(1) : csv.rows).map((row) => [...row]);
  const lines = Math.max(0, text.split('\n').filter((line) => line.trim() !== '').length - (csv.hasHeader ? 1 : 0));
  return describe({
    format: csv.delimiter === '\t' ? 'tsv' : 'csv',
    compression,
    encoding,
    delimiter: csv.delimiter,
    hasHeader: csv.hasHeader,
    columns,
    rows,
    rowsEstimate: rowsOf(lines),
    options,
  });
}

/** Column names as they are used from here on: never empty, never twice. */
export function nameColumns(headers: readonly string[]): string[] {
  const seen = new Set<string>();
  return headers.map((header, index) => {
    const plain =
      header
        .replace(/^\uFEFF/u, '')
        .trim()
        .slice(0, 200) || `column_${index + 1}`;
    let name = plain;
    for (let n = 2; seen.has(name); n++) name = `${plain}_${n}`;
    seen.add(name);
    return name;
  });
}

async function detectParquet(path: string, options: DetectOptions): Promise<Detected> {
  if (!options.readParquet)
    throw new AppError('input.invalid', 'Parquet is read by the event store, which is not at hand', {
      details: { field: 'file' },
    });
  const { columns, rows, rowsTotal } = await options.readParquet(path);
  return describe({
    format: 'parquet',
    compression: 'none',
    encoding: 'utf-8',
    delimiter: null,
    hasHeader: true,
    columns,
    rows,
    rowsEstimate: rowsTotal,
    options,
  });
}

type Found = Pick<Detected, 'format' | 'compression' | 'delimiter' | 'hasHeader' | 'rowsEstimate'> & {
  readonly encoding: TextEncoding;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly options: DetectOptions;
};

function describe(found: Found): Detected {
  const samples = found.columns.map((_, index) =>
    found.rows.map((row) => row[index] ?? '').filter((value) => value.trim() !== ''),
  );
  const guess = guessFields(
    found.columns.map((name, index) => ({ name, samples: samples[index]!.slice(0, 100) })),
    found.options.kind,
  );
  const saved = found.options.saved?.find(
    (mapping) =>
      (!found.options.kind || mapping.kind === found.options.kind) &&
      sameColumns(Object.keys(mapping.mapping), found.columns),
  );
  return {
    format: found.format,
    compression: found.compression,
    encoding: found.encoding,
    delimiter: found.delimiter,
    hasHeader: found.hasHeader,
    rowsEstimate: found.rowsEstimate,
    kindGuess: saved?.kind ?? guess.kind,
    columns: found.columns.map((name, index) => ({
      name,
      samples: samples[index]!.slice(0, samplesMax).map((value) => value.slice(0, 200)),
      ...(saved
        ? { field: saved.mapping[name] ?? null, confidence: 1, because: `saved mapping "${saved.name}"` }
        : guess.fields[index]!),
    })),
  };
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}

function decode(bytes: Buffer, encoding: TextEncoding): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** The sample ends anywhere: the cut last line is left out. */
function wholeLines(text: string, whole: boolean): string {
  const end = text.lastIndexOf('\n');
  return whole || end < 0 ? text : text.slice(0, end);
}

function readJsonSample(text: string): { columns: string[]; rows: string[][]; lines: number } {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const objects = lines.slice(0, 200).flatMap((line): Map<string, unknown>[] => {
    try {
      const value: unknown = JSON.parse(line);
      return value && typeof value === 'object' && !Array.isArray(value) ? [new Map(Object.entries(value))] : [];
    } catch {
      return [];
    }
  });
  const columns = [...new Set(objects.flatMap((object) => [...object.keys()]))].slice(0, columnsMax);
  const rows = objects.map((object) => columns.map((column) => formatJsonCell(object.get(column))));
  return { columns, rows, lines: lines.length };
}

function formatJsonCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function empty(): AppError {
  return new AppError('input.invalid', 'the file is empty', {
    details: { field: 'file', fix: 'Send a file with a header line and at least one row.' },
  });
}
