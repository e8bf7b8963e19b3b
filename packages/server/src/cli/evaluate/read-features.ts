import type { FeatureColumn, FeatureTable } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { readLines, splitCsvLine } from './read-table.ts';

/** A file as it is: names of columns and cells row by row. */
export type RawTable = {
  readonly path: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

const rowsMax = 5_000_000;

/** CSV with a header (comma or semicolon) or JSON lines, gzip allowed. */
export async function readRawTable(path: string): Promise<RawTable> {
  let header: string[] | undefined;
  let split = splitCsvLine;
  let isJson = false;
  const rows: string[][] = [];
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber++;
    if (line.trim() === '') continue;
    if (rows.length >= rowsMax)
      throw wrong(path, lineNumber, `more than ${rowsMax} rows`, 'Give a sample of the rows.');
    if (!header) {
      isJson = line.trimStart().startsWith('{');
      if (!isJson && line.split(';').length > line.split(',').length) split = (text) => splitSemicolons(text);
      header = isJson ? Object.keys(parseObject(path, lineNumber, line)) : split(line).map((cell) => cell.trim());
      const twice = header.find((name, at) => header?.indexOf(name) !== at);
      if (twice !== undefined) throw wrong(path, 1, `column ${twice} stands there twice`, 'Rename one of the two.');
      if (!isJson) continue;
    }
    if (isJson) {
      const row = parseObject(path, lineNumber, line);
      rows.push(header.map((name) => (row[name] === null || row[name] === undefined ? '' : String(row[name]))));
      continue;
    }
    const cells = split(line);
    if (cells.length !== header.length) {
      throw wrong(
        path,
        lineNumber,
        `${cells.length} cells where the header has ${header.length}`,
        'Quote cells that hold a separator.',
      );
    }
    rows.push(cells.map((cell) => cell.trim()));
  }
  if (!header || rows.length === 0) throw wrong(path, 1, 'has no rows', 'Give a header line and at least one row.');
  return { path, header, rows };
}

/** Columns a model can learn from. What is a number is decided by the training file, so that both files agree. */
export function toFeatures(train: RawTable, test: RawTable, without: readonly string[]): [FeatureTable, FeatureTable] {
  const names = train.header.filter((name) => !without.includes(name));
  for (const name of names) {
    if (!test.header.includes(name))
      throw wrong(
        test.path,
        1,
        `column ${name} of the training file is not there`,
        'Give both files the same columns.',
      );
  }
  const numeric = new Set(names.filter((name) => isNumeric(cellsOf(train, name))));
  const take = (raw: RawTable): FeatureTable => ({
    rows: raw.rows.length,
    columns: names.map((name) => toColumn(raw, name, numeric.has(name))),
  });
  return [take(train), take(test)];
}

const unknown = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?']);

export function cellsOf(raw: RawTable, name: string): readonly string[] {
  const at = raw.header.indexOf(name);
  return raw.rows.map((row) => row[at] ?? '');
}

function isNumeric(cells: readonly string[]): boolean {
  const known = cells.filter((cell) => !unknown.has(cell));
  return known.length > 0 && known.every((cell) => Number.isFinite(Number(cell)));
}

function toColumn(raw: RawTable, name: string, asNumber: boolean): FeatureColumn {
  const cells = cellsOf(raw, name);
  if (asNumber) {
    const values = Float64Array.from(cells, (cell, row) => {
      if (unknown.has(cell)) return Number.NaN;
      const value = Number(cell);
      if (!Number.isFinite(value))
        throw wrong(
          raw.path,
          row + 2,
          `${name} must be a number as in the training file, got ${cell}`,
          'Correct the cell or leave it empty.',
        );
      return value;
    });
    return { kind: 'number', name, values };
  }
  const levels = [...new Set(cells)].filter((cell) => !unknown.has(cell)).sort();
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  return { kind: 'category', name, levels, codes: Int32Array.from(cells, (cell) => codeOf.get(cell) ?? -1) };
}

/** Semicolons as separators, quotes as in CSV. */
function splitSemicolons(line: string): string[] {
  let quoted = false;
  let swapped = '';
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    swapped += quoted ? character : character === ';' ? ',' : character === ',' ? '\u0000' : character;
  }
  return splitCsvLine(swapped).map((cell) => cell.replaceAll('\u0000', ','));
}

function parseObject(path: string, lineNumber: number, line: string): Record<string, unknown> {
  try {
    const row = JSON.parse(line);
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row;
  } catch {
    // told below
  }
  throw wrong(path, lineNumber, 'not a JSON object', 'Every line must be one JSON object.');
}

function wrong(path: string, lineNumber: number, what: string, fix: string): AppError {
  return new AppError('input.invalid', `${path}, line ${lineNumber}: ${what}`, {
    details: { field: `${path}:${lineNumber}`, fix },
  });
}
