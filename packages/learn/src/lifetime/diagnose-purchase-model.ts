import { fitMergedHistories } from './fit-purchase-model.ts';
import { buildLikelihoodTable } from './likelihood-table.ts';
import { predictAlive } from './predict-purchases.ts';
import { checkHistories, mergeHistories, type PurchaseHistories } from './purchase-histories.ts';
import { getPurchaseFamily, lifetimeModels, type PurchaseModel } from './purchase-model.ts';

export type ModelProblemCode =
  | 'not_converged'
  | 'too_few_repeaters'
  | 'no_leaving_seen'
  | 'parameters_run_away'
  | 'alive_says_nothing';

export type ModelProblem = { readonly code: ModelProblemCode; readonly says: string };

/** Fewer customers with repeats than this carry no four parameters. */
const repeatersMin = 30;
/** A real gain over the model in which nobody leaves: chi-square with 2 degrees of freedom at 1 %, half of 9.21. */
const logLikelihoodGainMin = Math.log(100);
/** A parameter, or the chance to leave, outside says "there is no such spread" rather than "the spread is this". */
const sensibleRange = { low: 1e-3, high: 5e3 };
/** If nine in ten repeat customers get the same P(alive) within this, it tells nobody apart. */
const aliveSpreadMin = 0.02;

/**
 * Whether the part of a lifetime model that says who has left can be trusted on these histories. The classic trap is a set where
 * leaving can't be told from slow buying: `a` runs to 0 or `b` to infinity, the fit looks fine, expected purchases are those of
 * the NBD, and P(alive) is close to 1 for all and, worse, lower for better customers.
 *
 * @param model fitted to these histories; a baseline never has problems here.
 * @returns every reason against it; none means usable. Cost: one NBD fit.
 */
export function diagnosePurchaseModel(model: PurchaseModel, histories: PurchaseHistories): ModelProblem[] {
  checkHistories(histories, 'diagnosePurchaseModel');
  if (!lifetimeModels.some((kind) => kind === model.kind)) return [];
  const merged = mergeHistories(histories);
  const problems: ModelProblem[] = [];
  const report = (code: ModelProblemCode, says: string) => problems.push({ code, says });

  if (model.report && !model.report.converged) {
    report('not_converged', `the search ended after ${model.report.iterations} steps without a best fit`);
  }
  const { counts, countWeight } = buildLikelihoodTable(merged);
  const repeaters = countWeight.reduce((sum, weight, i) => sum + (counts[i] > 0 ? weight : 0), 0);
  if (repeaters < repeatersMin) {
    report('too_few_repeaters', `only ${repeaters} customers bought again, at least ${repeatersMin} are needed`);
  }
  const withoutLeaving = fitMergedHistories(merged, { kind: 'nbd' });
  const gain = (model.logLikelihood ?? Number.NEGATIVE_INFINITY) - (withoutLeaving.logLikelihood ?? 0);
  if (!(gain >= logLikelihoodGainMin)) {
    report(
      'no_leaving_seen',
      `a model in which nobody ever leaves explains the data as well (log-likelihood differs by ${Math.round(gain * 100) / 100 || 0})`,
    );
  }
  const runaway = describeRunaway(model);
  if (runaway) report('parameters_run_away', runaway);
  const spread = spreadOfAlive(model, histories);
  if (spread !== undefined && spread < aliveSpreadMin) {
    report('alive_says_nothing', `P(alive) is the same for nine in ten repeat customers within ${spread.toFixed(4)}`);
  }
  return problems;
}

/** Times (alpha, beta) scale with their unit, so only their bound tells; a and b matter through the mean chance to leave. */
function describeRunaway({ kind, parameters, report }: PurchaseModel): string | undefined {
  if (kind === 'pareto-nbd') {
    const names = getPurchaseFamily(kind).parameterNames;
    const isAway = (name: string) => parameters[name] < sensibleRange.low || parameters[name] > sensibleRange.high;
    const isTime = (name: string) => name === 'alpha' || name === 'beta';
    const away = names.filter((name, i) => report?.atBound.includes(i) || (!isTime(name) && isAway(name)));
    if (away.length === 0) return undefined;
    return `parameters ran away: ${away.map((name) => `${name} ${parameters[name].toPrecision(3)}`).join(', ')}`;
  }
  const { r, a, b } = parameters;
  const chance = a / (a + b);
  if (chance < sensibleRange.low || chance > 1 - sensibleRange.low) {
    return `the chance to leave after a purchase came out as ${chance.toPrecision(2)} (a ${a.toPrecision(3)}, b ${b.toPrecision(3)})`;
  }
  if (Math.max(r, a, b) < sensibleRange.high) return undefined;
  return `parameters ran away: r ${r.toPrecision(3)}, a ${a.toPrecision(3)}, b ${b.toPrecision(3)}`;
}

/** Distance between the 5 % and the 95 % quantile of P(alive) over customers with repeats. */
function spreadOfAlive(model: PurchaseModel, histories: PurchaseHistories): number | undefined {
  const alive = predictAlive(model, histories)
    .filter((_, i) => histories.repeats[i] > 0)
    .sort();
  if (alive.length === 0) return undefined;
  return alive[Math.floor(0.95 * (alive.length - 1))] - alive[Math.ceil(0.05 * (alive.length - 1))];
}
