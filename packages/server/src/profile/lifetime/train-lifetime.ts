import type { LifetimeCard, PlainFigures, PredictionCard } from '@zhiyin/contract';
import {
  buildHistories,
  type ChosenPurchaseModel,
  choosePurchaseModel,
  DomainError,
  fitGammaGamma,
  fitPurchaseModel,
  type PurchaseModel,
  type SpendModel,
  trackCohort,
} from '@zhiyin/learn';
import { say } from '../predictions/prediction.ts';
import { measureSpread } from '../predictions/spread.ts';
import { emptyCard } from '../predictions/train/empty-card.ts';
import { Refusal } from '../predictions/train/refusal.ts';
import type { Learning, TrainTask } from '../predictions/train/train-prediction.ts';
import { quantile } from '../predictions/train/train-yes-no.ts';
import { predictValue } from './predict-value.ts';
import { dayNumber, dayText, type PurchaseDays, readPurchases } from './read-purchases.ts';
import { meanPurchase, sumSpent, toSpend } from './spend-histories.ts';

const customersMin = 100;
const repeatersMin = 30;
const daysMin = 28;
const weeksMax = 160;

/**
 * Lifetime value from the brand's own orders: the model of purchases that won the backtest, or the simple rule where none can be trusted,
 * times a model of what a purchase is worth.
 */
export async function trainLifetime(task: TrainTask): Promise<Learning> {
  const { events, extent, plan, definition, progress } = task;
  const startedAt = performance.now();
  const workspace = { id: task.workspaceId, currency: plan.currency, timeZone: plan.timeZone };
  const purchases = await readPurchases(events, workspace, extent.until, task.share);
  const until = dayNumber(extent.until, plan.timeZone);
  refuseTooFew(purchases);
  progress('choose', 0.3);
  const log = { customer: purchases.customer, time: purchases.day };
  const chosen = choosePurchaseModel(log, { until });
  progress('fit', 0.7);
  const money = fitMoney(purchases, chosen, until);
  progress('test', 0.8);
  const tested = testMoney(purchases, chosen, until, definition.horizonDays);
  const learned = {
    kind: 'lifetime',
    model: { kind: chosen.model.kind, version: chosen.model.version, parameters: chosen.model.parameters },
    spend: money ? { parameters: money.parameters } : null,
    meanValue: meanPurchase(purchases),
    isAliveUsable: chosen.isAliveUsable,
  } as const;
  const { value } = predictValue(learned, purchases, until, definition.horizonDays);
  const sorted = value.toSorted();
  const levels = { high: quantile(sorted, 0.9), medium: quantile(sorted, 0.5) };
  const refused = chosen.candidates.filter(({ problems }) => problems.length > 0);
  const baseline = figureOf(chosen, chosen.bestBaseline);
  const card: PredictionCard = {
    ...emptyCard,
    method: chosen.model.kind,
    baseline: chosen.bestBaseline,
    earnsItsPlace: !chosen.isBaseline,
    verdict: say(
      chosen.isBaseline ? (refused.length > 0 ? 'lifetime_degenerate' : 'lifetime_baseline') : 'lifetime_wins',
      {
        method: chosen.model.kind,
        baseline: chosen.bestBaseline,
        error: figureOf(chosen, chosen.model.kind),
        baselineError: baseline,
      },
    ),
    data: {
      cuts: [
        {
          at: extent.until.toISOString(),
          people: chosen.histories.customer.length,
          positives: chosen.histories.repeats.filter((count) => count > 0).length,
        },
      ],
      people: purchases.people.length,
      features: 3,
      share: task.share,
    },
    plain: chosen.candidates.map(
      ({ kind, backtest, problems }): PlainFigures => ({
        name: kind,
        measure: 'rmse',
        value: backtest.rmse,
        problems: problems.map(({ code }) => code),
      }),
    ),
    lifetime: {
      model: chosen.model.kind,
      isBaseline: chosen.isBaseline,
      isAliveUsable: chosen.isAliveUsable,
      parameters: listParameters(chosen.model),
      spend: money && { parameters: listParameters(money), customers: money.customers, correlation: money.correlation },
      ...track(log, chosen.model.kind, until, definition.horizonDays),
      ...tested,
    },
    limits: [
      ...(money ? [] : [say('no_money_model')]),
      ...(money && Math.abs(money.correlation) > 0.2
        ? [say('money_correlated', { correlation: money.correlation })]
        : []),
      ...(tested.capture && tested.capture.pastSpend >= tested.capture.model
        ? [say('past_spend_ranks_better', tested.capture)]
        : []),
      ...(tested.capture ? [] : [say('no_money_backtest')]),
      say('history_begins', { day: dayText(purchases.day.reduce((least, day) => Math.min(least, day), until)) }),
    ],
    levels,
    fitSeconds: (performance.now() - startedAt) / 1_000,
  };
  return {
    card,
    bundle: { learned, levels, spread: measureSpread(asTable(chosen), value) },
    serves: true,
  };
}

function refuseTooFew({ people, customer }: PurchaseDays): void {
  if (people.length < customersMin)
    throw new Refusal(say('few_customers', { found: people.length, needed: customersMin }));
  let repeaters = 0;
  for (let i = 1; i < customer.length; i += 1) {
    if (customer[i] === customer[i - 1] && (i < 2 || customer[i - 2] !== customer[i])) repeaters += 1;
  }
  if (repeaters < repeatersMin) throw new Refusal(say('few_repeaters', { found: repeaters, needed: repeatersMin }));
}

/** Undefined where values of purchases carry no model, or its mean does not exist. */
function fitMoney(purchases: PurchaseDays, { histories }: ChosenPurchaseModel, until: number): SpendModel | null {
  try {
    const model = fitGammaGamma(toSpend(purchases, histories, until));
    return model.report.converged && model.parameters.q > 1.05 ? model : null;
  } catch (cause) {
    if (cause instanceof DomainError) return null;
    throw cause;
  }
}

/** One horizon back: who brought the money then, by the model and by what people had spent so far. */
function testMoney(
  purchases: PurchaseDays,
  chosen: ChosenPurchaseModel,
  until: number,
  horizonDays: number,
): Pick<LifetimeCard, 'capture' | 'revenue'> {
  const cut = until - horizonDays;
  const begin = purchases.day.reduce((least, day) => Math.min(least, day), until);
  if (cut - begin < daysMin) return { capture: null, revenue: null };
  const log = { customer: purchases.customer, time: purchases.day };
  const histories = buildHistories(log, cut);
  const model = fitPurchaseModel(histories, { kind: chosen.model.kind });
  const spend = fitMoney(purchases, { ...chosen, histories }, cut);
  const { value } = predictValue({ model, spend, meanValue: meanPurchase(purchases) }, purchases, cut, horizonDays);
  const came = sumSpent(purchases, cut, until);
  const before = sumSpent(purchases, begin - 1, cut);
  const actual = Float64Array.from(histories.customer, (customer) => came[customer]!);
  const past = Float64Array.from(histories.customer, (customer) => before[customer]!);
  const sum = (values: Float64Array) => values.reduce((total, one) => total + one, 0);
  return {
    capture: sum(actual) > 0 ? { model: captureOfTenth(value, actual), pastSpend: captureOfTenth(past, actual) } : null,
    revenue: { foretold: sum(value), came: sum(actual) },
  };
}

function captureOfTenth(scores: Float64Array, actual: Float64Array): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const top = order.subarray(0, Math.max(1, Math.round(order.length / 10)));
  const all = actual.reduce((sum, one) => sum + one, 0);
  return top.reduce((sum, row) => sum + actual[row]!, 0) / all;
}

/** Fitted on all but the last horizon (or third), followed over everything: the plot on which one sees whether a model tracks reality. */
function track(
  log: { customer: Uint32Array; time: Int32Array },
  kind: PurchaseModel['kind'],
  until: number,
  horizonDays: number,
): Pick<LifetimeCard, 'track' | 'fittedUntil'> {
  const begin = log.time.reduce((least, day) => Math.min(least, day), until);
  const fittedUntil = Math.round(until - Math.min(horizonDays, (until - begin) / 3));
  const model = fitPurchaseModel(buildHistories(log, fittedUntil), { kind });
  const weeks = Math.floor((until - begin) / 7);
  const step = 7 * Math.max(1, Math.ceil(weeks / weeksMax));
  const steps = Math.floor((until - begin) / step);
  const { endsAt, expected, actual } = trackCohort(model, log, { from: begin, step, steps });
  return {
    fittedUntil: dayText(fittedUntil),
    track: Array.from(endsAt, (end, i) => ({ day: dayText(end), expected: expected[i]!, actual: actual[i]! })),
  };
}

const figureOf = (chosen: ChosenPurchaseModel, kind: string): number =>
  chosen.candidates.find((candidate) => candidate.kind === kind)?.backtest.rmse ?? 0;

function listParameters(model: {
  readonly parameters: Readonly<Record<string, number>>;
  readonly intervals?: Readonly<Record<string, { low: number; high: number }>>;
}): LifetimeCard['parameters'] {
  return Object.entries(model.parameters).map(([name, value]) => ({
    name,
    value,
    interval: intervalOf(model.intervals?.[name]),
  }));
}

/** An interval without an end (a curvature of nothing) says nothing. */
const intervalOf = (interval: { low: number; high: number } | undefined) =>
  interval && Number.isFinite(interval.low) && Number.isFinite(interval.high)
    ? { low: interval.low, high: interval.high }
    : null;

const asTable = ({ histories }: ChosenPurchaseModel) => ({
  rows: histories.customer.length,
  columns: [
    { kind: 'number' as const, name: 'orders', values: histories.repeats.map((count) => count + 1) },
    {
      kind: 'number' as const,
      name: 'days_since_order',
      values: histories.age.map((age, i) => age - histories.recency[i]!),
    },
  ],
});
