import type { ImportFile } from '../import-plan.ts';
import { sentSource } from './sent-source.ts';
import { identifier, literal } from './sql-text.ts';

/**
 * Rows of a file as a sub-select with the columns `row` (from 1), `c1` … `cn` (text, NULL where the row has no such field),
 * `extra` (not NULL: the row has more fields than the header), `broken` (1: not readable as a record) and `raw` (the row as JSON).
 * `raw` is only computed where it is asked for.
 */
export type SourceSql = { readonly from: string; readonly settings: string };

/** Stands for a missing field; no file contains it. */
const missing = '\u0001missing\u0001';

export function sourceSql(file: ImportFile, limit?: number): SourceSql {
  const cut = limit === undefined ? '' : ` LIMIT ${limit}`;
  const { from, settings } = { csv: delimited, tsv: delimited, ndjson, parquet }[file.format](file, cut, limit);
  // Rows are numbered as they come, so they must come in one stream, and the first ones must be the first.
  return file.sentTo === null && limit === undefined
    ? { from, settings }
    : { from, settings: `${settings}, parallelize_output_from_storages = 0` };
}

function delimited(file: ImportFile, cut: string, limit: number | undefined): SourceSql {
  const columns = file.columns.map((_, index) => `c${index + 1}`);
  const structure = [
    ...(file.isNumbered ? ['file_row UInt64'] : []),
    // A missing field only has to be told from an empty one where that says something.
    ...columns.map(
      (name, index) => `${name} ${index === 1 || index === columns.length - 1 ? 'Nullable(String)' : 'String'}`,
    ),
    'extra Nullable(String)',
  ];
  const row = file.isNumbered ? 'file_row' : fromOne;
  // A blank line in the middle is no row.
  const blank = columns.length > 1 ? ` WHERE NOT (${columns[1]} IS NULL AND ifNull(c1, '') = '')` : '';
  const settings = [
    `format_csv_delimiter = ${literal(file.delimiter)}`,
    `input_format_csv_skip_first_lines = ${file.hasHeader && !file.isNumbered ? 1 : 0}`,
    'input_format_csv_allow_variable_number_of_columns = 1',
    'input_format_csv_empty_as_default = 0',
    'input_format_csv_trim_whitespaces = 0',
    'input_format_csv_use_best_effort_in_schema_inference = 0',
    `format_csv_null_representation = ${literal(missing)}`,
    'format_csv_allow_single_quotes = 0',
  ].join(', ');
  return {
    from: `(SELECT row, ${columns.join(', ')}, extra, 0 AS broken, ${rawOf(file)} AS raw
      FROM ${numbered(file, rowsOf(file, { engineFormat: 'CSV', structure: structure.join(', '), settings, limit }), row, limit)}${blank}${cut})`,
    settings,
  };
}

const fromOne = 'toUInt64(assumeNotNull(_row_number)) + 1';

/**
 * Rows with their number as `row`. Rows that are sent have to come as one stream to be numbered; behind a join there are as many
 * streams as threads again, so that all cores judge them. This one finds nothing, as no row is number 0.
 */
function numbered(file: ImportFile, rows: string, row: string, limit: number | undefined): string {
  const read = `(SELECT *, ${row} AS row FROM ${rows})`;
  return file.sentTo === null || limit !== undefined
    ? read
    : `${read} AS read ANY LEFT JOIN (SELECT toUInt64(0) AS no_row) AS nothing ON read.row = nothing.no_row`;
}

type Reading = {
  readonly engineFormat: 'CSV' | 'LineAsString' | 'Parquet';
  readonly structure: string;
  readonly settings: string;
  readonly limit: number | undefined;
};

/** The rows of the file as the engine gets at them, with `_row_number` (from 0). */
function rowsOf(file: ImportFile, reading: Reading): string {
  if (file.sentTo !== null) {
    const { path, compression, delimiter, sentTo: database } = file;
    const source = sentSource({ database, path, compression, delimiter, ...reading });
    return `(SELECT rowNumberInAllBlocks() AS _row_number, * FROM ${source})`;
  }
  const { engineFormat, structure } = reading;
  return engineFormat === 'Parquet'
    ? `file(${literal(file.path)}, 'Parquet')`
    : `file(${literal(file.path)}, '${engineFormat}', ${literal(structure)}, ${literal(file.compression)})`;
}

function rawOf(file: ImportFile): string {
  const pairs = file.columns.map((name, index) => `${literal(name)}, c${index + 1}`);
  return `toJSONString(mapFilter((k, v) -> v IS NOT NULL, map(${pairs.join(', ')})))`;
}

function ndjson(file: ImportFile, cut: string, limit: number | undefined): SourceSql {
  const settings = 'allow_simdjson = 1';
  const tuple = file.columns.map((name) => `${identifier(name)} Nullable(String)`).join(', ');
  const columns = file.columns.map((_, index) => `tupleElement(parts, ${index + 1}) AS c${index + 1}`);
  return {
    from: `(SELECT row, ${columns.join(', ')}, CAST(NULL, 'Nullable(String)') AS extra, broken, raw FROM (
      SELECT row, line AS raw, JSONType(line) != 'Object' OR NOT isValidJSON(line) AS broken, JSONExtract(line, ${literal(`Tuple(${tuple})`)}) AS parts
      FROM ${numbered(file, rowsOf(file, { engineFormat: 'LineAsString', structure: 'line String', settings, limit }), fromOne, limit)}
      WHERE trimBoth(line) != ''${cut}))`,
    settings,
  };
}

function parquet(file: ImportFile, cut: string, limit: number | undefined): SourceSql {
  const columns = file.columns.map(
    (name, index) => `CAST(toString(${identifier(name)}), 'Nullable(String)') AS c${index + 1}`,
  );
  const reading: Reading = {
    engineFormat: 'Parquet',
    structure: textColumns(file.columns),
    settings: parquetSettings,
    limit,
  };
  return {
    from: `(SELECT *, ${rawOf(file)} AS raw FROM (SELECT ${fromOne} AS row, ${columns.join(', ')}, CAST(NULL, 'Nullable(String)') AS extra, 0 AS broken
      FROM ${rowsOf(file, reading)}${cut}))`,
    settings: parquetSettings,
  };
}

export const parquetSettings = 'schema_inference_make_columns_nullable = 1';

export const textColumns = (names: readonly string[]): string =>
  names.map((name) => `${identifier(name)} Nullable(String)`).join(', ');
