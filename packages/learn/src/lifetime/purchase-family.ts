import type { SmoothFunction } from '../numerics/minimise.ts';
import type { LikelihoodTable } from './likelihood-table.ts';

/**
 * One way in which purchases may come about. All families answer the same questions, so that fitting, prediction, tracking and
 * backtests are written once. Parameters are positive and ordered as in `parameterNames`;
 * `alpha` and `beta` are times.
 */
export type PurchaseFamily = {
  readonly parameterNames: readonly string[];
  /** Chance that a customer with this history still buys. */
  alive(parameters: readonly number[], repeats: number, recency: number, age: number): number;
  /** Purchases expected in the next `horizon` from a customer with this history. */
  expected(parameters: readonly number[], repeats: number, recency: number, age: number, horizon: number): number;
  /** Repeat purchases expected in the first `time` after the first purchase, of a customer of whom nothing else is known. */
  expectedOfNewcomer(parameters: readonly number[], time: number): number;
};

/** A family with a likelihood. */
export type LikelihoodFamily = PurchaseFamily & {
  /** Where the search begins, with times in mean ages; `rate` is repeats per mean age over all customers. */
  start(rate: number): number[];
  /** Minus the mean log-likelihood per customer and its gradient, both in the logarithms of the parameters. */
  loss(table: LikelihoodTable): SmoothFunction;
};
