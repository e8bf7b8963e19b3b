import type { PredictionCard } from '@zhiyin/contract';
import {
  computeAuc,
  computeCalibration,
  computeGains,
  fitPurchaseGaps,
  predictReturn,
  predictReturnTime,
} from '@zhiyin/learn';
import { say } from '../predictions/prediction.ts';
import { measureSpread } from '../predictions/spread.ts';
import { emptyCard } from '../predictions/train/empty-card.ts';
import { Refusal } from '../predictions/train/refusal.ts';
import type { Learning, TrainTask } from '../predictions/train/train-prediction.ts';
import { quantile } from '../predictions/train/train-yes-no.ts';
import { ownPace, type PeopleGaps, thinGaps, toGaps } from './purchase-gaps.ts';
import { dayNumber, type PurchaseDays, readPurchases } from './read-purchases.ts';

const fitPeopleMax = 4_000;
const repeatersMin = 100;

/**
 * In how many days each customer buys again. Fitted on what was known one horizon ago and compared with what came: days until the next
 * purchase, counted up to the horizon, so that those who did not come count too. Against each customer's own mean pace.
 */
export async function trainNextPurchase(task: TrainTask): Promise<Learning> {
  const { events, extent, plan, definition, progress, share } = task;
  const startedAt = performance.now();
  const horizon = definition.horizonDays;
  const workspace = { id: task.workspaceId, currency: plan.currency, timeZone: plan.timeZone };
  const purchases = await readPurchases(events, workspace, extent.until, share);
  const until = dayNumber(extent.until, plan.timeZone);
  const now = toGaps(purchases, until);
  const repeaters = now.gaps.filter((count) => count > 0).length;
  if (repeaters < repeatersMin) throw new Refusal(say('few_repeaters', { found: repeaters, needed: repeatersMin }));
  progress('choose', 0.3);
  const then = toGaps(purchases, until - horizon);
  if (then.gaps.filter((count) => count > 0).length < repeatersMin / 2) {
    throw new Refusal(
      say('few_repeaters', { found: then.gaps.filter((count) => count > 0).length, needed: repeatersMin / 2 }),
    );
  }
  const fitted = fitPurchaseGaps(thinGaps(then, fitPeopleMax));
  progress('test', 0.6);
  const actual = daysUntilNext(purchases, then, until - horizon, horizon);
  const cap = (days: Float64Array) => days.map((one) => Math.min(one, horizon));
  const errorOf = (foretold: Float64Array) =>
    foretold.reduce((sum, one, i) => sum + Math.abs(one - actual[i]!), 0) / actual.length;
  const error = errorOf(cap(predictReturnTime(fitted, then, { horizonMax: horizon })));
  const paceError = errorOf(cap(ownPace(then, typicalGap(then))));
  const sameForAll = quantile(actual.toSorted(), 0.5);
  const constantError = errorOf(new Float64Array(actual.length).fill(sameForAll));
  const wins = error < Math.min(paceError, constantError);
  const chances = predictReturn(fitted, then, horizon);
  const came = Uint8Array.from(actual, (days) => (days < horizon ? 1 : 0));
  const { auc } = computeAuc(chances, came);
  progress('fit', 0.8);
  const model = fitPurchaseGaps(thinGaps(now, fitPeopleMax));
  const open = { kind: 'number' as const, name: 'days_since_order', values: now.open };
  const card: PredictionCard = {
    ...emptyCard,
    method: wins ? 'gamma-gaps' : 'own-pace',
    baseline: paceError <= constantError ? 'own-pace' : 'same-for-all',
    earnsItsPlace: wins,
    verdict: say(wins ? 'wins_days' : 'baseline_serves_days', {
      error,
      baselineError: Math.min(paceError, constantError),
      people: actual.length,
      ...(Number.isFinite(auc) ? { auc } : {}),
    }),
    data: {
      cuts: [
        {
          at: new Date(extent.until.getTime() - horizon * 86_400_000).toISOString(),
          people: actual.length,
          positives: came.reduce((sum, one) => sum + one, 0),
        },
      ],
      people: purchases.people.length,
      features: 3,
      share,
    },
    plain: [
      { name: 'gamma-gaps', measure: 'error_days', value: error, problems: [] },
      { name: 'own-pace', measure: 'error_days', value: paceError, problems: [] },
      { name: 'same-for-all', measure: 'error_days', value: constantError, problems: [] },
    ],
    gains: computeGains(chances, came).map((point, i, all) => ({ ...point, baseline: i / (all.length - 1) })),
    calibration: [...computeCalibration(chances, came)],
    limits: [
      say('days_capped', { days: horizon, shape: model.shape }),
      ...(share < 1 ? [say('sampled', { share })] : []),
    ],
    fitSeconds: (performance.now() - startedAt) / 1_000,
  };
  return {
    card,
    bundle: {
      learned: { kind: 'gaps', model, goesByPace: !wins, typicalDays: typicalGap(now) },
      levels: null,
      spread: measureSpread({ rows: now.open.length, columns: [open] }, predictReturn(model, now, horizon)),
    },
    serves: true,
  };
}

/** Days from `at` to the next purchase of each, at most the horizon. */
function daysUntilNext(purchases: PurchaseDays, gaps: PeopleGaps, at: number, horizon: number): Float64Array {
  const next = new Float64Array(purchases.people.length).fill(horizon);
  purchases.customer.forEach((customer, i) => {
    const days = purchases.day[i]! - at;
    if (days > 0 && days < next[customer]!) next[customer] = days;
  });
  return Float64Array.from(gaps.customer, (customer) => next[customer]!);
}

/** Mean of all gaps. */
function typicalGap({ gaps, gapSum }: PeopleGaps): number {
  const count = gaps.reduce((sum, one) => sum + one, 0);
  return count === 0 ? 0 : gapSum.reduce((sum, one) => sum + one, 0) / count;
}
