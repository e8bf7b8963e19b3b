import { alignColumns, type ColumnShape, type FeatureTable, shapesOf } from './feature-table.ts';

/**
 * How a table becomes numbers for linear models and networks: numbers are centred and scaled by the training rows, categories
 * become one column per level but the first. Part of the model, so that scoring does what training did.
 */
export type DesignEncoding = {
  readonly shapes: readonly ColumnShape[];
  readonly columns: readonly DesignColumn[];
};

export type DesignColumn =
  | {
      readonly kind: 'number';
      readonly feature: number;
      readonly name: string;
      readonly mean: number;
      readonly deviation: number;
    }
  | { readonly kind: 'missing'; readonly feature: number; readonly name: string }
  | { readonly kind: 'level'; readonly feature: number; readonly name: string; readonly level: number };

/** Row-major rows × columns. */
export type DesignMatrix = { readonly rows: number; readonly columns: number; readonly values: Float64Array };

/**
 * Constant columns give nothing and are left out. Levels are sorted by name and the first is the reference; a number that is
 * missing in training gets a column of its own that says so. Numbers are scaled by the population deviation.
 */
export function fitEncoding(table: FeatureTable): DesignEncoding {
  const columns: DesignColumn[] = [];
  table.columns.forEach((column, feature) => {
    if (column.kind === 'number') {
      const { mean, deviation, missing } = describeNumbers(column.values);
      if (deviation > 0) columns.push({ kind: 'number', feature, name: column.name, mean, deviation });
      if (missing > 0 && missing < table.rows)
        columns.push({ kind: 'missing', feature, name: `${column.name} not known` });
      return;
    }
    const counts = new Float64Array(column.levels.length);
    for (const code of column.codes) if (code >= 0) counts[code]++;
    const used = column.levels
      .map((level, code) => ({ level, code }))
      .filter(({ code }) => counts[code] > 0)
      .sort((a, b) => (a.level < b.level ? -1 : 1));
    for (const { level, code } of used.slice(1)) {
      columns.push({ kind: 'level', feature, name: `${column.name} = ${level}`, level: code });
    }
  });
  return { shapes: shapesOf(table), columns };
}

/** Cost: O(rows × columns). A missing number counts as the mean; a level never seen as the reference level. */
export function encodeTable(table: FeatureTable, encoding: DesignEncoding): DesignMatrix {
  const aligned = alignColumns(table, encoding.shapes, 'encodeTable');
  const width = encoding.columns.length;
  const values = new Float64Array(table.rows * width);
  encoding.columns.forEach((design, at) => {
    const column = aligned.columns[design.feature];
    if (design.kind === 'level' && column.kind === 'category') {
      for (let row = 0; row < table.rows; row++) values[row * width + at] = column.codes[row] === design.level ? 1 : 0;
    } else if (design.kind === 'number' && column.kind === 'number') {
      for (let row = 0; row < table.rows; row++) {
        const value = column.values[row];
        values[row * width + at] = Number.isNaN(value) ? 0 : (value - design.mean) / design.deviation;
      }
    } else if (design.kind === 'missing' && column.kind === 'number') {
      for (let row = 0; row < table.rows; row++) values[row * width + at] = Number.isNaN(column.values[row]) ? 1 : 0;
    }
  });
  return { rows: table.rows, columns: width, values };
}

function describeNumbers(values: Float64Array): { mean: number; deviation: number; missing: number } {
  let known = 0;
  let sum = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    known++;
    sum += value;
  }
  const mean = known > 0 ? sum / known : 0;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  return { mean, deviation: known > 0 ? Math.sqrt(squares / known) : 0, missing: values.length - known };
}
