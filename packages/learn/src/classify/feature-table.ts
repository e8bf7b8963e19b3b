import { DomainError, ShapeError } from '../errors.ts';

/** Numbers; NaN is "not known". Infinity is not a number anybody measured and is refused. */
export type NumberColumn = { readonly kind: 'number'; readonly name: string; readonly values: Float64Array };
/** Codes into `levels`; -1 is "not known". */
export type CategoryColumn = {
  readonly kind: 'category';
  readonly name: string;
  readonly levels: readonly string[];
  readonly codes: Int32Array;
};
export type FeatureColumn = NumberColumn | CategoryColumn;

/** People (rows) and what is known of each, one typed array a column. */
export type FeatureTable = { readonly rows: number; readonly columns: readonly FeatureColumn[] };

/** @throws ShapeError when a column has another length; DomainError on infinities, codes outside the levels, a name twice. */
export function checkTable(table: FeatureTable, where: string): void {
  const seen = new Set<string>();
  for (const column of table.columns) {
    if (seen.has(column.name)) throw new DomainError(`${where}: column ${column.name} stands there twice`);
    seen.add(column.name);
    const length = column.kind === 'number' ? column.values.length : column.codes.length;
    if (length !== table.rows) {
      throw new ShapeError(`${where}: column ${column.name} has ${length} rows, the table ${table.rows}`);
    }
    if (column.kind === 'number') {
      const wrong = column.values.findIndex((value) => value === Infinity || value === -Infinity);
      if (wrong >= 0) throw new DomainError(`${where}: column ${column.name}, row ${wrong} is infinite`);
    } else {
      const wrong = column.codes.findIndex((code) => !(code >= -1 && code < column.levels.length));
      if (wrong >= 0) throw new DomainError(`${where}: column ${column.name}, row ${wrong} names no level`);
    }
  }
}

/** @throws DomainError unless every label is 0 or 1 and both occur. */
export function checkLabels(labels: Uint8Array, rows: number, where: string): void {
  if (labels.length !== rows) throw new ShapeError(`${where}: ${labels.length} labels for ${rows} rows`);
  let positives = 0;
  for (let i = 0; i < rows; i++) {
    if (labels[i] > 1) throw new DomainError(`${where}: label ${i} must be 0 or 1, got ${labels[i]}`);
    positives += labels[i];
  }
  if (positives === 0 || positives === rows) {
    throw new DomainError(`${where}: all ${rows} labels are ${positives === 0 ? 0 : 1}; both must occur to learn from`);
  }
}

/** Some rows of a table, in the order given. */
export function takeRows(table: FeatureTable, rows: Uint32Array): FeatureTable {
  return {
    rows: rows.length,
    columns: table.columns.map((column) =>
      column.kind === 'number'
        ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]) },
    ),
  };
}

/** The columns of `table` under the names and levels a model was fitted with; a level it never saw is "not known". */
export function alignColumns(table: FeatureTable, wanted: readonly ColumnShape[], where: string): FeatureTable {
  const columns = wanted.map((shape) => {
    const column = table.columns.find((other) => other.name === shape.name);
    if (!column || column.kind !== shape.kind) {
      throw new ShapeError(
        `${where}: needs a ${shape.kind} column ${shape.name}, got ${column ? `a ${column.kind} column` : 'none'}`,
      );
    }
    if (column.kind === 'number' || shape.kind === 'number') return column;
    if (sameLevels(column.levels, shape.levels)) return column;
    const codeOf = new Map(shape.levels.map((level, code) => [level, code]));
    const translate = Int32Array.from(column.levels, (level) => codeOf.get(level) ?? -1);
    return {
      ...column,
      levels: shape.levels,
      codes: Int32Array.from(column.codes, (code) => (code < 0 ? -1 : translate[code])),
    };
  });
  return { rows: table.rows, columns };
}

/** What a model remembers of a column. */
export type ColumnShape =
  | { readonly kind: 'number'; readonly name: string }
  | { readonly kind: 'category'; readonly name: string; readonly levels: readonly string[] };

export function shapesOf(table: FeatureTable): readonly ColumnShape[] {
  return table.columns.map((column) =>
    column.kind === 'number'
      ? { kind: 'number', name: column.name }
      : { kind: 'category', name: column.name, levels: column.levels },
  );
}

function sameLevels(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((level, i) => level === b[i]));
}

/** Rows of several tables under one another: columns by name as in the first, levels of all. @throws ShapeError when a column is missing. */
export function stackTables(tables: readonly FeatureTable[], where: string): FeatureTable {
  const [first, ...others] = tables;
  if (!first) throw new ShapeError(`${where}: no tables to put together`);
  const shapes = shapesOf(first).map((shape): ColumnShape => {
    if (shape.kind === 'number') return shape;
    const levels = new Set(shape.levels);
    for (const other of others) {
      const column = other.columns.find(({ name }) => name === shape.name);
      if (column?.kind === 'category') for (const level of column.levels) levels.add(level);
    }
    return { ...shape, levels: [...levels] };
  });
  const aligned = tables.map((table) => alignColumns(table, shapes, where));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return {
    rows,
    columns: shapes.map((shape, f): FeatureColumn => {
      const parts = aligned.map(({ columns }) => columns[f]);
      if (shape.kind === 'category') {
        const codes = new Int32Array(rows);
        let at = 0;
        for (const part of parts) {
          if (part.kind !== 'category') continue;
          codes.set(part.codes, at);
          at += part.codes.length;
        }
        return { ...shape, codes };
      }
      const values = new Float64Array(rows);
      let at = 0;
      for (const part of parts) {
        if (part.kind !== 'number') continue;
        values.set(part.values, at);
        at += part.values.length;
      }
      return { ...shape, values };
    }),
  };
}
