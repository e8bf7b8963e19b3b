import { predictReturn, predictReturnTime } from '@zhiyin/learn';
import { assert } from '../../../domain/app-error.ts';
import { predictValue } from '../../lifetime/predict-value.ts';
import { ownPace, toGaps } from '../../lifetime/purchase-gaps.ts';
import { dayNumber, type PurchaseDays } from '../../lifetime/read-purchases.ts';
import type { PredictionBundle } from '../prediction.ts';
import { levelOf } from './score-page.ts';
import type { ScoredRow } from './scored-row.ts';

/** Scores of everybody who bought, for kinds that go by purchases alone. The reasons are the facts the model goes by. */
export function scoreBuyers(bundle: PredictionBundle, purchases: PurchaseDays, at: Date): ScoredRow[] {
  const until = dayNumber(at, bundle.plan.timeZone);
  return bundle.learned.kind === 'lifetime'
    ? scoreValue(bundle, purchases, until)
    : scoreReturn(bundle, purchases, until);
}

function scoreValue(bundle: PredictionBundle, purchases: PurchaseDays, until: number): ScoredRow[] {
  const { learned, horizonDays } = bundle;
  assert(learned.kind === 'lifetime', `scoreValue: got a ${learned.kind}`);
  const { histories, purchases: expected, alive, spend, value } = predictValue(learned, purchases, until, horizonDays);
  return Array.from(
    histories.customer,
    (customer, i): ScoredRow => ({
      profileId: purchases.people[customer]!,
      score: value[i]!,
      label: levelOf(bundle, value[i]!),
      figures: {
        purchases: expected[i]!,
        // Who bought once only has not been seen to stay or leave: the models say 1, which tells nothing.
        ...(learned.isAliveUsable && histories.repeats[i]! > 0 ? { p_alive: alive[i]! } : {}),
        order_value: spend[i]!,
      },
      reasons: {
        base: null,
        rest: null,
        top: [
          ['orders', histories.repeats[i]! + 1, 0],
          ['days_since_order', histories.age[i]! - histories.recency[i]!, 0],
          ['days_since_first_order', histories.age[i]!, 0],
        ],
      },
    }),
  );
}

function scoreReturn(bundle: PredictionBundle, purchases: PurchaseDays, until: number): ScoredRow[] {
  const { learned, horizonDays } = bundle;
  assert(learned.kind === 'gaps', `scoreReturn: got a ${learned.kind}`);
  const gaps = toGaps(purchases, until);
  const chances = predictReturn(learned.model, gaps, horizonDays);
  const days = learned.goesByPace
    ? ownPace(gaps, learned.typicalDays)
    : predictReturnTime(learned.model, gaps, { horizonMax: horizonDays });
  return Array.from(
    gaps.customer,
    (customer, i): ScoredRow => ({
      profileId: purchases.people[customer]!,
      score: chances[i]!,
      // Not expected within the horizon: no number of days is told.
      label: days[i]! <= horizonDays ? 'within' : 'later',
      figures: days[i]! <= horizonDays ? { days: days[i]! } : {},
      reasons: {
        base: null,
        rest: null,
        top: [
          ['orders', gaps.gaps[i]! + 1, 0],
          ['gap_days', gaps.gaps[i]! > 0 ? gaps.gapSum[i]! / gaps.gaps[i]! : null, 0],
          ['days_since_order', gaps.open[i]!, 0],
        ],
      },
    }),
  );
}
