import type { ImportFile } from '../import-plan.ts';
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
  if (file.format === 'ndjson') return ndjson(file, cut);
  if (file.format === 'parquet') return parquet(file, cut);
  return delimited(file, cut);
}

function delimited(file: ImportFile, cut: string): SourceSql {
  const columns = file.columns.map((_, index) => `c${index + 1}`);
  const structure = [
    ...(file.isNumbered ? ['file_row UInt64'] : []),
    // A missing field only has to be told from an empty one where that says something.
    ...columns.map(
      (name, index) => `${name} ${index === 1 || index === columns.length - 1 ? 'Nullable(String)' : 'String'}`,
    ),
    'extra Nullable(String)',
  ];
  const compression = file.compression === 'none' ? 'none' : file.compression === 'gzip' ? 'gzip' : 'zstd';
  const row = file.isNumbered ? 'file_row' : '_row_number + 1';
  // A blank line in the middle is no row.
  const blank = columns.length > 1 ? ` WHERE NOT (${columns[1]} IS NULL AND ifNull(c1, '') = '')` : '';
  return {
    from: `(SELECT ${row} AS row, ${columns.join(', ')}, extra, 0 AS broken, ${rawOf(file)} AS raw
      FROM file(${literal(file.path)}, 'CSV', ${literal(structure.join(', '))}, ${literal(compression)})${blank}${cut})`,
    settings: [
      `format_csv_delimiter = ${literal(file.delimiter)}`,
      `input_format_csv_skip_first_lines = ${file.hasHeader && !file.isNumbered ? 1 : 0}`,
      'input_format_csv_allow_variable_number_of_columns = 1',
      'input_format_csv_empty_as_default = 0',
      'input_format_csv_trim_whitespaces = 0',
      'input_format_csv_use_best_effort_in_schema_inference = 0',
      `format_csv_null_representation = ${literal(missing)}`,
      'format_csv_allow_single_quotes = 0',
    ].join(', '),
  };
}

function rawOf(file: ImportFile): string {
  const pairs = file.columns.map((name, index) => `${literal(name)}, c${index + 1}`);
  return `toJSONString(mapFilter((k, v) -> v IS NOT NULL, map(${pairs.join(', ')})))`;
}

function ndjson(file: ImportFile, cut: string): SourceSql {
  const tuple = file.columns.map((name) => `${identifier(name)} Nullable(String)`).join(', ');
  const columns = file.columns.map((_, index) => `tupleElement(parts, ${index + 1}) AS c${index + 1}`);
  return {
    from: `(SELECT row, ${columns.join(', ')}, CAST(NULL, 'Nullable(String)') AS extra, broken, raw FROM (
      SELECT _row_number + 1 AS row, line AS raw, JSONType(line) != 'Object' OR NOT isValidJSON(line) AS broken, JSONExtract(line, ${literal(`Tuple(${tuple})`)}) AS parts
      FROM file(${literal(file.path)}, 'LineAsString', 'line String', ${literal(file.compression === 'none' ? 'none' : file.compression === 'gzip' ? 'gzip' : 'zstd')})
      WHERE trimBoth(line) != ''${cut}))`,
    settings: 'allow_simdjson = 1',
  };
}

function parquet(file: ImportFile, cut: string): SourceSql {
  const columns = file.columns.map(
    (name, index) => `CAST(toString(${identifier(name)}), 'Nullable(String)') AS c${index + 1}`,
  );
  return {
    from: `(SELECT *, ${rawOf(file)} AS raw FROM (SELECT _row_number + 1 AS row, ${columns.join(', ')}, CAST(NULL, 'Nullable(String)') AS extra, 0 AS broken
      FROM file(${literal(file.path)}, 'Parquet')${cut}))`,
    settings: 'schema_inference_make_columns_nullable = 1',
  };
}
