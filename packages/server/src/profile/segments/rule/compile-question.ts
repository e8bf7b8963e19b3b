import type { IdentityId, ProfileId } from '../../../domain/ids.ts';
import type { Question } from '../../../storage/events/event-store.ts';
import type { RuleContext } from './compile-condition.ts';
import { compileRule, type OwnRule } from './compile-rule.ts';
import { amongParameters } from './facts.ts';
import { membershipEvents } from './select-events.ts';
import { type LeafSource, leafSources, type NamedColumns, SqlScope } from './sql-scope.ts';

/** Some people, given all of their identities; null: everybody. */
export type Among = ReadonlyMap<ProfileId, readonly IdentityId[]> | null;

/** One row a person: which of the segments the person is in, and when that could change with nothing new happening. */
export type MembershipRow = { profile_id: string; segments: number[]; due: string | null };

/** Many rules over many people, asked at once. */
export function membershipQuestion(rules: ReadonlyMap<number, OwnRule>, context: RuleContext, among: Among): Question {
  const scope = new SqlScope();
  const compiled = [...rules].map(([id, rule]) => [id, compileRule(scope, rule, context)] as const);
  const marks = compiled.map(([id, { holds }]) => `if(${holds}, ${id}, 0)`);
  const dues = [...new Set(compiled.flatMap(([, rule]) => rule.dues))];
  return question('segment-membership', scope, among, {
    select: `profile_id, arrayFilter(s -> s > 0, CAST([${marks.join(', ')}], 'Array(UInt32)')) AS segments, ${earliest(dues, context)} AS due`,
    tail: among === null ? 'ORDER BY profile_id' : '',
  });
}

/** How many a rule takes in, and how many there are. */
export function countQuestion(rule: OwnRule, context: RuleContext): Question {
  const scope = new SqlScope();
  const { holds } = compileRule(scope, rule, context);
  return question('segment-preview', scope, null, { select: `countIf(${holds}) AS people, count() AS everyone` });
}

/** Some of them, those seen last first. */
export function sampleQuestion(rule: OwnRule, context: RuleContext, limit: number): Question {
  const scope = new SqlScope();
  const { holds } = compileRule(scope, rule, context);
  return question('segment-sample', scope, null, {
    select: 'profile_id',
    tail: `WHERE ${holds} ORDER BY last_seen DESC, profile_id LIMIT ${Math.trunc(limit)}`,
  });
}

/** Of several instants the first that is still to come. */
function earliest(dues: readonly string[], { moment }: RuleContext): string {
  if (dues.length === 0) return "CAST(NULL, 'Nullable(Int64)')";
  const instants = dues.map((due) => `ifNull(${due}, 0)`).join(', ');
  return `nullIf(arrayMin(arrayFilter(t -> t > ${moment.now.getTime()}, CAST([${instants}], 'Array(Int64)'))), 0)`;
}

const tables: Readonly<Record<LeafSource, string>> = {
  events: '@events',
  orders: '@order_lines',
  traits: '@traits',
  computed: '@person_computed_traits',
  tags: '@tags',
  lists: '@list_members',
};

function question(
  name: string,
  scope: SqlScope,
  among: Among,
  asked: { readonly select: string; readonly tail?: string },
): Question {
  const wheres = sourceFilters(scope);
  const joins = leafSources
    .filter((source) => scope.leaves[source].size > 0)
    .map(
      (source) => `LEFT JOIN (${byPerson(scope, source, wheres[source], among)}) AS of_${source} USING (profile_id)`,
    );
  const people = `
  SELECT * FROM (${everybody(among)}) AS people
  ${joins.join('\n  ')}`;
  return {
    name,
    parameters: { ...scope.parameters, ...(among === null ? {} : amongParameters(among)) },
    sql: `
SELECT ${asked.select}
FROM (${inLayers('*', people, scope.made)})
${asked.tail ?? ''}`,
  };
}

/** Each layer of names in a select of its own, the first over `inner`. */
function inLayers(columns: string, inner: string, names: NamedColumns): string {
  const select = (layer: ReadonlyMap<string, string>, from: string, own: string) =>
    `SELECT ${[own, ...[...layer].map(([name, expression]) => `${expression} AS ${name}`)].join(',\n    ')}\n  FROM ${from}`;
  return names.layers.reduce((from, layer, i) => select(layer, `(${from})`, i === 0 ? columns : '*'), inner);
}

/** Who is there at all: whoever did something, or of whom something is known. */
export function everybody(among: Among): string {
  const deeds = `name NOT IN (${membershipEvents.map((name) => `'${name}'`).join(', ')})`;
  const nothing = "CAST(NULL, 'Nullable(DateTime64(3))')";
  return `
    SELECT profile_id, min(first_at) AS first_seen, max(last_at) AS last_seen
    FROM
    (
      ${ofPerson('own.first_at AS first_at, own.last_at AS last_at', among)}
      (
        SELECT identity_id, minOrNullIf(occurred_at, ${deeds}) AS first_at, maxOrNullIf(occurred_at, ${deeds}) AS last_at
        FROM @events ${onlyAmong(among)} GROUP BY identity_id
        UNION ALL
        SELECT identity_id, ${nothing} AS first_at, ${nothing} AS last_at FROM @traits ${onlyAmong(among)} GROUP BY identity_id
        UNION ALL
        SELECT identity_id, ${nothing} AS first_at, ${nothing} AS last_at FROM @order_lines ${onlyAmong(among)} GROUP BY identity_id
      ) AS own ${linked(among)}
    )
    GROUP BY profile_id`;
}

/** Leaves by identity, which is how rows lie on the disk, and those joined by person: few rows are left by then. */
function byPerson(scope: SqlScope, source: LeafSource, where: string, among: Among): string {
  const leaves = [...scope.leaves[source]];
  const merged = leaves.map(([, { column, aggregate }]) => `${aggregate}Merge(${column}) AS ${column}`).join(', ');
  const states = leaves.map(([state, { column }]) => `${state} AS ${column}`).join(',\n      ');
  if (source === 'computed') {
    const people = among === null ? '' : 'AND profile_id IN {people:Array(UInt64)}';
    return `SELECT profile_id, ${merged} FROM (SELECT profile_id, ${states} FROM ${tables[source]} WHERE ${where} ${people} GROUP BY profile_id) GROUP BY profile_id`;
  }
  const columns = leaves.map(([, { column }]) => `own.${column} AS ${column}`).join(', ');
  const rows = `SELECT * FROM ${tables[source]} ${onlyAmong(among, where)}`;
  const named =
    source === 'events'
      ? inLayers('identity_id, occurred_at, message_key, name', rows, scope.rows.events)
      : source === 'orders'
        ? inLayers(orderColumns, rows, scope.rows.orders)
        : rows;
  return `
    SELECT profile_id, ${merged}
    FROM
    (
      ${ofPerson(columns, among)}
      (
        SELECT identity_id,
      ${states}
        FROM (${named}) GROUP BY identity_id
      ) AS own ${linked(among)}
    )
    GROUP BY profile_id`;
}

const orderColumns =
  'identity_id, occurred_at, kind, order_id, item_id, item_name, category, currency, unit_price, amount_minor, quantity';

const ofPerson = (columns: string, among: Among): string =>
  among === null
    ? `SELECT if(links.linked_profile_id = 0, own.identity_id, links.linked_profile_id) AS profile_id, ${columns} FROM`
    : `SELECT transform(own.identity_id, {identities:Array(UInt64)}, {profiles:Array(UInt64)}, own.identity_id) AS profile_id, ${columns} FROM`;

const linked = (among: Among): string =>
  among === null
    ? `GLOBAL ANY LEFT JOIN (SELECT identity_id AS linked_identity_id, profile_id AS linked_profile_id FROM @profile_links) AS links ON own.identity_id = links.linked_identity_id`
    : '';

function onlyAmong(among: Among, where = ''): string {
  const conditions = [
    ...(among === null ? [] : ['identity_id IN {identities:Array(UInt64)}']),
    ...(where ? [where] : []),
  ];
  return conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
}

/** What the engine may leave aside before it looks at any leaf. */
function sourceFilters(scope: SqlScope): Record<LeafSource, string> {
  const { eventNames, eventsFrom } = scope;
  const events = [
    ...(eventNames === null ? [] : [`name IN ${scope.texts([...eventNames])}`]),
    ...(eventsFrom === null || !Number.isFinite(eventsFrom) ? [] : [`occurred_at >= ${scope.instant(eventsFrom)}`]),
  ];
  return {
    events: events.join(' AND '),
    orders: '',
    traits: `name IN ${scope.texts([...scope.traitNames])}`,
    computed: `name IN ${scope.texts([...scope.computedNames])}`,
    tags: 'deleted = 0',
    lists: 'deleted = 0',
  };
}
