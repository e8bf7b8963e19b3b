import type { SparseMatrix, TopKRows } from '@zhiyin/kernels';
import { DomainError } from '../errors.ts';
import { type Interactions, transpose } from './interactions.ts';
import type { ItemWeights } from './item-weights.ts';
import type { FitTools } from './recommender.ts';

export type WalkOptions = {
  /** How strongly what many have is discounted where a walk starts, at the people on its way, and where it ends: 0 not at all. */
  readonly sourceExponent: number;
  readonly personExponent: number;
  readonly targetExponent: number;
  /** Links kept per item. */
  readonly linksMax: number;
  /** `source`: each item keeps the links it speaks for most. `target`: each item keeps those that speak for it most. */
  readonly keepBy: 'source' | 'target';
  /** Whether an item speaks for itself. */
  readonly withItself?: boolean;
};

/**
 * Two steps on the graph of people and items, from an item over the people who have it to what else they have:
 * W_ji = Σ_u (r_uj / d_j^source) (1 / d_u^person) (r_ui / d_i^target), d the sum of weights of an item or a person.
 * Row j lists what having j speaks for. Never dense. Cost: Σ over people of (entries)².
 * @throws DomainError when a weight is negative or not finite, or an option is out of range.
 */
export function walkWeights(interactions: Interactions, options: WalkOptions, { kernels }: FitTools): ItemWeights {
  const { sourceExponent, personExponent, targetExponent, linksMax, keepBy, withItself = false } = options;
  checkInteractions('walkWeights', interactions);
  checkNumbers('walkWeights', { sourceExponent, personExponent, targetExponent });
  checkPositiveInteger('walkWeights', 'linksMax', linksMax);
  const { users, items, offsets } = interactions;
  const columns = transpose(interactions);
  const itemDegree = rowSums(columns);
  const personPower = powers(rowSums(interactions), -personExponent);
  const [from, to] = keepBy === 'source' ? [sourceExponent, targetExponent] : [targetExponent, sourceExponent];
  const left = sparse(columns, items, users, powers(itemDegree, -from), personPower);
  const right: SparseMatrix = {
    rows: users,
    columns: items,
    offsets,
    columnOf: interactions.itemOf,
    weightOf: interactions.weightOf,
  };
  const k = Math.min(linksMax, Math.max(1, items));
  const columnNorm = Float32Array.from(powers(itemDegree, to), (norm) => (norm > 0 ? norm : 1));
  const kept = kernels.sparseProductTopK({ left, right, k, columnNorm, skipDiagonal: !withItself });
  return keepBy === 'source' ? rowsOf(items, kept) : turned(rowsOf(items, kept));
}

/** Σ of weights per row. */
export function rowSums(matrix: Interactions): Float64Array {
  const sums = new Float64Array(matrix.users);
  for (let row = 0; row < matrix.users; row++) {
    for (let at = matrix.offsets[row]; at < matrix.offsets[row + 1]; at++) sums[row] += matrix.weightOf[at];
  }
  return sums;
}

/** degree^exponent; 0 where nobody is. */
export function powers(degree: Float64Array, exponent: number): Float32Array {
  return Float32Array.from(degree, (sum) => (sum > 0 ? sum ** exponent : 0));
}

/** @throws DomainError when a weight is negative or not finite. */
export function checkInteractions(where: string, { weightOf }: Interactions): void {
  for (let at = 0; at < weightOf.length; at++) {
    if (!(weightOf[at] >= 0 && weightOf[at] < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`${where}: weights must be 0 or more and finite, entry ${at} is ${weightOf[at]}`);
    }
  }
}

export function checkNumbers(where: string, values: Record<string, number>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isFinite(value)) throw new DomainError(`${where}: ${name} must be a finite number, got ${value}`);
  }
}

export function checkPositiveInteger(where: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new DomainError(`${where}: ${name} must be a positive integer, got ${value}`);
  }
}

function sparse(
  matrix: Interactions,
  rows: number,
  columns: number,
  rowScale: Float32Array,
  columnScale: Float32Array,
): SparseMatrix {
  const weightOf = new Float32Array(matrix.itemOf.length);
  for (let row = 0; row < rows; row++) {
    for (let at = matrix.offsets[row]; at < matrix.offsets[row + 1]; at++) {
      weightOf[at] = rowScale[row] * columnScale[matrix.itemOf[at]] * matrix.weightOf[at];
    }
  }
  return { rows, columns, offsets: matrix.offsets, columnOf: matrix.itemOf, weightOf };
}

function rowsOf(items: number, { k, column, score, count }: TopKRows): ItemWeights {
  const offsets = new Uint32Array(items + 1);
  for (let row = 0; row < items; row++) offsets[row + 1] = offsets[row] + count[row];
  const itemOf = new Uint32Array(offsets[items]);
  const weightOf = new Float32Array(offsets[items]);
  for (let row = 0; row < items; row++) {
    itemOf.set(column.subarray(row * k, row * k + count[row]), offsets[row]);
    weightOf.set(score.subarray(row * k, row * k + count[row]), offsets[row]);
  }
  return { items, offsets, itemOf, weightOf };
}

function turned({ items, offsets, itemOf, weightOf }: ItemWeights): ItemWeights {
  const back = transpose({ users: items, items, offsets, itemOf, weightOf });
  return { items, offsets: back.offsets, itemOf: back.itemOf, weightOf: back.weightOf };
}
