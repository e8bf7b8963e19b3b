import type { Question } from '../../../storage/events/event-store.ts';
import { everybody } from '../rule/compile-question.ts';
import { membershipEvents } from '../rule/select-events.ts';

/** People, events, amounts of orders, and what is told or computed of people: each counted on both sides. */
export type CompareRow = {
  kind: 'people' | 'event' | 'order' | 'number' | 'text';
  name: string;
  here: string;
  there: string;
  here_mean: number;
  there_mean: number;
  here_variance: number;
  there_variance: number;
  /** Of a text: each value with how many have it here and there. */
  parts: [value: string, here: string, there: string][];
};

const eventsMost = 20;
const valuesMost = 50;
const traitsMost = 200;

/** @param query `withId` null: everybody who is not in the segment. Amounts of money are in minor units. */
export function compareQuestion(query: {
  readonly segmentId: number;
  readonly withId: number | null;
  readonly currency: string;
  readonly since: Date;
}): Question {
  const { segmentId, withId, currency, since } = query;
  const isThere = withId === null ? 'NOT has(segments, {here:UInt32})' : 'has(segments, {there:UInt32})';
  const onSides = (people: string) => `
    SELECT *, has(segments, {here:UInt32}) AS is_here, ${isThere} AS is_there
    FROM (${people}) AS own
    GLOBAL ANY LEFT JOIN (SELECT profile_id, segments FROM @segment_memberships WHERE notEmpty(segments)) AS kept USING (profile_id)`;
  const deeds = `occurred_at >= {since:DateTime64(3)} AND name != '' AND name NOT IN (${membershipEvents.map((one) => `'${one}'`).join(', ')})`;
  const noAmounts = ['here_mean', 'there_mean', 'here_variance', 'there_variance']
    .map((name) => `toFloat64(0) AS ${name}`)
    .join(', ');
  const noParts = "CAST([], 'Array(Tuple(String, UInt64, UInt64))') AS parts";
  const counted = 'countIf(is_here) AS here, countIf(is_there) AS there';
  // In the order of the columns above: the engine puts rows together by place.
  const measured = [
    ...['here', 'there'].map((side) => `avgOrDefaultIf(number, is_${side}) AS ${side}_mean`),
    ...['here', 'there'].map((side) => `varPopStableOrDefaultIf(number, is_${side}) AS ${side}_variance`),
  ].join(', ');
  return {
    name: 'segment-compare',
    parameters: { here: segmentId, currency, since, ...(withId === null ? {} : { there: withId }) },
    sql: `
SELECT 'people' AS kind, '' AS name, ${counted}, ${noAmounts}, ${noParts}
FROM (${onSides(everybody(null))})
UNION ALL
SELECT 'event' AS kind, toString(name) AS name, ${counted}, ${noAmounts}, ${noParts}
FROM (${onSides(`
    SELECT DISTINCT profile_id, name
    FROM @person_events
    WHERE ${deeds} AND name GLOBAL IN (SELECT name FROM @events WHERE ${deeds} GROUP BY name ORDER BY count() DESC, name LIMIT ${eventsMost})`)})
GROUP BY name
UNION ALL
SELECT 'order' AS kind, name, ${counted}, ${measured}, ${noParts}
FROM (${onSides(`
    SELECT profile_id, amount.1 AS name, amount.2 AS number
    FROM
    (
      SELECT profile_id, arrayJoin([('orders', toFloat64(uniqExactIf(order_id, kind = 'sale'))),
        ('revenue', toFloat64(sumIf(amount_minor, currency = {currency:String})))]) AS amount
      FROM @person_order_lines
      GROUP BY profile_id
    )`)})
GROUP BY name
UNION ALL
SELECT 'number' AS kind, name, ${counted}, ${measured}, ${noParts}
FROM (${onSides(`SELECT profile_id, source, name, toFloat64OrZero(value) AS number FROM (${told}) WHERE match(value, '^-?[0-9]')`)})
GROUP BY source, name
ORDER BY count() DESC LIMIT ${traitsMost}
UNION ALL
SELECT 'text' AS kind, name, sum(here_people) AS here, sum(there_people) AS there, ${noAmounts},
  groupArray((if(startsWith(value, '"'), JSONExtractString(value), value), here_people, there_people)) AS parts
FROM
(
  SELECT source, name, value, countIf(is_here) AS here_people, countIf(is_there) AS there_people
  FROM (${onSides(`SELECT profile_id, source, name, value FROM (${told}) WHERE (startsWith(value, '"') AND NOT match(value, '^"[0-9]{4}-[0-9]{2}-[0-9]{2}')) OR value IN ('true', 'false')`)})
  GROUP BY source, name, value
)
GROUP BY source, name
HAVING count() <= ${valuesMost}
ORDER BY here + there DESC LIMIT ${traitsMost}`,
  };
}

/** One value a person and name: of several identities of a person the latest stands. */
const told = `
      SELECT profile_id, 'told' AS source, toString(name) AS name, argMax(value, version) AS value
      FROM @person_traits WHERE NOT startsWith(name, 'consent_')
      GROUP BY profile_id, name
      UNION ALL
      SELECT profile_id, 'computed' AS source, toString(name) AS name, value FROM @person_computed_traits`;
