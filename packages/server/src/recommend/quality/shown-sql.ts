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
 * Which answer an event says it is due to: its property \`decision_id\`, the context's \`recommendation.decision_id\`, or \`zy_decision\` in the
 * address of the page, as links of blocks carry it.
 */
const decisionOfEvent = `lower(coalesce(nullIf(properties.decision_id::Nullable(String), ''),
  nullIf(context.recommendation.decision_id::Nullable(String), ''),
  extractURLParameter(ifNull(context.page.url::Nullable(String), ''), 'zy_decision')))`;

/**
 * Clicks and purchases with the answer they are due to: the one they name, else the latest that showed the item to the person within the
 * window. Each counts once. A click that names an answer is that answer's alone; what else is in an order may be due to others.
 */
export const creditedSql = `
  SELECT touch, item_id, at, amount, argMax(decision_id, (named, decided_at)) AS decision_id
  FROM (
    SELECT touches.touch AS touch, touches.item_id AS item_id, touches.at AS at, touches.amount AS amount, touches.person AS person,
      shown.decision_id AS decision_id, shown.decided_at AS decided_at, toUInt8(touches.decision = toString(shown.decision_id)) AS named
    FROM (${touchesSql()}) AS touches
    INNER JOIN (${shownSql}) AS shown ON shown.item_id = touches.item_id
    WHERE touches.at >= shown.decided_at AND touches.at < shown.decided_at + toIntervalHour({windowHours:UInt32})
      AND (touches.decision = toString(shown.decision_id) OR ((touches.decision = '' OR touches.touch = 'buy') AND touches.person = shown.person AND shown.person != 0))
  )
  GROUP BY touch, item_id, at, amount, person`;

function touchesSql(): string {
  return `
    SELECT profile_id AS person, ${itemOfEvent} AS item_id, occurred_at AS at, 'click' AS touch, toInt64(0) AS amount,
      ${decisionOfEvent} AS decision
    FROM @person_events
    WHERE name IN {clickNames:Array(String)} AND occurred_at >= {from:DateTime64(3)}
      AND occurred_at < {to:DateTime64(3)} + toIntervalHour({windowHours:UInt32})
    UNION ALL
    SELECT person, item_id, at, 'buy' AS touch, amount, if(of_item != '', of_item, of_order) AS decision
    FROM (
      SELECT profile_id AS person, item_id, occurred_at AS at, amount_minor AS amount, order_id AS line_order
      FROM @person_order_lines
      WHERE kind = 'sale' AND item_id != '' AND occurred_at >= {from:DateTime64(3)}
        AND occurred_at < {to:DateTime64(3)} + toIntervalHour({windowHours:UInt32})
    ) AS lines
    LEFT ANY JOIN (${ordersSql('order')}) AS whole ON whole.whole_order = lines.line_order
    LEFT ANY JOIN (${ordersSql('product')}) AS parts ON parts.part_order = lines.line_order AND parts.part_item = lines.item_id`;
}

/** Orders that name a decision as a whole, or for single products. */
function ordersSql(of: 'order' | 'product'): string {
  const orderId = `ifNull(properties.order_id::Nullable(String), '')`;
  const where = `name = 'order_completed' AND occurred_at >= {from:DateTime64(3)}
      AND occurred_at < {to:DateTime64(3)} + toIntervalHour({windowHours:UInt32})`;
  if (of === 'order') {
    return `SELECT ${orderId} AS whole_order, ${decisionOfEvent} AS of_order FROM @events
      WHERE ${where} AND whole_order != '' AND of_order != '' ORDER BY occurred_at DESC`;
  }
  return `SELECT part_order, part_item, lower(said) AS of_item
    FROM (
      SELECT ${orderId} AS part_order, ${ofProducts('decision_id')} AS answer_ids,
        arrayMap((a, b, c) -> multiIf(a != '', a, b != '', b, c), ${itemProperties.map(ofProducts).join(', ')}) AS item_ids
      FROM @events WHERE ${where} AND part_order != '' AND length(answer_ids) > 0
    ) ARRAY JOIN item_ids AS part_item, answer_ids AS said WHERE said != ''`;
}

/** One value of each product, '' where it has none. */
function ofProducts(name: string): string {
  return `arrayMap(one -> ifNull(one::Nullable(String), ''), properties.products[].${name})`;
}

export type QualityRange = {
  readonly from: Date;
  readonly to: Date;
  readonly surface: string;
  readonly windowHours: number;
  readonly zone: string;
};

export const qualityParameters = (range: QualityRange) => ({ ...range, clickNames });
