import type {
  EventMeasure,
  EventSelector,
  RuleWindow,
  SegmentCondition,
  SegmentRule,
  ValueTest,
} from '@zhiyin/contract';
import { dayOf } from '../../../domain/calendar.ts';
import { currencyExponents } from '../../../domain/currencies.ts';
import { asksWhetherAny, bucketOf, type LeafCondition, type RuleContext } from './compile-condition.ts';
import type { OwnRule } from './compile-rule.ts';
import { computeBounds, nextPeriodAt } from './compute-bounds.ts';
import { evaluateFunnel, evaluateSequence } from './evaluate-sequence.ts';
import { type Facts, type Needs, regionTraits, type SeenEvent } from './facts.ts';
import { durationMs, type Moment } from './moment.ts';
import { membershipEvents } from './select-events.ts';
import { cellValue, instantOnly, numberOnly, testValue, type Value, within } from './test-value.ts';

/** The same meaning as `compileRule`, for one person whose facts are in hand: how many rules are asked of a few people. */
export type Finding = {
  readonly kind: SegmentRule['kind'];
  readonly holds: boolean;
  readonly value: string | null;
  readonly dues: readonly number[];
  readonly of: readonly Finding[];
};

export type Asked = { readonly context: RuleContext; readonly needs: Needs };

export function evaluateRule(rule: OwnRule, profileId: string, facts: Facts, asked: Asked): Finding {
  if (rule.kind === 'not') {
    const inner = evaluateRule(rule.of, profileId, facts, asked);
    return { kind: 'not', holds: !inner.holds, value: null, dues: inner.dues, of: [inner] };
  }
  if ('of' in rule) {
    const of = rule.of.map((inner) => evaluateRule(inner, profileId, facts, asked));
    const holds = rule.kind === 'all' ? of.every((one) => one.holds) : of.some((one) => one.holds);
    return { kind: rule.kind, holds, value: null, dues: of.flatMap(({ dues }) => dues), of };
  }
  return { kind: rule.kind, of: [], ...evaluateCondition(rule, profileId, facts, asked) };
}

/** The first of some instants that is still to come. */
export function earliestDue(dues: readonly number[], { now }: Moment): number | null {
  let earliest = Number.POSITIVE_INFINITY;
  for (const due of dues) if (due > now.getTime() && due < earliest) earliest = due;
  return Number.isFinite(earliest) ? earliest : null;
}

type Found = Pick<Finding, 'holds' | 'value' | 'dues'>;

function evaluateCondition(condition: LeafCondition, profileId: string, facts: Facts, asked: Asked): Found {
  const { moment } = asked.context;
  switch (condition.kind) {
    case 'trait':
      return tested(condition.test, cellValue(facts.traits.get(condition.trait), moment), moment);
    case 'computed':
      return tested(condition.test, cellValue(facts.computed.get(condition.name), moment), moment);
    case 'event':
      return evaluateEvent(condition, facts, asked);
    case 'purchase':
      return evaluatePurchase(condition, facts, asked.context);
    case 'sequence':
    case 'funnel': {
      const dues: number[] = [];
      const timesOf = (selector: EventSelector) => {
        const { rows, dues: own } = selectEvents(facts, { ...selector, window: condition.window }, 'each', asked);
        dues.push(...own);
        return rows.map(({ at }) => at);
      };
      const { holds, at } =
        condition.kind === 'sequence' ? evaluateSequence(condition, timesOf) : evaluateFunnel(condition, timesOf);
      return { holds, value: instantOnly(at).text, dues };
    }
    case 'list':
      return isIn(facts.lists.has(condition.listId), condition.in);
    case 'tag':
      return isIn(facts.tags.has(condition.tag), condition.in);
    case 'cohort': {
      const sales = facts.lines.filter(({ kind }) => kind === 'sale').map(({ at }) => at);
      const firstSale = sales.length > 0 ? sales.reduce((a, b) => Math.min(a, b)) : null;
      const first = condition.by === 'first_seen' ? facts.firstSeenAt : firstSale;
      const { holds, dues } = within(condition.window, first, moment);
      return { holds: holds === condition.in, value: instantOnly(first).text, dues };
    }
    case 'bucket': {
      const place = bucketOf(condition.salt, profileId);
      return { holds: condition.from <= place && place < condition.to, value: String(place), dues: [] };
    }
    case 'place': {
      const names = condition.level === 'region' ? regionTraits : [condition.level];
      const own = names.map((name) => cellValue(facts.traits.get(name), moment)).find(({ text }) => text);
      return tested(condition.test, own ?? cellValue(facts.places[condition.level] || null, moment), moment);
    }
    case 'consent': {
      const said = facts.traits.get(`consent_${condition.purpose}`) ?? null;
      const granted = said === true || said === 1 || said === 'true' || said === 'yes' || said === 'granted';
      const state = said === null ? 'unknown' : granted ? 'granted' : 'refused';
      return { holds: state === condition.state, value: state, dues: [] };
    }
  }
}

function tested(test: ValueTest, value: Value, moment: Moment): Found {
  const shown = value.list ? JSON.stringify(value.list) : value.text;
  return { ...testValue(test, value, moment), value: shown };
}

const isIn = (isThere: boolean, wanted: boolean): Found => ({
  holds: isThere === wanted,
  value: String(isThere),
  dues: [],
});

type Selected<Row> = { readonly rows: readonly Row[]; readonly dues: readonly number[] };

function selectEvents(
  facts: Facts,
  { event, where, window }: EventSelector & { window: RuleWindow },
  matters: 'any' | 'each',
  { context: { moment }, needs }: Asked,
): Selected<SeenEvent> {
  const isMatch = ({ name, cells }: SeenEvent) =>
    (event === '*' ? !(membershipEvents as readonly string[]).includes(name) : name === event) &&
    where.every(
      ({ property, test }) => testValue(test, cellValue(cells[needs.properties.get(property)!], moment), moment).holds,
    );
  return inWindow(facts.events.filter(isMatch), window, matters, moment);
}

/** Rows in the window, and when it takes in or lets go of one: see `windowDues`. */
function inWindow<Row extends { readonly at: number }>(
  matching: readonly Row[],
  window: RuleWindow,
  matters: 'any' | 'each',
  moment: Moment,
): Selected<Row> {
  const { from, to } = computeBounds(window, moment);
  const rows = matching.filter(({ at }) => (from === null || at >= from) && (to === null || at < to));
  const end = (list: readonly Row[], which: 'first' | 'last', after: number): number[] => {
    if (list.length === 0) return [];
    const pick = which === 'first' ? Math.min : Math.max;
    return [list.reduce((best, { at }) => pick(best, at), list[0]!.at) + after];
  };
  const leaving = matters === 'any' ? 'last' : 'first';
  switch (window.kind) {
    case 'last':
      return { rows, dues: end(rows, leaving, durationMs(window)) };
    case 'ago': {
      const { unit } = window;
      const coming = matching.filter(({ at }) => at >= to!);
      const enters = end(coming, 'first', durationMs({ amount: window.to, unit }));
      const leaves = window.from === null ? [] : end(rows, leaving, durationMs({ amount: window.from, unit }));
      return { rows, dues: [...enters, ...leaves] };
    }
    case 'calendar':
      return { rows, dues: matching.some(({ at }) => at >= from!) ? [nextPeriodAt(window.period, moment)] : [] };
    default:
      return { rows, dues: [] };
  }
}

type EventCondition = Extract<SegmentCondition, { kind: 'event' }>;

function evaluateEvent(condition: EventCondition, facts: Facts, asked: Asked): Found {
  const { moment } = asked.context;
  const matters = condition.measure.of === 'count' && asksWhetherAny(condition.test) ? 'any' : 'each';
  const { rows, dues } = selectEvents(facts, condition, matters, asked);
  const found = tested(condition.test, measureEvents(condition.measure, rows, asked), moment);
  return { ...found, dues: [...found.dues, ...dues] };
}

function measureEvents(measure: EventMeasure, rows: readonly SeenEvent[], { context, needs }: Asked): Value {
  const { moment } = context;
  if (measure.of === 'count') return numberOnly(rows.length);
  if (measure.of === 'days')
    return numberOnly(new Set(rows.map(({ at }) => dayOf(new Date(at), moment.timeZone))).size);
  if (measure.of === 'first' || measure.of === 'last') {
    const row = measure.of === 'first' ? rows[0] : rows.at(-1);
    const { property } = measure;
    return property === null
      ? instantOnly(row?.at ?? null)
      : cellValue(row?.cells[needs.properties.get(property)!], moment);
  }
  const place = needs.properties.get(measure.property as string)!;
  const values = rows.map(({ cells }) => cellValue(cells[place], moment));
  if (measure.of === 'distinct') {
    return numberOnly(new Set(values.map(({ text }) => text).filter((text) => text !== null)).size);
  }
  const numbers = values.map(({ number }) => number).filter((number) => number !== null);
  const sum = numbers.reduce((a, b) => a + b, 0);
  if (measure.of === 'sum') return numberOnly(sum);
  if (numbers.length === 0) return numberOnly(null);
  if (measure.of === 'average') return numberOnly(sum / numbers.length);
  return numberOnly(numbers.reduce((a, b) => Math[measure.of as 'min' | 'max'](a, b)));
}

type PurchaseCondition = Extract<SegmentCondition, { kind: 'purchase' }>;

function evaluatePurchase(condition: PurchaseCondition, facts: Facts, { moment, currency }: RuleContext): Found {
  const { measure, where, window } = condition;
  const isMoney = measure === 'revenue' || measure === 'spent' || measure === 'refunded';
  const kind = measure === 'refunds' || measure === 'refunded' ? 'refund' : 'sale';
  const matching = facts.lines.filter(
    (line) =>
      (measure === 'revenue' || line.kind === kind) &&
      (!isMoney || line.currency === currency) &&
      where.every(({ property, test }) => testValue(test, cellValue(line[property], moment), moment).holds),
  );
  const matters = asksWhetherAny(condition.test) && !isMoney && measure !== 'quantity' ? 'any' : 'each';
  const { rows, dues } = inWindow(matching, window, matters, moment);
  const total = (of: 'amountMinor' | 'quantity') => rows.reduce((sum, line) => sum + line[of], 0);
  const number = isMoney
    ? ((measure === 'refunded' ? -1 : 1) * total('amountMinor')) / 10 ** (currencyExponents.get(currency) ?? 2)
    : measure === 'quantity'
      ? total('quantity')
      : new Set(rows.map((line) => (measure === 'items' ? line.item_id : line.order_id))).size;
  const found = tested(condition.test, numberOnly(number), moment);
  return { ...found, dues: [...found.dues, ...dues] };
}
