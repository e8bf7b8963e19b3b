import type { Question } from '../../storage/events/event-store.ts';
import { type QualityRange, qualityParameters, shownSql } from './shown-sql.ts';

export type ListRow = {
  surface: string;
  model_version: string;
  arm: string;
  different_items: string;
  diversity: number | null;
  popularity: number | null;
  catalogue_items: string;
};

/**
 * What the lists were like: how many different items, the share of pairs of different categories in a list, and the mean percentile of
 * popularity (orders of the last 90 days) of what was shown.
 */
export const listsQuestion = (range: QualityRange): Question => ({
  name: 'recommend-lists',
  parameters: qualityParameters(range),
  sql: `
    SELECT surface, model_version, arm, uniqExactArray(items) AS different_items,
      avgIf(1 - same_pairs / all_pairs, all_pairs > 0) AS diversity, sum(percentiles) / sum(known) AS popularity,
      any(one_catalogue) AS catalogue_items
    FROM (
      SELECT shown.decision_id AS one_decision, any(shown.surface) AS surface, any(shown.model_version) AS model_version,
        any(shown.arm) AS arm, groupArray(shown.item_id) AS items, length(items) * (length(items) - 1) / 2 AS all_pairs,
        arraySum(arrayMap(one -> one * (one - 1) / 2, mapValues(sumMap(map(known_items.category, toFloat64(1)))))) AS same_pairs,
        sumIf(known_items.percentile, known_items.item_count > 0) AS percentiles, countIf(known_items.item_count > 0) AS known,
        max(known_items.item_count) AS one_catalogue
      FROM (${shownSql}) AS shown
      LEFT JOIN (
        SELECT item_id, category, count() OVER () AS item_count,
          if(item_count > 1, (rank() OVER (ORDER BY orders) - 1) / (item_count - 1), 0.5) AS percentile
        FROM (SELECT item_id, toString(category) AS category FROM @items WHERE deleted = 0) AS catalogue
        LEFT JOIN (
          SELECT item_id, count() AS orders FROM @order_lines
          WHERE kind = 'sale' AND occurred_at >= {to:DateTime64(3)} - INTERVAL 90 DAY AND occurred_at < {to:DateTime64(3)}
          GROUP BY item_id
        ) AS sold USING (item_id)
      ) AS known_items ON known_items.item_id = shown.item_id
      GROUP BY one_decision
    )
    GROUP BY surface, model_version, arm`,
});
