import type { Question } from '../../storage/events/event-store.ts';
import { creditedSql, type QualityRange, qualityParameters } from './shown-sql.ts';

/** What was shown in places where chance had a say, by surface and item. Weights fade with age where a half-life is given. */
export type ExploredRow = {
  surface: string;
  /** Empty: all places of the surface together, tried or not. */
  item_id: string;
  places: number;
  tried: number;
  tried_rewarded: number;
  ranked: number;
  ranked_rewarded: number;
  /** Σ x xᵀ row by row, and Σ reward · x, over what was tried with its features. */
  products: number[];
  responses: number[];
};

/** Long enough to fade nothing. */
const never = 1_000_000;

/**
 * Reads the ledger: a place with a propensity below 1 was drawn. What stood there by chance is `tried`, what the ranking would have shown
 * anyway is `ranked`. A reward is a click or a purchase credited to the answer.
 */
export const exploredQuestion = (
  range: QualityRange & { readonly halfLifeDays?: number; readonly settledAt?: Date },
): Question => {
  const { halfLifeDays = never, settledAt = range.to, ...quality } = range;
  return {
    name: 'recommend-explored',
    parameters: { ...qualityParameters(quality), halfLifeDays, settledAt },
    sql: `
      SELECT surface, item AS item_id, toFloat64(count()) AS places, sum(worth * explored) AS tried,
        sum(worth * explored * rewarded) AS tried_rewarded, sum(worth * drawn * (1 - explored)) AS ranked,
        sum(worth * drawn * (1 - explored) * rewarded) AS ranked_rewarded,
        sumForEachIf(arrayMap(one -> one * worth, arrayFlatten(arrayMap(a -> arrayMap(b -> a * b, x), x))), explored = 1) AS products,
        sumForEachIf(arrayMap(one -> one * worth * rewarded, x), explored = 1) AS responses
      FROM (
        SELECT surface, item, explored, drawn, x, worth, toFloat64(credited.rewards > 0) AS rewarded
        FROM (
          SELECT decision_id, surface, place.1 AS item, toFloat64(place.3) AS explored, toFloat64(place.2 < 1) AS drawn, place.4 AS x,
            exp2(-greatest(0, dateDiff('second', decided_at, {to:DateTime64(3)})) / 86400 / {halfLifeDays:Float64}) AS worth
          FROM (
            SELECT decision_id, surface, decided_at, arrayJoin(JSONExtract(reasons,
              'Array(Tuple(itemId String, propensity Float64, explored UInt8, x Array(Float64)))')) AS place
            FROM @decisions
            WHERE decided_at >= {from:DateTime64(3)} AND decided_at < {settledAt:DateTime64(3)} AND propensity < 1
              AND ({surface:String} = '' OR surface = {surface:String})
            LIMIT 1 BY decision_id, place
          )
        ) AS places
        LEFT JOIN (
          SELECT decision_id, item_id, count() AS rewards FROM (${creditedSql}) GROUP BY decision_id, item_id
        ) AS credited ON credited.decision_id = places.decision_id AND credited.item_id = places.item
      )
      GROUP BY GROUPING SETS ((surface), (surface, item))
      HAVING item = '' OR tried > 0
      ORDER BY surface, item`,
  };
};
