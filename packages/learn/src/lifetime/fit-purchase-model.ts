import { DomainError } from '../errors.ts';
import { type Minimum, minimise, type SmoothFunction } from '../numerics/minimise.ts';
import { minimiseSimplex } from '../numerics/minimise-simplex.ts';
import { buildLikelihoodTable } from './likelihood-table.ts';
import { computeParameterIntervals } from './parameter-intervals.ts';
import type { LikelihoodFamily } from './purchase-family.ts';
import { checkHistories, type MergedHistories, mergeHistories, type PurchaseHistories } from './purchase-histories.ts';
import {
  findLikelihoodFamily,
  getPurchaseFamily,
  listParameters,
  type PurchaseModel,
  type PurchaseModelKind,
} from './purchase-model.ts';
import { computeRate, computeSilence } from './simple-rates.ts';

export type FitPurchaseOptions = {
  readonly kind: PurchaseModelKind;
  /** Of the parameter intervals; 0.95 when absent. */
  readonly intervalLevel?: number;
  readonly iterationsMax?: number;
};

/**
 * Maximum likelihood for BG/NBD, MBG/NBD, Pareto/NBD and NBD (assumptions stand with each of them); the two rules are read off
 * the data. Equal histories are merged first, which changes nothing but the time it takes.
 *
 * @param histories one entry per customer; all times in one unit, in which the parameters and all predictions are, too.
 * @returns a model and a report; not converging is reported, not thrown. Whether the model may be trusted is another question:
 * `diagnosePurchaseModel`.
 * @throws ShapeError when lengths differ; DomainError on impossible histories (see `checkHistories`), for fewer than two
 * customers, and when nobody bought twice: there is no rate to learn.
 * Cost: O(n) to merge, then O(distinct histories) per iteration, about 30 iterations.
 */
export function fitPurchaseModel(histories: PurchaseHistories, options: FitPurchaseOptions): PurchaseModel {
  checkHistories(histories, 'fitPurchaseModel');
  return fitMergedHistories(mergeHistories(histories), options);
}

/** The same for histories already merged, when several models are fitted to them. */
export function fitMergedHistories(merged: MergedHistories, options: FitPurchaseOptions): PurchaseModel {
  const { kind, intervalLevel = 0.95, iterationsMax = 300 } = options;
  if (!(intervalLevel > 0 && intervalLevel < 1)) {
    throw new DomainError(`fitPurchaseModel: intervalLevel must be between 0 and 1, got ${intervalLevel}`);
  }
  getPurchaseFamily(kind); // an unknown kind is named before any work
  const customers = merged.weight.reduce((sum, weight) => sum + weight, 0);
  if (customers < 2) {
    throw new DomainError(`fitPurchaseModel: repeats holds ${customers} customer, at least 2 are needed`);
  }
  const rate = computeRate(merged);
  if (!(rate > 0)) {
    throw new DomainError('fitPurchaseModel: repeats is 0 for every customer, so there is no rate to learn');
  }
  const common = { kind, version: 1, customers, rows: merged.weight.length } as const;
  const family = findLikelihoodFamily(kind);
  if (!family) {
    const parameters: Record<string, number> = { rate };
    if (kind === 'recency-rule') parameters.silence = computeSilence(merged);
    return { ...common, parameters };
  }
  // Times in mean ages: the search sees the same numbers whether the caller counts weeks or milliseconds.
  const unit = merged.age.reduce((sum, age, row) => sum + age * merged.weight[row], 0) / customers;
  const inUnits = (times: Float64Array) => times.map((time) => time / unit);
  const scaled = { ...merged, recency: inUnits(merged.recency), age: inUnits(merged.age) };
  const loss = family.loss(buildLikelihoodTable(scaled));
  const found = search(loss, family.start(rate * unit), iterationsMax);
  const intervals = found.report.converged
    ? computeParameterIntervals(loss, found.point, customers, intervalLevel)
    : undefined;
  const unitOf = family.parameterNames.map((name) => (name === 'alpha' || name === 'beta' ? unit : 1));
  const backScaled = intervals?.map(({ low, high }, i) => ({ low: low * unitOf[i], high: high * unitOf[i] }));
  const purchases = merged.repeats.reduce((sum, repeats, row) => sum + repeats * merged.weight[row], 0);
  return {
    ...common,
    parameters: named(
      family,
      Array.from(found.point, (log, i) => Math.exp(log) * unitOf[i]),
    ),
    ...(backScaled ? { intervals: named(family, backScaled) } : {}),
    logLikelihood: -found.value * customers - purchases * Math.log(unit),
    report: found.report,
  };
}

/**
 * Log-likelihood of histories under given parameters, of this fit or of a published one.
 * @throws as `fitPurchaseModel`; DomainError for a model without a likelihood or with a parameter that is not above 0.
 */
export function computeLogLikelihood(
  model: Pick<PurchaseModel, 'kind' | 'parameters'>,
  histories: PurchaseHistories,
): number {
  checkHistories(histories, 'computeLogLikelihood');
  const family = findLikelihoodFamily(model.kind);
  if (!family) throw new DomainError(`computeLogLikelihood: ${model.kind} is a rule and has no likelihood`);
  const table = buildLikelihoodTable(mergeHistories(histories));
  const point = Float64Array.from(listParameters(model), Math.log);
  return -family.loss(table)(point, new Float64Array(point.length)) * table.customers;
}

/**
 * Parameters are sought from 7.5e-5 to 13,000 (times in mean ages). What lies beyond is told apart from the bound by no data: there
 * all customers are alike, or nobody ever leaves.
 */
const logBound = 9.5;

/** BFGS; on a ridge once more with a fresh view of the curvature, and where it is stuck a simplex walks out first. */
function search(loss: SmoothFunction, start: readonly number[], iterationsMax: number): Minimum {
  const options = { iterationsMax, bound: logBound };
  const found = minimise(loss, start.map(Math.log), options);
  if (found.report.converged) return found;
  const isRidge = found.report.reason === 'no_progress' && found.report.gradientMax < 1e-3;
  const finished = minimise(loss, isRidge ? found.point : walkOut(loss, found.point), options);
  return finished.value <= found.value ? finished : found;
}

function walkOut(loss: SmoothFunction, from: Float64Array): Float64Array {
  const unused = new Float64Array(from.length);
  const isInside = (point: Float64Array) => point.every((x) => Math.abs(x) <= logBound);
  const lossInside = (point: Float64Array) => (isInside(point) ? loss(point, unused) : Number.POSITIVE_INFINITY);
  return minimiseSimplex(lossInside, from, { iterationsMax: 200 }).point;
}

function named<Value>(family: LikelihoodFamily, values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(family.parameterNames.map((name, i) => [name, values[i]]));
}
