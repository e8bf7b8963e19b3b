import { CsvReader } from './read-csv.ts';

export type CsvFound = {
  readonly delimiter: string;
  readonly hasHeader: boolean;
  readonly rows: readonly (readonly string[])[];
};

const delimiters = [',', '\t', ';', '|'] as const;

/** Delimiter and header of a sample. The delimiter is the one that cuts most rows into the same number of fields. */
export function detectCsv(text: string, given: { delimiter?: string; hasHeader?: boolean } = {}): CsvFound {
  const tried = (given.delimiter ? [given.delimiter] : delimiters).map((delimiter) => {
    const rows = readRows(text, delimiter);
    const width = rows[0]?.length ?? 0;
    const even = rows.filter((row) => row.length === width).length;
    return { delimiter, rows, score: width > 1 ? (even / rows.length) * Math.min(width, 20) : 0 };
  });
  const best = tried.reduce((a, b) => (b.score > a.score ? b : a));
  return { delimiter: best.delimiter, rows: best.rows, hasHeader: given.hasHeader ?? looksLikeHeader(best.rows) };
}

function readRows(text: string, delimiter: string): string[][] {
  const reader = new CsvReader({ delimiter, quote: '"' });
  const rows: string[][] = [];
  for (const record of [...reader.push(text), ...reader.end()]) {
    if (record.fault === null) rows.push(record.fields);
    if (rows.length >= 200) break;
  }
  return rows;
}

/** A header has words where the rows below have values: no numbers, dates or addresses, and no name twice. */
function looksLikeHeader(rows: readonly (readonly string[])[]): boolean {
  const first = rows[0]?.map((field) => field.trim()) ?? [];
  if (first.length === 0) return false;
  const values = first.filter((field) => /^[-+]?[\d.,]+%?$|^(19|20)\d{2}[-/.年]|@|^https?:/u.test(field)).length;
  const named = first.filter((field) => field !== '');
  return values === 0 && named.length >= first.length / 2 && new Set(named).size === named.length;
}
