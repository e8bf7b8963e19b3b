import { DomainError } from '../errors.ts';
import { backtestPurchases, type PurchaseBacktest } from './backtest-purchases.ts';
import { type BuiltHistories, buildHistories, countPurchases, type Purchases } from './build-histories.ts';
import { diagnosePurchaseModel, type ModelProblem } from './diagnose-purchase-model.ts';
import { fitPurchaseModel } from './fit-purchase-model.ts';
import {
  type LifetimeModelKind,
  lifetimeModels,
  type PurchaseBaselineKind,
  type PurchaseModel,
  type PurchaseModelKind,
  purchaseBaselines,
} from './purchase-model.ts';

export type ChosenPurchaseModel = {
  /** Fitted on all purchases up to `until`. */
  readonly model: PurchaseModel;
  readonly histories: BuiltHistories;
  readonly isBaseline: boolean;
  /** False when P(alive) must not be shown or used. */
  readonly isAliveUsable: boolean;
  /** One sentence for the screen: why this model serves. */
  readonly reason: string;
  readonly candidates: readonly PurchaseCandidate[];
  /** The simple model to beat: the best of the baselines in the backtest. */
  readonly bestBaseline: PurchaseBaselineKind;
};

export type PurchaseCandidate = {
  readonly kind: PurchaseModelKind;
  /** How well it foretold the last part of the time before `until`. */
  readonly backtest: PurchaseBacktest;
  /** Why it can't be trusted, on the part or on the whole. */
  readonly problems: readonly ModelProblem[];
};

export type ChooseOptions = {
  /** End of what is known; later purchases are never looked at. */
  readonly until: number;
  readonly models?: readonly LifetimeModelKind[];
  /** Share of the time that is held back for the backtest; 1/3 when absent. */
  readonly validationShare?: number;
};

/**
 * A model earns its place: each is fitted on the first part of the time, foretells the rest, and the one with the smallest root
 * mean squared error serves, fitted again on the whole. (Squared, because an expected number is what minimises it; the absolute
 * error is minimised by the median, which for most customers is 0.) A lifetime model that is degenerate on either fit is out,
 * and one that does not beat the best baseline is, too.
 *
 * @throws as `buildHistories` and `fitPurchaseModel`; DomainError when options are out of range or no time is left to hold back.
 */
export function choosePurchaseModel(purchases: Purchases, options: ChooseOptions): ChosenPurchaseModel {
  const { until, models = lifetimeModels, validationShare = 1 / 3 } = options;
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new DomainError(`choosePurchaseModel: validationShare must be between 0 and 1, got ${validationShare}`);
  }
  const histories = buildHistories(purchases, until);
  const begin = histories.birth.reduce((least, time) => Math.min(least, time), until);
  if (begin === until) {
    throw new DomainError(
      `choosePurchaseModel: all purchases are at until (${until}), no time has passed to learn from`,
    );
  }
  const cut = until - validationShare * (until - begin);
  const known = buildHistories(purchases, cut);
  const came = countPurchases(purchases, known.customer, { from: cut, to: until });

  const fitted = [...models, ...purchaseBaselines].map((kind) => {
    const part = fitPurchaseModel(known, { kind });
    const whole = fitPurchaseModel(histories, { kind });
    const problems = uniqueProblems([
      ...diagnosePurchaseModel(whole, histories),
      ...diagnosePurchaseModel(part, known),
    ]);
    return { kind, whole, problems, backtest: backtestPurchases(part, known, came, until - cut) };
  });
  const isBaseline = (kind: PurchaseModelKind) => purchaseBaselines.some((baseline) => baseline === kind);
  const bestOf = (candidates: typeof fitted) =>
    candidates.reduce((best, candidate) => (candidate.backtest.rmse < best.backtest.rmse ? candidate : best));
  const baseline = bestOf(fitted.filter(({ kind }) => isBaseline(kind)));
  const lifetime = fitted.filter(({ kind }) => !isBaseline(kind));
  const usable = lifetime.filter(({ problems }) => problems.length === 0);
  const best = bestOf([...usable, baseline]);
  const servesBaseline = isBaseline(best.kind);
  return {
    model: best.whole,
    histories,
    isBaseline: servesBaseline,
    isAliveUsable: !servesBaseline,
    reason: explain(best, baseline, lifetime),
    candidates: fitted.map(({ kind, backtest, problems }) => ({ kind, backtest, problems })),
    bestBaseline: baseline.kind as PurchaseBaselineKind,
  };
}

function explain(best: PurchaseCandidate, baseline: PurchaseCandidate, lifetime: readonly PurchaseCandidate[]): string {
  const error = ({ backtest }: PurchaseCandidate) => backtest.rmse.toPrecision(4);
  if (best.kind !== baseline.kind) {
    return `${best.kind} foretold the held back time best (error ${error(best)}, best baseline ${baseline.kind} ${error(baseline)})`;
  }
  const refused = lifetime
    .filter(({ problems }) => problems.length > 0)
    .map(({ kind, problems }) => `${kind}: ${problems.map(({ says }) => says).join(' and ')}`);
  const beaten = lifetime
    .filter(({ problems }) => problems.length === 0)
    .map((candidate) => `${candidate.kind} foretold the held back time worse (error ${error(candidate)})`);
  return [
    `${baseline.kind} serves (error ${error(baseline)}), because no lifetime model can be trusted here`,
    ...refused,
    ...beaten,
  ].join('; ');
}

function uniqueProblems(problems: readonly ModelProblem[]): ModelProblem[] {
  return problems.filter(({ code }, i) => problems.findIndex((other) => other.code === code) === i);
}
