import {
  backtestPurchases,
  type ChosenPurchaseModel,
  choosePurchaseModel,
  countPurchases,
  DomainError,
  diagnosePurchaseModel,
  fitGammaGamma,
  fitPurchaseModel,
  type LifetimeModelKind,
  lifetimeModels,
  type PurchaseModel,
  predictPurchases,
  predictSpend,
  type SpendModel,
} from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { parseDay, readPurchases } from './read-purchases.ts';
import { type PurchaseDays, takePurchaseDays } from './take-purchase-days.ts';

export type ClvOptions = {
  data: string;
  /** Last day the models may see, and last day they are measured on. */
  calibrationEnd: string;
  observationEnd: string;
  model: string;
  /** Of all times and of the parameters alpha and beta. */
  unit: string;
};

export type ClvEvaluation = Record<string, number | string | null>;

const daysOf: Record<string, number> = { day: 1, week: 7 };

/**
 * Fits on purchases up to one day, foretells those up to another, and measures. `auto` serves the model that won a backtest
 * inside the calibration time, or the best simple baseline where none can be trusted; the days after are never looked at for it.
 */
export async function evaluateClv(options: ClvOptions): Promise<ClvEvaluation> {
  const calibrationEnd = dayOption('--calibration-end', options.calibrationEnd);
  const observationEnd = dayOption('--observation-end', options.observationEnd);
  if (observationEnd <= calibrationEnd) {
    throw invalid('--observation-end', `must be after --calibration-end, got ${options.observationEnd}`);
  }
  const asked = lifetimeModels.find((kind) => kind === options.model);
  if (!asked && options.model !== 'auto') {
    throw invalid('--model', `must be auto or one of ${lifetimeModels.join(', ')}, got ${options.model}`);
  }
  const unitDays = Object.hasOwn(daysOf, options.unit) ? daysOf[options.unit] : undefined;
  if (!unitDays) throw invalid('--unit', `must be day or week, got ${options.unit}`);

  const days = takePurchaseDays(await readPurchases(options.data), observationEnd);
  const purchases = { customer: days.customer, time: days.day.map((day) => day / unitDays) };
  const until = calibrationEnd / unitDays;
  const horizon = (observationEnd - calibrationEnd) / unitDays;

  const fitStart = performance.now();
  const chosen = named(() => choosePurchaseModel(purchases, { until, ...(asked ? { models: [asked] } : {}) }));
  const { histories } = chosen;
  const model = asked ? fitPurchaseModel(histories, { kind: asked }) : chosen.model;
  const fitSeconds = (performance.now() - fitStart) / 1000;

  const actual = countPurchases(purchases, histories.customer, { from: until, to: until + horizon });
  const error = backtestPurchases(model, histories, actual, horizon);
  const baseline = backtestPurchases(
    fitPurchaseModel(histories, { kind: chosen.bestBaseline }),
    histories,
    actual,
    horizon,
  );
  const problems = diagnosePurchaseModel(model, histories);
  return {
    task: 'clv',
    model: model.kind,
    ...describeChoice(chosen, asked),
    unit: options.unit,
    customers: histories.customer.length,
    repeatCustomers: histories.repeats.filter((repeats) => repeats > 0).length,
    ...describeParameters(model),
    logLikelihood: model.logLikelihood ?? null,
    converged: model.report ? String(model.report.converged) : null,
    problems: problems.length === 0 ? null : problems.map(({ says }) => says).join('; '),
    holdoutActual: error.actual,
    holdoutPredicted: error.predicted,
    holdoutMae: error.mae,
    holdoutRmse: error.rmse,
    holdoutCorrelation: error.correlation,
    repurchaseAuc: error.aucOfPurchases ?? null,
    aliveAuc: error.aucOfAlive ?? null,
    baseline: chosen.bestBaseline,
    baselinePredicted: baseline.predicted,
    baselineMae: baseline.mae,
    baselineRmse: baseline.rmse,
    ...describeMoney(days, chosen, model, { calibrationEnd, observationEnd, horizon }),
    rowsAfterObservationEnd: days.rowsAfter,
    refundDays: days.refundDays,
    fitSeconds,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  };
}

function describeChoice(chosen: ChosenPurchaseModel, asked: LifetimeModelKind | undefined): ClvEvaluation {
  const aliveUsable = String(
    asked
      ? chosen.candidates.every(({ kind, problems }) => kind !== asked || problems.length === 0)
      : chosen.isAliveUsable,
  );
  return {
    reason: asked ? 'asked for by --model' : chosen.reason,
    aliveUsable,
    ...Object.fromEntries(chosen.candidates.map(({ kind, backtest }) => [`validationRmse ${kind}`, backtest.rmse])),
  };
}

function describeParameters({ parameters, intervals }: PurchaseModel): ClvEvaluation {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => {
      const interval = intervals?.[name];
      return interval
        ? [
            [name, value],
            [`${name} low`, interval.low],
            [`${name} high`, interval.high],
          ]
        : [[name, value]];
    }),
  );
}

/** Gamma-Gamma of what a purchase is worth, and revenue foretold against revenue that came. */
function describeMoney(
  days: PurchaseDays,
  { histories }: ChosenPurchaseModel,
  model: PurchaseModel,
  time: { calibrationEnd: number; observationEnd: number; horizon: number },
): ClvEvaluation {
  if (!days.amount) return {};
  const spent = days.sumRepeatSpend(histories.customer, time.calibrationEnd);
  // Refunds can eat up all somebody spent; the model knows positive values only. Such customers are counted and left out.
  const isOut = (i: number) => (histories.repeats[i] ?? 0) > 0 && !((spent[i] ?? 0) > 0);
  const repeats = histories.repeats.map((count, i) => (isOut(i) ? 0 : count));
  const spend = {
    repeats,
    meanSpend: repeats.map((count, i) => (count === 0 ? 0 : meanInCents(spent[i] ?? 0, count))),
  };
  const left = { spendCustomersLeftOut: histories.repeats.filter((_, i) => isOut(i)).length };
  let money: SpendModel;
  let value: Float64Array;
  try {
    money = fitGammaGamma(spend);
    value = predictSpend(money, spend);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    return { spendModel: null, spendProblem: cause.message, ...left };
  }
  const purchases = predictPurchases(model, histories, time.horizon);
  return {
    spendModel: money.kind,
    ...money.parameters,
    spendLogLikelihood: money.logLikelihood,
    spendCustomers: money.customers,
    spendFrequencyCorrelation: money.correlation,
    ...left,
    holdoutRevenueActual: days.sumSpend(histories.customer, time.calibrationEnd, time.observationEnd),
    holdoutRevenuePredicted: purchases.reduce((sum, count, i) => sum + count * (value[i] ?? 0), 0),
  };
}

/** Half up to whole cents where money is in cents: what published summaries hold, so that published fits come out to the digit. */
function meanInCents(total: number, count: number): number {
  const cents = Math.round(total * 100);
  const isExact = Math.abs(total * 100 - cents) < 1e-6 * cents;
  return isExact && total >= count ? Math.floor((2 * cents + count) / (2 * count)) / 100 : total / count;
}

/** What `learn` refuses is wrong with the data, so the file is named. */
function named<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new AppError('input.invalid', `--data: can't carry a lifetime model: ${cause.message}`, {
      cause,
      details: {
        field: '--data',
        fix: 'Give a longer history, or more customers who bought again, before --calibration-end.',
      },
    });
  }
}

function dayOption(name: string, text: string): number {
  const day = parseDay(text);
  if (day === undefined) throw invalid(name, `must be a date such as 2026-01-31, got ${text}`);
  return day;
}

function invalid(field: string, what: string): AppError {
  return new AppError('input.invalid', `${field}: ${what}`, { details: { field } });
}
