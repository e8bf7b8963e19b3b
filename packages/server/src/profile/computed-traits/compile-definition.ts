import type { Aggregate, ComputedTraitDefinition } from '@zhiyin/contract';
import { currencyExponents } from '../../domain/currencies.ts';
import type { IdentityId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Question } from '../../storage/events/event-store.ts';
import { computeBounds } from '../segments/rule/compute-bounds.ts';
import type { Moment } from '../segments/rule/moment.ts';
import { selectEvents } from '../segments/rule/select-events.ts';
import { SqlScope } from '../segments/rule/sql-scope.ts';
import { propertyValue } from '../segments/rule/value-sql.ts';

/** One row a person: the value as JSON, and how many rows there were, which is 1 for everything but a question that says too much. */
export type DefinitionRow = { profile_id: string; json: string; type: string; times: string };

/**
 * A definition as a question. `among` limits it to some people, told by all of their identities; a question in SQL is always asked of
 * everybody.
 */
export function definitionQuestion(
  definition: ComputedTraitDefinition,
  workspace: Pick<Workspace, 'timeZone' | 'currency'>,
  now: Date,
  among?: readonly IdentityId[],
): Question {
  const scope = new SqlScope();
  const moment = { now, timeZone: workspace.timeZone };
  const limits = among ? ['identity_id IN {identities:Array(UInt64)}'] : [];
  const rows =
    definition.kind === 'events'
      ? eventsSql(definition, scope, moment, limits)
      : definition.kind === 'purchases'
        ? purchasesSql(
            definition,
            scope,
            moment,
            [`currency = ${scope.text(workspace.currency)}`, ...limits],
            workspace,
          )
        : definition.sql;
  return {
    name: 'computed-trait',
    parameters: { ...scope.parameters, ...(among ? { identities: among } : {}) },
    sql: `
      SELECT toUInt64(profile_id) AS profile_id, any(toJSONString(value)) AS json, any(toTypeName(value)) AS type, count() AS times
      FROM (${rows}
      ) AS computed
      WHERE profile_id != 0 AND isNotNull(value)
      GROUP BY profile_id`,
  };
}

type Events = Extract<ComputedTraitDefinition, { kind: 'events' }>;

function eventsSql(
  { event, where, window, aggregate }: Events,
  scope: SqlScope,
  moment: Moment,
  limits: string[],
): string {
  const { inside } = selectEvents(scope, { event, where, window }, moment);
  const rows = [inside, ...limits].join(' AND ');
  if (!('property' in aggregate)) {
    const value = ofInstants(aggregate.of, 'occurred_at', moment);
    return `SELECT profile_id, ${value} AS value FROM ${eventRows(scope)} WHERE ${rows} GROUP BY profile_id`;
  }
  const { text, number, isThere } = propertyValue(scope, aggregate.property, moment);
  if (aggregate.of === 'most_frequent') return mostFrequent(eventRows(scope), text, 'count()', rows);
  const value = ofProperty(aggregate.of, { text, number });
  return `SELECT profile_id, ${value} AS value FROM ${eventRows(scope)} WHERE ${rows} AND ${isThere} GROUP BY profile_id`;
}

/** Events with the columns that their tests are made of; to be written after all of those. */
const eventRows = (scope: SqlScope): string =>
  scope.rows.events.layers.reduce(
    (from, layer) => `(SELECT *, ${[...layer].map(([name, made]) => `${made} AS ${name}`).join(', ')} FROM ${from})`,
    '@person_events',
  );

type Purchases = Extract<ComputedTraitDefinition, { kind: 'purchases' }>;

function purchasesSql(
  { aggregate, window }: Purchases,
  scope: SqlScope,
  moment: Moment,
  limits: string[],
  { currency }: Pick<Workspace, 'currency'>,
): string {
  const { from, to } = computeBounds(window, moment);
  const rows = [
    ...limits,
    ...(from === null ? [] : [`occurred_at >= ${scope.instant(from)}`]),
    ...(to === null ? [] : [`occurred_at < ${scope.instant(to)}`]),
  ].join(' AND ');
  const sold = `${rows} AND kind = 'sale'`;
  if (aggregate === 'favourite_category') return mostFrequent('@person_order_lines', 'category', 'sum(quantity)', sold);
  if (aggregate === 'favourite_item') {
    return mostFrequent('@person_order_lines', "if(item_name = '', item_id, item_name)", 'sum(quantity)', sold);
  }
  const unit = 10 ** (currencyExponents.get(currency) ?? 2);
  const orders = 'uniqExact(order_id)';
  const values: Record<Exclude<Purchases['aggregate'], 'favourite_category' | 'favourite_item'>, string> = {
    orders: `toFloat64(${orders})`,
    items: 'toFloat64(uniqExact(item_id))',
    spent: `sum(amount_minor) / ${unit}`,
    average_order: `sum(amount_minor) / ${unit} / ${orders}`,
    first_order_at: ofInstants('first_at', 'occurred_at', moment),
    last_order_at: ofInstants('last_at', 'occurred_at', moment),
    days_since_last_order: ofInstants('days_since_last', 'occurred_at', moment),
  };
  // What came back is taken off what was spent, and of nothing else.
  const kept = aggregate === 'spent' ? rows : sold;
  return `SELECT profile_id, ${values[aggregate]} AS value FROM @person_order_lines WHERE ${kept} GROUP BY profile_id`;
}

type OfInstants = Exclude<Aggregate, { property: string }>['of'];

function ofInstants(of: OfInstants, at: string, { now, timeZone }: Moment): string {
  const instant = (extreme: string) => `concat(replaceOne(toString(${extreme}(${at})), ' ', 'T'), 'Z')`;
  const days = (extreme: string) => `floor((${now.getTime()} - toUnixTimestamp64Milli(${extreme}(${at}))) / 86400000)`;
  switch (of) {
    case 'count':
      return 'toFloat64(count())';
    case 'days':
      return `toFloat64(uniqExact(toDate(toTimeZone(${at}, '${timeZone.replaceAll(/[^\w/+-]/g, '')}'))))`;
    case 'first_at':
      return instant('min');
    case 'last_at':
      return instant('max');
    case 'days_since_first':
      return days('min');
    case 'days_since_last':
      return days('max');
  }
}

type OfProperty = Exclude<Extract<Aggregate, { property: string }>['of'], 'most_frequent'>;

function ofProperty(of: OfProperty, property: { readonly text: string; readonly number: string }): string {
  switch (of) {
    case 'sum':
    case 'min':
    case 'max':
      return `${of}OrNull(${property.number})`;
    case 'average':
      return `avgOrNull(${property.number})`;
    case 'distinct':
      return `toFloat64(uniqExact(${property.text}))`;
    case 'first':
      return `argMin(${property.text}, (occurred_at, message_key))`;
    case 'last':
      return `argMax(${property.text}, (occurred_at, message_key))`;
  }
}

/** Of what came equally often, the one that came last. */
const mostFrequent = (table: string, text: string, weight: string, rows: string): string => `
        SELECT profile_id, argMax(named, (weight, latest)) AS value
        FROM
        (
          SELECT profile_id, ${text} AS named, ${weight} AS weight, max(occurred_at) AS latest
          FROM ${table}
          WHERE ${rows} AND ifNull(${text}, '') != ''
          GROUP BY profile_id, named
        )
        GROUP BY profile_id`;
