import type { JsonObject } from '../../../domain/events.ts';
import type { Detected } from '../detect-file.ts';
import type { ImportRow } from '../import-rows.ts';
import { CsvReader } from '../read-csv.ts';

/** The import that mended rows of another one make: its columns, mapping and reading, over lines of JSON. */
export function mendedImport(first: ImportRow & { readonly detected: Detected }, rows: number): ImportRow {
  const detected: Detected = {
    ...first.detected,
    format: 'ndjson',
    compression: 'none',
    encoding: 'utf-8',
    delimiter: null,
    hasHeader: true,
    rowsEstimate: rows,
  };
  const options: ImportRow['options'] = { ...first.options, format: 'ndjson', encoding: 'utf-8' };
  // Instants in Parquet are in UTC; written as text they would be taken for the brand's own time.
  if (first.detected.format === 'parquet') options.timeZone ??= 'UTC';
  return { ...first, detected, options };
}

/**
 * A mended row as it is written for the engine. What was refused as a line that is no row is read again, so that a missing
 * quote can be mended too. Undefined: it still is no row.
 */
export function readMendedRow(
  first: ImportRow & { readonly detected: Detected },
  row: JsonObject,
): JsonObject | undefined {
  if (typeof row._line !== 'string') return row;
  const { format, delimiter, columns } = first.detected;
  if (format !== 'csv' && format !== 'tsv') return readObject(row._line);
  const reader = new CsvReader({ delimiter: first.options.delimiter ?? delimiter ?? ',', quote: '"' });
  const records = [...reader.push(row._line), ...reader.end()];
  const [record] = records;
  if (records.length !== 1 || !record || record.fault || record.fields.length !== columns.length) return undefined;
  return Object.fromEntries(columns.map((column, index) => [column.name, record.fields[index]!]));
}

function readObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
