import { createHash } from 'node:crypto';
import type { EventMeasure, SegmentCondition, ValueTest } from '@zhiyin/contract';
import { assert } from '../../../domain/app-error.ts';
import { currencyExponents } from '../../../domain/currencies.ts';
import type { CompiledRule } from './compile-rule.ts';
import { compileFunnel, compileSequence } from './compile-sequence.ts';
import type { Moment } from './moment.ts';
import { selectEvents, selectRows } from './select-events.ts';
import type { SqlScope } from './sql-scope.ts';
import {
  instantValue,
  jsonValue,
  numberValue,
  plainValue,
  propertyValue,
  testSql,
  type ValueSql,
  withinSql,
} from './value-sql.ts';

export type RuleContext = {
  readonly moment: Moment;
  /** The workspace's: amounts of orders are counted in it. */
  readonly currency: string;
};

/** All but `segment`, which stands for the rule of another and is put in its place before. */
export type LeafCondition = Exclude<SegmentCondition, { kind: 'segment' }>;

export function compileCondition(scope: SqlScope, condition: LeafCondition, context: RuleContext): CompiledRule {
  const { moment } = context;
  switch (condition.kind) {
    case 'trait':
      return testSql(scope, condition.test, latestTrait(scope, [condition.trait], moment), moment);
    case 'computed':
      return testSql(scope, condition.test, computedTrait(scope, condition.name, moment), moment);
    case 'event':
      return compileEvent(scope, condition, moment);
    case 'purchase':
      return compilePurchase(scope, condition, context);
    case 'sequence':
      return compileSequence(scope, condition, moment);
    case 'funnel':
      return compileFunnel(scope, condition, moment);
    case 'list':
      return isIn(scope.leaf('lists', 'countIf', `list_id = ${scope.number(condition.listId)}`), condition.in);
    case 'tag':
      return isIn(scope.leaf('tags', 'countIf', `tag = ${scope.text(condition.tag)}`), condition.in);
    case 'cohort': {
      const first =
        condition.by === 'first_seen'
          ? 'first_seen'
          : scope.leaf('orders', 'minOrNullIf', `occurred_at, kind = 'sale'`);
      const { holds, dues } = withinSql(scope, condition.window, first, moment);
      return { holds: condition.in ? holds : `NOT ${holds}`, dues };
    }
    case 'bucket': {
      const place = scope.made.name(bucketSql(scope, condition.salt));
      const holds = `${place} >= ${scope.number(condition.from)} AND ${place} < ${scope.number(condition.to)}`;
      return { holds, dues: [] };
    }
    case 'place':
      return testSql(scope, condition.test, placeOf(scope, condition.level, moment), moment);
    case 'consent': {
      const said = latestJson(scope, [`consent_${condition.purpose}`]);
      const state = scope.made.name(
        `multiIf(${said} IN ('', 'null'), 'unknown', ${said} IN ('true', '1', '"true"', '"yes"', '"granted"'), 'granted', 'refused')`,
      );
      return { holds: `${state} = ${scope.text(condition.state)}`, dues: [] };
    }
  }
}

const isIn = (rows: string, wanted: boolean): CompiledRule => ({
  holds: `${rows} ${wanted ? '>' : '='} 0`,
  dues: [],
});

/** The latest value over all identities of the person; of several names the first that has one. */
function latestJson(scope: SqlScope, names: readonly string[]): string {
  for (const name of names) scope.traitNames.add(name);
  const latest = names.map((name) =>
    scope.leaf('traits', 'argMaxIf', `value, (occurred_at, message_key), name = ${scope.text(name)}`),
  );
  if (latest.length === 1) return latest[0]!;
  const there = latest.slice(0, -1).map((json) => `${json} NOT IN ('', 'null', '""'), ${json}`);
  return scope.made.name(`multiIf(${there.join(', ')}, ${latest.at(-1)})`);
}

const latestTrait = (scope: SqlScope, names: readonly string[], moment: Moment): ValueSql =>
  jsonValue(scope, latestJson(scope, names), moment);

function computedTrait(scope: SqlScope, name: string, moment: Moment): ValueSql {
  scope.computedNames.add(name);
  const named = `name = ${scope.text(name)}`;
  const json = scope.leaf('computed', 'anyIf', `value, ${named}`);
  return jsonValue(scope, json, moment);
}

const withNumber = (value: ValueSql, number: string): ValueSql => ({
  text: value.text,
  number,
  get instant() {
    return value.instant;
  },
  has: value.has,
  isThere: value.isThere,
});

/** Own traits first; else where the latest event that says so came from. */
function placeOf(scope: SqlScope, level: 'country' | 'region' | 'city', moment: Moment): ValueSql {
  const names = level === 'region' ? ['province', 'region', 'state'] : [level];
  const own = latestTrait(scope, names, moment);
  scope.readsEvents('*', null);
  const sent = scope.rows.events.name(`context.location.\`${level}\`::Nullable(String)`);
  const seen = scope.leaf('events', 'argMaxIf', `${sent}, (occurred_at, message_key), ifNull(${sent}, '') != ''`);
  return plainValue(scope, scope.made, scope.made.name(`coalesce(nullIf(${own.text}, ''), ${seen})`), moment);
}

type EventCondition = Extract<SegmentCondition, { kind: 'event' }>;

function compileEvent(scope: SqlScope, condition: EventCondition, moment: Moment): CompiledRule {
  const selected = selectEvents(scope, condition, moment);
  const value = measureEvents(scope, condition.measure, selected.inside, moment);
  const { holds, dues } = testSql(scope, condition.test, value, moment);
  const matters = condition.measure.of === 'count' && asksWhetherAny(condition.test) ? 'any' : 'each';
  return { holds, dues: [...dues, ...selected.dues(matters)] };
}

/** "At least one", "none", and their like: how many makes no difference. */
export function asksWhetherAny(test: ValueTest): boolean {
  if (!('value' in test)) return false;
  const { op, value } = test;
  return (
    ((op === 'at_least' || op === 'less') && value === 1) ||
    ((op === 'is' || op === 'is_not' || op === 'more' || op === 'at_most') && value === 0)
  );
}

function measureEvents(scope: SqlScope, measure: EventMeasure, inside: string, moment: Moment): ValueSql {
  const leaf = (aggregate: string, what: string) => scope.leaf('events', aggregate, `${what}${inside}`);
  switch (measure.of) {
    case 'count':
      return numberValue(leaf('countIf', ''));
    case 'days':
      return numberValue(leaf('uniqExactIf', `toDate(occurred_at, ${scope.text(moment.timeZone)}), `));
    case 'distinct':
      return numberValue(leaf('uniqExactIf', `${propertyValue(scope, measure.property, moment).text}, `));
    case 'sum':
      return numberValue(
        `ifNull(${leaf('sumOrNullIf', `${propertyValue(scope, measure.property, moment).number}, `)}, 0)`,
      );
    case 'average':
      return numberValue(leaf('avgOrNullIf', `${propertyValue(scope, measure.property, moment).number}, `));
    case 'min':
    case 'max':
      return numberValue(leaf(`${measure.of}OrNullIf`, `${propertyValue(scope, measure.property, moment).number}, `));
    case 'first':
    case 'last': {
      const end = measure.of === 'first' ? 'Min' : 'Max';
      if (measure.property === null) return instantValue(leaf(`${end.toLowerCase()}OrNullIf`, 'occurred_at, '));
      const { text, number } = propertyValue(scope, measure.property, moment);
      const found = leaf(`arg${end}If`, `(${text}, ${number}), (occurred_at, message_key), `);
      return withNumber(plainValue(scope, scope.made, `${found}.1`, moment), `${found}.2`);
    }
  }
}

type PurchaseCondition = Extract<SegmentCondition, { kind: 'purchase' }>;

function compilePurchase(
  scope: SqlScope,
  condition: PurchaseCondition,
  { moment, currency }: RuleContext,
): CompiledRule {
  const { measure, window } = condition;
  const isMoney = measure === 'revenue' || measure === 'spent' || measure === 'refunded';
  const kind = measure === 'refunds' || measure === 'refunded' ? 'refund' : 'sale';
  const matches = [
    ...(measure === 'revenue' ? [] : [`kind = '${kind}'`]),
    ...(isMoney ? [`currency = ${scope.text(currency)}`] : []),
    ...condition.where.map(({ property, test }) => {
      const value =
        property === 'unit_price'
          ? numberValue('toFloat64(unit_price)')
          : plainValue(scope, scope.rows.orders, property, moment);
      return testSql(scope, test, value, moment).holds;
    }),
  ];
  const matching = scope.rows.orders.name(matches.join(' AND ') || '1');
  const selected = selectRows(scope, 'orders', { matches: matching, window }, moment);
  const leaf = (aggregate: string, what: string) => scope.leaf('orders', aggregate, `${what}, ${selected.inside}`);
  const minor = 10 ** (currencyExponents.get(currency) ?? 2);
  const amount = () => `${measure === 'refunded' ? '-' : ''}${leaf('sumIf', 'amount_minor')} / ${minor}`;
  const number = isMoney
    ? amount()
    : measure === 'quantity'
      ? leaf('sumIf', 'toFloat64(quantity)')
      : leaf('uniqExactIf', measure === 'items' ? 'item_id' : 'order_id');
  const value = numberValue(number);
  const { holds, dues } = testSql(scope, condition.test, value, moment);
  const matters = asksWhetherAny(condition.test) && !isMoney && measure !== 'quantity' ? 'any' : 'each';
  return { holds, dues: [...dues, ...selected.dues(matters)] };
}

/** Places of a thousandth of a percent. Checked against `bucketOf`, which is the definition. */
function bucketSql(scope: SqlScope, salt: string): string {
  const hashed = `MD5(concat(${scope.text(salt)}, ':', toString(profile_id)))`;
  return `((reinterpretAsUInt32(substring(${hashed}, 1, 4)) % 100000) / 1000)`;
}

/** Where between 0 and 100 a person is for a salt: the first four bytes of MD5("salt:profile"), little end first. */
export function bucketOf(salt: string, profileId: string): number {
  const digest = createHash('md5').update(`${salt}:${profileId}`).digest();
  assert(digest.length === 16, 'MD5 has 16 bytes');
  return (digest.readUInt32LE(0) % 100_000) / 1000;
}
