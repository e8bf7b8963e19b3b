/** A company is what a `group` call names. Its people are those whose calls named it; what they do and buy is rolled up. */

const nameSql = `ifNull(properties.traits.name::Nullable(String), ifNull(properties.name::Nullable(String), ''))`;
const groupSql = `ifNull(properties.group_id::Nullable(String), '')`;

/** One row a company and person. */
export const membersSql = (where = ''): string => `
  SELECT ${groupSql} AS group_id, profile_id, min(occurred_at) AS joined_at, argMaxIf(${nameSql}, occurred_at, ${nameSql} != '') AS told_name,
    maxIf(occurred_at, ${nameSql} != '') AS told_at
  FROM @person_events
  WHERE type = 'group'${where}
  GROUP BY group_id, profile_id
  HAVING group_id != ''`;

/** One row a company. Somebody in two companies counts in both. */
export const companiesSql = (where = ''): string => `
  SELECT group_id, if(any_name = '', group_id, any_name) AS name, members, active_members, events, orders, spent, first_seen, last_seen
  FROM
  (
    SELECT group_id, argMax(told_name, told_at) AS any_name, count() AS members, countIf(seen.last_at >= {now:DateTime64(3)} - INTERVAL 30 DAY) AS active_members,
      sum(seen.events) AS events, sum(bought.orders) AS orders, sum(bought.spent) AS spent, min(joined_at) AS first_seen, max(seen.last_at) AS last_seen
    FROM (${membersSql(where)}) AS joined
    LEFT JOIN
    (
      SELECT profile_id, count() AS events, max(occurred_at) AS last_at
      FROM @person_events
      WHERE profile_id IN (SELECT profile_id FROM (${membersSql(where)}))
      GROUP BY profile_id
    ) AS seen ON seen.profile_id = joined.profile_id
    LEFT JOIN
    (
      SELECT profile_id, uniqExactIf(order_id, kind = 'sale') AS orders, sum(amount_minor) AS spent
      FROM @person_order_lines
      WHERE currency = {currency:String} AND profile_id IN (SELECT profile_id FROM (${membersSql(where)}))
      GROUP BY profile_id
    ) AS bought ON bought.profile_id = joined.profile_id
    GROUP BY group_id
  )`;

export const oneGroup = ` AND ${groupSql} = {group:String}`;

export type CompanyTotals = {
  group_id: string;
  name: string;
  members: string;
  active_members: string;
  events: string;
  orders: string;
  spent: string;
  first_seen: string;
  last_seen: string;
};
