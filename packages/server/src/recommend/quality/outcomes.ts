import type { Question } from '../../storage/events/event-store.ts';
import { creditedSql, type QualityRange, qualityParameters, shownSql } from './shown-sql.ts';

export type OutcomeRow = {
  day: string;
  surface: string;
  model: string;
  model_version: string;
  experiment: string;
  arm: string;
  answers: string;
  items_shown: string;
  clicks: string;
  conversions: string;
  revenue: string;
  answers_clicked: string;
  answers_bought: string;
};

/** Answers and what came of them, by day, surface, model version and arm. */
export const outcomesQuestion = (range: QualityRange): Question => ({
  name: 'recommend-outcomes',
  parameters: qualityParameters(range),
  sql: `
    SELECT day, surface, model, model_version, experiment, arm, count() AS answers, sum(one_items) AS items_shown, sum(one_clicks) AS clicks,
      sum(one_buys) AS conversions, sum(one_revenue) AS revenue, countIf(one_clicks > 0) AS answers_clicked,
      countIf(one_buys > 0) AS answers_bought
    FROM (
      SELECT shown.decision_id AS one_decision, any(shown.day) AS day, any(shown.surface) AS surface, any(shown.model) AS model,
        any(shown.model_version) AS model_version, any(shown.experiment) AS experiment, any(shown.arm) AS arm,
        uniqExact(shown.item_id) AS one_items, any(credited.item_clicks) AS one_clicks, any(credited.item_buys) AS one_buys,
        any(credited.item_revenue) AS one_revenue
      FROM (${shownSql}) AS shown
      LEFT JOIN (
        SELECT decision_id, countIf(touch = 'click') AS item_clicks, countIf(touch = 'buy') AS item_buys,
          sumIf(amount, touch = 'buy') AS item_revenue
        FROM (${creditedSql}) GROUP BY decision_id
      ) AS credited ON credited.decision_id = shown.decision_id
      GROUP BY one_decision
    )
    GROUP BY day, surface, model, model_version, experiment, arm
    ORDER BY day, surface, model_version, arm`,
});
