import { asProfileId, type ProfileId, type WorkspaceId } from '../../../domain/ids.ts';
import type { EventStore, Question } from '../../../storage/events/event-store.ts';
import type { Among } from './compile-question.ts';
import { amongParameters, type Cell, type Facts, type Needs, noFacts, profileOfRow } from './facts.ts';
import { membershipEvents } from './select-events.ts';
import { pathSql } from './value-sql.ts';

/** More rows than this of a few people are better counted where they lie. */
export const factRowsMax = 200_000;

/**
 * All that the rules need to know of some people, in a few small questions at once. People of whom nothing is known at all are not in the
 * answer. Undefined: too many rows to carry.
 */
export async function loadFacts(
  events: Pick<EventStore, 'read'>,
  workspaceId: WorkspaceId,
  needs: Needs,
  among: NonNullable<Among>,
): Promise<Map<ProfileId, Facts> | undefined> {
  const parameters = amongParameters(among);
  const ask = async <Row>(isNeeded: boolean, question: () => Question): Promise<Row[]> =>
    isNeeded
      ? (
          await events.read<Row>(workspaceId, {
            ...question(),
            parameters: { ...parameters, ...question().parameters },
          })
        ).rows
      : [];
  const [people, seen, lines, traits, computed, tags, lists] = await Promise.all([
    ask<PersonRow>(true, () => peopleQuestion(needs)),
    ask<EventRow>(needs.events === null || needs.events.size > 0, () => eventsQuestion(needs)),
    ask<LineRow>(needs.lines, () => linesQuestion),
    ask<{ profile_id: string; name: string; latest: string }>(needs.traits.size > 0, () => traitsQuestion(needs)),
    ask<{ profile_id: string; name: string; value: string }>(needs.computed.size > 0, () => computedQuestion(needs)),
    ask<{ profile_id: string; tag: string }>(needs.tags, () => tagsQuestion),
    ask<{ profile_id: string; list_id: number }>(needs.lists, () => listsQuestion),
  ]);
  if (seen.length > factRowsMax || lines.length > factRowsMax) return undefined;
  const facts = new Map(
    people.map((row) => {
      const { country = '', region = '', city = '' } = row;
      const firstSeenAt = row.first_ms === null ? null : Number(row.first_ms);
      return [asProfileId(row.profile_id), { ...noFacts(), firstSeenAt, places: { country, region, city } }];
    }),
  );
  const of = (row: { profile_id: string }) => facts.get(asProfileId(row.profile_id));
  for (const row of seen) of(row)?.events.push({ name: row.name, at: Number(row.ms), cells: row.cells.map(parseCell) });
  for (const row of lines) {
    const { profile_id: _, ms, amount_minor: amount, unit_price, quantity, ...line } = row;
    const numbers = { unit_price: Number(unit_price), quantity: Number(quantity), amountMinor: Number(amount) };
    of(row)?.lines.push({ ...line, ...numbers, at: Number(ms) });
  }
  for (const row of traits) of(row)?.traits.set(row.name, parseCell(row.latest));
  for (const row of computed) of(row)?.computed.set(row.name, parseCell(row.value));
  for (const row of tags) of(row)?.tags.add(row.tag);
  for (const row of lists) of(row)?.lists.add(row.list_id);
  return facts;
}

type PersonRow = { profile_id: string; first_ms: string | null; country?: string; region?: string; city?: string };
type EventRow = { profile_id: string; name: string; ms: string; cells: string[] };
type LineRow = {
  profile_id: string;
  ms: string;
  kind: 'sale' | 'refund';
  currency: string;
  order_id: string;
  item_id: string;
  item_name: string;
  category: string;
  unit_price: string;
  quantity: string;
  amount_minor: string;
};

function parseCell(json: string): Cell {
  try {
    return JSON.parse(json) as Cell;
  } catch {
    return json;
  }
}

const mine = 'identity_id IN {identities:Array(UInt64)}';

function peopleQuestion({ places }: Needs): Question {
  const levels = places ? (['country', 'region', 'city'] as const) : [];
  const sent = (level: string) => `ifNull(context.location.\`${level}\`::Nullable(String), '')`;
  const none = ["CAST(NULL, 'Nullable(Int64)') AS first_ms", ...levels.map((level) => `'' AS ${level}`)].join(', ');
  const latest = levels.map(
    (level) => `argMaxIf(${sent(level)}, (occurred_at, message_key), ${sent(level)} != '') AS ${level}`,
  );
  const deeds = `name NOT IN (${membershipEvents.map((name) => `'${name}'`).join(', ')})`;
  return {
    name: 'segment-people',
    sql: `
      SELECT profile_id, min(first_ms) AS first_ms${levels.map((level) => `, max(${level}) AS ${level}`).join('')}
      FROM
      (
        SELECT ${profileOfRow} AS profile_id, minOrNullIf(toUnixTimestamp64Milli(occurred_at), ${deeds}) AS first_ms${latest.map((one) => `, ${one}`).join('')}
        FROM @events WHERE ${mine} GROUP BY profile_id
        UNION ALL
        SELECT ${profileOfRow} AS profile_id, ${none} FROM @traits WHERE ${mine} GROUP BY profile_id
        UNION ALL
        SELECT ${profileOfRow} AS profile_id, ${none} FROM @order_lines WHERE ${mine} GROUP BY profile_id
      )
      GROUP BY profile_id`,
  };
}

function eventsQuestion({ events, eventsFrom, properties }: Needs): Question {
  const cells = [...properties.keys()].map((property) => `ifNull(toJSONString(${pathSql(property)}), 'null')`);
  const deeds =
    events === null
      ? `name NOT IN (${membershipEvents.map((name) => `'${name}'`).join(', ')})`
      : 'name IN {names:Array(String)}';
  const since = eventsFrom === null ? '' : 'AND occurred_at >= {since:DateTime64(3)}';
  return {
    name: 'segment-events',
    parameters: {
      ...(events === null ? {} : { names: [...events] }),
      ...(eventsFrom === null ? {} : { since: new Date(eventsFrom) }),
    },
    sql: `
      SELECT ${profileOfRow} AS profile_id, name, toUnixTimestamp64Milli(occurred_at) AS ms,
        CAST([${cells.join(', ')}], 'Array(String)') AS cells
      FROM @events
      WHERE ${mine} AND ${deeds} ${since}
      ORDER BY profile_id, occurred_at, message_key
      LIMIT ${factRowsMax + 1}`,
  };
}

const linesQuestion: Question = {
  name: 'segment-lines',
  sql: `
    SELECT ${profileOfRow} AS profile_id, toUnixTimestamp64Milli(occurred_at) AS ms, kind, currency, order_id, item_id, item_name, category,
      unit_price, quantity, amount_minor
    FROM @order_lines
    WHERE ${mine}
    LIMIT ${factRowsMax + 1}`,
};

const traitsQuestion = ({ traits }: Needs): Question => ({
  name: 'segment-traits',
  parameters: { names: [...traits] },
  sql: `
    SELECT ${profileOfRow} AS profile_id, name, argMax(value, (occurred_at, message_key)) AS latest
    FROM @traits
    WHERE ${mine} AND name IN {names:Array(String)}
    GROUP BY profile_id, name`,
});

const computedQuestion = ({ computed }: Needs): Question => ({
  name: 'segment-computed',
  parameters: { names: [...computed] },
  sql: `
    SELECT profile_id, name, value
    FROM @person_computed_traits
    WHERE profile_id IN {people:Array(UInt64)} AND name IN {names:Array(String)}`,
});

const tagsQuestion: Question = {
  name: 'segment-tags',
  sql: `SELECT DISTINCT ${profileOfRow} AS profile_id, tag FROM @tags WHERE ${mine} AND deleted = 0`,
};

const listsQuestion: Question = {
  name: 'segment-lists',
  sql: `SELECT DISTINCT ${profileOfRow} AS profile_id, list_id FROM @list_members WHERE ${mine} AND deleted = 0`,
};
