import { addDays, dayOf } from '../domain/calendar.ts';
import type { IdentityId } from '../domain/ids.ts';
import type { Question } from '../storage/events/event-store.ts';

/** Questions about one person, given all of their identities: each reads a few blocks by primary key, whatever the size of the store. */

type Identities = readonly IdentityId[];
const mine = 'identity_id IN {identities:Array(UInt64)}';

export const valueQuestion = (identities: Identities, currency: string): Question => ({
  name: 'person-value',
  parameters: { identities, currency },
  sql: `
    SELECT *
    FROM (SELECT min(occurred_at) AS first_seen, max(occurred_at) AS last_seen, count() AS events FROM @events WHERE ${mine} AND type != 'segment') AS seen
    CROSS JOIN
    (
      SELECT
        uniqExactIf(order_id, kind = 'sale') AS orders,
        sumIf(amount_minor, kind = 'sale') AS sales,
        sum(amount_minor) AS revenue,
        -sumIf(amount_minor, kind = 'refund') AS refunded,
        minIf(occurred_at, kind = 'sale') AS first_order,
        maxIf(occurred_at, kind = 'sale') AS last_order
      FROM @order_lines
      WHERE ${mine} AND currency = {currency:String}
    ) AS bought`,
});

/** The latest value of each trait over all identities of the person. */
export const traitsQuestion = (identities: Identities): Question => ({
  name: 'person-traits',
  parameters: { identities },
  sql: `
    SELECT
      name,
      argMax(value, (occurred_at, message_key)) AS latest,
      argMax(source_id, (occurred_at, message_key)) AS source,
      max(occurred_at) AS at
    FROM @traits
    WHERE ${mine} AND NOT startsWith(name, 'consent_')
    GROUP BY name
    ORDER BY name
    LIMIT 500`,
});

/** Consent is a trait named consent_<purpose>; the latest statement counts. */
export const consentQuestion = (identities: Identities): Question => ({
  name: 'person-consent',
  parameters: { identities },
  sql: `
    SELECT
      substring(name, 9) AS purpose,
      argMax(value, (occurred_at, message_key)) IN ('true', '1', '"true"', '"yes"', '"granted"') AS granted,
      argMax(source_id, (occurred_at, message_key)) AS source,
      max(occurred_at) AS at
    FROM @traits
    WHERE ${mine} AND startsWith(name, 'consent_')
    GROUP BY purpose
    ORDER BY purpose`,
});

/** Events a week over 52 weeks up to this one, weeks without any included. */
export const weeksQuestion = (identities: Identities, timeZone: string, now: Date): Question => ({
  name: 'person-weeks',
  parameters: {
    identities,
    zone: timeZone,
    today: dayOf(now, timeZone),
    since: new Date(now.getTime() - 54 * 7 * 86_400_000),
    start: addDays(dayOf(now, timeZone), -51 * 7),
  },
  sql: `
    SELECT toString(monday) AS week, sum(happened) AS events
    FROM
    (
      SELECT toMonday(addWeeks(toDate({start:String}), number)) AS monday, 0 AS happened FROM numbers(52)
      UNION ALL
      SELECT toMonday(toTimeZone(occurred_at, {zone:String})) AS monday, 1 AS happened
      FROM @events
      WHERE ${mine} AND type != 'segment' AND occurred_at >= {since:DateTime64(3)}
    )
    WHERE monday >= toMonday(toDate({start:String})) AND monday <= toMonday(toDate({today:String}))
    GROUP BY monday
    ORDER BY monday`,
});

/** What this person looked at and bought most. */
export const favouritesQuestion = (identities: Identities): Question => ({
  name: 'person-favourites',
  parameters: { identities },
  sql: `
    SELECT item_id, if(any(catalogue.name) != '', any(catalogue.name), any(touched.item_name)) AS name, sum(viewed) AS views, sum(quantity) AS bought
    FROM
    (
      SELECT
        ifNull(properties.product_id::Nullable(String), '') AS item_id,
        ifNull(properties.name::Nullable(String), '') AS item_name,
        1 AS viewed,
        0 AS quantity
      FROM @events
      WHERE ${mine} AND name = 'product_viewed'
      UNION ALL
      SELECT item_id, item_name, 0 AS viewed, toFloat64(quantity) AS quantity
      FROM @order_lines
      WHERE ${mine} AND kind = 'sale'
    ) AS touched
    LEFT JOIN (SELECT item_id, name FROM @items) AS catalogue USING (item_id)
    WHERE item_id != ''
    GROUP BY item_id
    ORDER BY bought DESC, views DESC, item_id
    LIMIT 8`,
});

/** Groups (companies, households, clubs) the person was put into by group calls. */
export const groupsQuestion = (identities: Identities): Question => ({
  name: 'person-groups',
  parameters: { identities },
  sql: `
    SELECT
      ifNull(properties.group_id::Nullable(String), '') AS group_id,
      argMax(ifNull(properties.traits.name::Nullable(String), ifNull(properties.name::Nullable(String), '')), occurred_at) AS name
    FROM @events
    WHERE ${mine} AND type = 'group'
    GROUP BY group_id
    HAVING group_id != ''
    ORDER BY group_id
    LIMIT 50`,
});
