import type { Question } from '../../storage/events/event-store.ts';
import { creditedSql, type QualityRange, qualityParameters, shownSql } from './shown-sql.ts';

export type CalibrationRow = {
  surface: string;
  model_version: string;
  arm: string;
  score_group: number;
  shown: string;
  clicked: string;
  score_sum: number;
};

/** Shown items in ten groups of their score, with how many were clicked. */
export const calibrationQuestion = (range: QualityRange): Question => ({
  name: 'recommend-calibration',
  parameters: qualityParameters(range),
  sql: `
    SELECT surface, model_version, arm, toUInt8(least(9, floor(item_score * 10))) AS score_group, count() AS shown, sum(was_clicked) AS clicked,
      sum(item_score) AS score_sum
    FROM (
      SELECT shown.surface AS surface, shown.model_version AS model_version, shown.arm AS arm, toFloat64(shown.item_score) AS item_score,
        toUInt8(credited.clicks > 0) AS was_clicked
      FROM (${shownSql}) AS shown
      LEFT JOIN (
        SELECT decision_id, item_id, count() AS clicks FROM (${creditedSql}) WHERE touch = 'click' GROUP BY decision_id, item_id
      ) AS credited ON credited.decision_id = shown.decision_id AND credited.item_id = shown.item_id
    )
    GROUP BY surface, model_version, arm, score_group
    ORDER BY surface, model_version, arm, score_group`,
});
