import { deedSpellings, deeds, itemProperties } from '../people/deeds.ts';

/** Looking at something closer: what counts as a click. */
export const clickNames = deedSpellings.filter(({ code }) => code === deeds.viewed.code).map(({ name }) => name);

const itemOfEvent = `coalesce(${itemProperties.map((name) => `properties.${name}::Nullable(String)`).join(', ')}, '')`;

/** Every item of every answer in the range, with the person it was shown to as they are known now. */
export const shownSql = `
  SELECT decision_id, if(linked = 0, own_profile, linked) AS person, decided_at, surface, model, model_version, experiment, arm, item_id,
    item_score, day
  FROM (
    SELECT decision_id, profile_id AS own_profile, decided_at, surface, model, model_version, experiment, arm,
      toString(toDate(decided_at, {zone:String})) AS day, scores, candidates,
      arrayJoin(JSONExtract(action, 'Array(String)')) AS item_id, scores[indexOf(candidates, item_id)] AS item_score
    FROM @decisions
    WHERE decided_at >= {from:DateTime64(3)} AND decided_at < {to:DateTime64(3)} AND action != 'none'
      AND ({surface:String} = '' OR surface = {surface:String})
    LIMIT 1 BY decision_id, item_id
  ) AS answers
  LEFT JOIN (SELECT identity_id AS linked_from, profile_id AS linked FROM @profile_links) AS links ON links.linked_from = answers.own_profile`;

/**
 * Clicks and purchases with the answer they are due to: the one whose id they carry in \`decision_id\`, else the latest that showed the
 * item to the person within the window. Each counts once.
 */
export const creditedSql = `
  SELECT touch, item_id, at, amount, argMax(decision_id, (named, decided_at)) AS decision_id
  FROM (
    SELECT touches.touch AS touch, touches.item_id AS item_id, touches.at AS at, touches.amount AS amount, touches.person AS person,
      shown.decision_id AS decision_id, shown.decided_at AS decided_at, toUInt8(touches.decision = toString(shown.decision_id)) AS named
    FROM (${touchesSql()}) AS touches
    INNER JOIN (${shownSql}) AS shown ON shown.item_id = touches.item_id
    WHERE touches.at >= shown.decided_at AND touches.at < shown.decided_at + toIntervalHour({windowHours:UInt32})
      AND (touches.decision = toString(shown.decision_id) OR (touches.decision = '' AND touches.person = shown.person AND shown.person != 0))
  )
  GROUP BY touch, item_id, at, amount, person`;

function touchesSql(): string {
  return `
    SELECT profile_id AS person, ${itemOfEvent} AS item_id, occurred_at AS at, 'click' AS touch, toInt64(0) AS amount,
      lower(ifNull(properties.decision_id::Nullable(String), '')) AS decision
    FROM @person_events
    WHERE name IN {clickNames:Array(String)} AND occurred_at >= {from:DateTime64(3)}
      AND occurred_at < {to:DateTime64(3)} + toIntervalHour({windowHours:UInt32})
    UNION ALL
    SELECT profile_id AS person, item_id, occurred_at AS at, 'buy' AS touch, amount_minor AS amount, '' AS decision
    FROM @person_order_lines
    WHERE kind = 'sale' AND item_id != '' AND occurred_at >= {from:DateTime64(3)}
      AND occurred_at < {to:DateTime64(3)} + toIntervalHour({windowHours:UInt32})`;
}

export type QualityRange = {
  readonly from: Date;
  readonly to: Date;
  readonly surface: string;
  readonly windowHours: number;
  readonly zone: string;
};

export const qualityParameters = (range: QualityRange) => ({ ...range, clickNames });
