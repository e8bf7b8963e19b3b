import { type Classifier, explainClassifier, type FeatureTable, scoreClassifier } from '@zhiyin/learn';
import { assert } from '../../../domain/app-error.ts';
import type { SavedReasons } from './scored-row.ts';

const reasonsMax = 5;
/** Of log-odds: further apart than rounding makes them, an explanation is of another score. */
const tolerance = 1e-6;

/**
 * The strongest reasons of each row. Base and all contributions must sum to the score itself: checked for every row before anything is
 * told to anybody.
 */
export function explainRows(model: Classifier, table: FeatureTable, background: FeatureTable): SavedReasons[] {
  if (model.parts.length === 0)
    return Array.from({ length: table.rows }, () => ({ base: model.intercept, rest: 0, top: [] }));
  const { base, contributions, features } = explainClassifier(model, table, background);
  const isExact = model.parts.every(({ kind }) => kind !== 'network');
  const scores = scoreClassifier(model, table);
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return Array.from({ length: table.rows }, (_, row) => {
    const own = contributions.subarray(row * features, (row + 1) * features);
    const all = own.reduce((sum, one) => sum + one, 0);
    assert(
      !isExact || Math.abs(base + all - scores[row]!) <= tolerance * Math.max(1, Math.abs(scores[row]!)),
      `explainRows: reasons of row ${row} sum to ${base + all}, its score is ${scores[row]}`,
    );
    const order = Array.from(own.keys()).sort((a, b) => Math.abs(own[b]!) - Math.abs(own[a]!));
    const top = order.slice(0, reasonsMax).filter((feature) => own[feature] !== 0);
    const told = top.reduce((sum, feature) => sum + own[feature]!, 0);
    return {
      base,
      rest: scores[row]! - base - told,
      top: top.map((feature) => {
        const { name } = model.shapes[feature]!;
        return [name, cellOf(columns.get(name), row), own[feature]!] as const;
      }),
    };
  });
}

export function cellOf(column: FeatureTable['columns'][number] | undefined, row: number): number | string | null {
  if (!column) return null;
  if (column.kind === 'category') return column.levels[column.codes[row]!] ?? null;
  const value = column.values[row]!;
  return Number.isNaN(value) ? null : value;
}
