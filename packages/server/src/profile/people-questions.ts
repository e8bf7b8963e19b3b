import type { Question } from '../storage/events/event-store.ts';

/** Sums per person over all their events and orders. `filter` limits the identities looked at (search, one person). */
export type PersonTotals = {
  profile_id: string;
  first_seen: string;
  last_seen: string;
  events: string;
  orders: string;
  revenue: string;
};

const sortColumns = {
  last_seen: 'last_seen',
  first_seen: 'first_seen',
  revenue: 'revenue',
  orders: 'orders',
  events: 'events',
} as const;
export type PeopleSort = keyof typeof sortColumns;

/** One page of people, largest first. The cursor is the last row's (value, profile): stable while new people arrive. */
export function peoplePageQuestion(options: {
  sort: PeopleSort;
  currency: string;
  limit: number;
  after?: { value: string; profileId: string };
  identityIds?: readonly string[];
}): Question {
  const column = sortColumns[options.sort];
  const isInstant = column === 'last_seen' || column === 'first_seen';
  const valueType = isInstant ? 'DateTime64(3)' : 'Int64';
  return {
    name: 'people-page',
    parameters: {
      currency: options.currency,
      limit: options.limit,
      ...(options.identityIds ? { identities: options.identityIds } : {}),
      ...(options.after ? { after_value: options.after.value, after_profile: options.after.profileId } : {}),
    },
    sql: `
      SELECT profile_id, first_seen, last_seen, events, orders, revenue
      FROM
      (
        SELECT profile_id, min(occurred_at) AS first_seen, max(occurred_at) AS last_seen, count() AS events
        FROM @person_events
        WHERE type != 'segment' ${options.identityIds ? 'AND identity_id IN {identities:Array(UInt64)}' : ''}
        GROUP BY profile_id
      ) AS seen
      LEFT JOIN
      (
        SELECT profile_id, uniqExactIf(order_id, kind = 'sale') AS orders, sumIf(amount_minor, currency = {currency:String}) AS revenue
        FROM @person_order_lines
        ${options.identityIds ? 'WHERE identity_id IN {identities:Array(UInt64)}' : ''}
        GROUP BY profile_id
      ) AS bought USING (profile_id)
      ${options.after ? `WHERE (${column}, profile_id) < ({after_value:${valueType}}, {after_profile:UInt64})` : ''}
      ORDER BY ${column} DESC, profile_id DESC
      LIMIT {limit:UInt32}`,
  };
}

/** How many people there are in all. */
export const peopleCountQuestion: Question = {
  name: 'people-count',
  sql: "SELECT uniqExact(profile_id) AS people FROM @person_events WHERE type != 'segment'",
};
