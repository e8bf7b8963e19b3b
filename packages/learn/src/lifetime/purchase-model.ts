import { DomainError } from '../errors.ts';
import type { SearchReport } from '../numerics/minimise.ts';
import { bgNbd, mbgNbd } from './beta-geometric.ts';
import { nbd } from './nbd.ts';
import type { ParameterInterval } from './parameter-intervals.ts';
import { paretoNbd } from './pareto-nbd.ts';
import type { LikelihoodFamily, PurchaseFamily } from './purchase-family.ts';
import { averageRate, recencyRule } from './simple-rates.ts';

/** Models in which customers leave. */
export const lifetimeModels = ['bg-nbd', 'mbg-nbd', 'pareto-nbd'] as const;
/** What serves when those can't be trusted, simplest last but one. */
export const purchaseBaselines = ['nbd', 'average-rate', 'recency-rule'] as const;

export type LifetimeModelKind = (typeof lifetimeModels)[number];
export type PurchaseBaselineKind = (typeof purchaseBaselines)[number];
export type PurchaseModelKind = LifetimeModelKind | PurchaseBaselineKind;

/** What `fitPurchaseModel` returns: plain data, in the unit of time of the histories it came from. */
export type PurchaseModel = {
  readonly kind: PurchaseModelKind;
  readonly version: 1;
  readonly parameters: Readonly<Record<string, number>>;
  /** By parameter; absent when the likelihood is too flat to say, and for models without one. */
  readonly intervals?: Readonly<Record<string, ParameterInterval>>;
  readonly logLikelihood?: number;
  readonly report?: SearchReport;
  readonly customers: number;
  /** Distinct histories among them. */
  readonly rows: number;
};

const likelihoodFamilies: Record<LifetimeModelKind | 'nbd', LikelihoodFamily> = {
  'bg-nbd': bgNbd,
  'mbg-nbd': mbgNbd,
  'pareto-nbd': paretoNbd,
  nbd,
};

/** Undefined for models without a likelihood. */
export function findLikelihoodFamily(kind: PurchaseModelKind): LikelihoodFamily | undefined {
  return kind === 'average-rate' || kind === 'recency-rule' ? undefined : likelihoodFamilies[kind];
}

export function getPurchaseFamily(kind: PurchaseModelKind): PurchaseFamily {
  if (kind === 'average-rate') return averageRate;
  if (kind === 'recency-rule') return recencyRule;
  const family = Object.hasOwn(likelihoodFamilies, kind) ? likelihoodFamilies[kind] : undefined;
  if (family) return family;
  const known = [...lifetimeModels, ...purchaseBaselines].join(', ');
  throw new DomainError(`getPurchaseFamily: kind must be one of ${known}, got ${String(kind)}`);
}

/** Parameters in the order of the family. */
export function listParameters(model: Pick<PurchaseModel, 'kind' | 'parameters'>): number[] {
  return getPurchaseFamily(model.kind).parameterNames.map((name) => {
    const value = model.parameters[name];
    if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
    if (value === 0 && name === 'silence') return value;
    throw new DomainError(`${model.kind}: parameter ${name} must be above 0 and finite, got ${value}`);
  });
}
