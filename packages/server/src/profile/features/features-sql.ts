import {
  boughtFeatures,
  boughtMeasures,
  kindsFeatures,
  kindsMeasures,
  ratedFeatures,
  ratedMeasures,
} from './bought-features.ts';
import type { Feature, FeaturePlan, FeatureSource, Measures } from './feature.ts';
import { seenFeatures, seenMeasures } from './seen-features.ts';
import { ownFeatures, ownMeasures, ownParameters, toldFeatures, toldMeasures } from './told-features.ts';

/** Every feature there is for a plan, in the order in which models hold them. */
export const listFeatures = (plan: FeaturePlan): readonly Feature[] => [
  ...seenFeatures,
  ...ownFeatures(plan),
  ...boughtFeatures,
  ...kindsFeatures,
  ...ratedFeatures,
  ...toldFeatures(plan),
];

/** Who gets features: everybody who fits, or a part of them drawn by their id. */
export type FeatureFilter = {
  readonly who: 'everyone' | 'active' | 'buyers';
  readonly withinDays: number;
  /** 1: all. Else this share of the people, the same at every instant. */
  readonly share?: number;
};

const measuresOf = (plan: FeaturePlan): Readonly<Record<FeatureSource, Measures>> => ({
  seen: { ...seenMeasures, ...ownMeasures(plan) },
  told: toldMeasures(plan),
  bought: boughtMeasures,
  kinds: kindsMeasures,
  rated: ratedMeasures,
});

const select = (measures: Measures): string =>
  Object.entries(measures)
    .map(([name, sql]) => `${sql} AS ${name}`)
    .join(', ');

const age = "dateDiff('second', occurred_at, {at:DateTime64(3)}) AS age";

/** Only what happened before the instant is read: each sub-select says so itself. */
const before = 'occurred_at < {at:DateTime64(3)}';

/**
 * One row a person: `numbers` and `categories` in the order of the features. One pass over the plain columns of events, one over
 * what stands inside them, one over orders; nothing is joined but what is one row a person already.
 */
export function featuresSql(plan: FeaturePlan, filter: FeatureFilter): string {
  const measures = measuresOf(plan);
  const part = (filter.share ?? 1) < 1 ? ' AND cityHash64(profile_id) % 100000 < {part:UInt32}' : '';
  const features = listFeatures(plan);
  const numbers = features.filter(({ unit }) => unit !== 'category').map(({ sql }) => `toFloat32(${sql})`);
  const categories = features.filter(({ unit }) => unit === 'category').map(({ sql }) => `toString(${sql})`);
  return `
    SELECT hex(seen.profile_id) AS person, [${numbers.join(', ')}] AS numbers, [${categories.join(', ')}] AS categories
    FROM (
      SELECT profile_id, ${select(measures.seen)}
      FROM (
        SELECT profile_id, identity_id, name, ${age}, toHour(occurred_at, {zone:String}) AS hour, toDayOfWeek(occurred_at, 0, {zone:String}) AS weekday
        FROM @person_events WHERE ${before}${part}
      )
      GROUP BY profile_id
    ) AS seen
    LEFT JOIN (
      SELECT profile_id, ${select(measures.told)}
      FROM (SELECT profile_id, type, name, occurred_at AS at, properties, context FROM @person_events
            WHERE ${before}${part} AND (type IN ('identify', 'page', 'screen') OR name = 'order_completed'))
      GROUP BY profile_id
    ) AS told ON told.profile_id = seen.profile_id
    LEFT JOIN (
      SELECT profile_id, ${select(measures.bought)}
      FROM (
        SELECT profile_id, order_id, maxIf(age, kind = 'sale') AS age, countIf(kind = 'sale') AS sold,
          sumIf(amount_minor, kind = 'sale' AND currency = {currency:String}) AS sales,
          -sumIf(amount_minor, kind = 'refund' AND currency = {currency:String}) AS refunds, toFloat64(sumIf(quantity, kind = 'sale')) AS items
        FROM (SELECT profile_id, order_id, kind, amount_minor, currency, quantity, ${age} FROM @person_order_lines WHERE ${before}${part})
        GROUP BY profile_id, order_id HAVING sold > 0
      )
      GROUP BY profile_id
    ) AS bought ON bought.profile_id = seen.profile_id
    LEFT JOIN (
      SELECT profile_id, ${select(measures.kinds)}
      FROM (
        SELECT profile_id, toString(category) AS category, toFloat64(sum(quantity)) AS pieces FROM @person_order_lines
        WHERE ${before}${part} AND kind = 'sale' AND category != '' GROUP BY profile_id, category
      )
      GROUP BY profile_id
    ) AS kinds ON kinds.profile_id = seen.profile_id
    LEFT JOIN (
      SELECT profile_id, ${select(measures.rated)}
      FROM (SELECT profile_id, rating, ${age} FROM @person_reviews WHERE ${before}${part} AND identity_id != 0)
      GROUP BY profile_id
    ) AS rated ON rated.profile_id = seen.profile_id
    WHERE ${whoSql(filter)}`;
}

/** Who is eligible at the instant, in terms of measures. */
const whoSql = ({ who }: FeatureFilter): string =>
  ({
    everyone: 'seen_all > 0',
    active: 'seen_all > 0 AND last_age < {withinSeconds:UInt32}',
    buyers: 'orders > 0 AND order_age < {withinSeconds:UInt32}',
  })[who];

export const featureParameters = (plan: FeaturePlan, filter: FeatureFilter, at: Date) => ({
  ...ownParameters(plan),
  at,
  zone: plan.timeZone,
  currency: plan.currency,
  withinSeconds: filter.withinDays * 86_400,
  part: Math.ceil((filter.share ?? 1) * 100_000),
});
