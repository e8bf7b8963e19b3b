import type { EventSelector, PropertyTest, RuleScalar, RuleWindow, SegmentRule, ValueTest } from '@zhiyin/contract';
import { addDays, dayOf, startOfDay } from '../../../domain/calendar.ts';
import { bucketOf } from '../rule/compile-condition.ts';

/**
 * The meaning of rules, one person at a time and as plainly as it can be said: what compiled questions and kept membership are compared
 * with. It shares nothing with them but the calendar and the definition of random places.
 */
export type Json = string | number | boolean | null | Json[];
export type ToldEvent = { name: string; at: number; key: string; properties: Record<string, Json> };
export type ToldLine = {
  kind: 'sale' | 'refund';
  orderId: string;
  itemId: string;
  category: string;
  unitPrice: number;
  quantity: number;
  amountMinor: number;
  currency: string;
  at: number;
};
export type ToldPerson = {
  profileId: string;
  events: ToldEvent[];
  lines: ToldLine[];
  traits: { name: string; value: Json; at: number }[];
};
export type ToldMoment = { now: number; timeZone: string };

export function interpretRule(
  rule: SegmentRule,
  person: ToldPerson,
  moment: ToldMoment,
  segments: ReadonlyMap<number, SegmentRule> = new Map(),
): boolean {
  const holds = (inner: SegmentRule) => interpretRule(inner, person, moment, segments);
  switch (rule.kind) {
    case 'all':
      return rule.of.every(holds);
    case 'any':
      return rule.of.some(holds);
    case 'not':
      return !holds(rule.of);
    case 'segment':
      return (segments.has(rule.segmentId) && holds(segments.get(rule.segmentId)!)) === rule.in;
    case 'trait':
      return passes(rule.test, traitOf(person, rule.trait), moment);
    case 'event': {
      const found = select(person, rule, rule.window, moment);
      const { measure } = rule;
      const values = 'property' in measure && measure.property ? found.map((e) => e.properties[measure.property!]) : [];
      const numbers = values.map(asNumber).filter((n) => n !== null);
      const sum = numbers.reduce((a, b) => a + b, 0);
      const results: Record<string, () => Json> = {
        count: () => found.length,
        days: () => new Set(found.map((e) => dayOf(new Date(e.at), moment.timeZone))).size,
        distinct: () => new Set(values.map(asText).filter((text) => text !== null)).size,
        sum: () => sum,
        average: () => (numbers.length ? sum / numbers.length : null),
        min: () => (numbers.length ? Math.min(...numbers) : null),
        max: () => (numbers.length ? Math.max(...numbers) : null),
      };
      if (measure.of !== 'first' && measure.of !== 'last') return passes(rule.test, results[measure.of]!(), moment);
      const one = measure.of === 'first' ? found[0] : found.at(-1);
      if (measure.property === null) return passes(rule.test, one ? new Date(one.at).toISOString() : null, moment);
      return passes(rule.test, one?.properties[measure.property] ?? null, moment);
    }
    case 'purchase': {
      const { measure } = rule;
      const kind = measure === 'refunds' || measure === 'refunded' ? 'refund' : 'sale';
      const isMoney = measure === 'revenue' || measure === 'spent' || measure === 'refunded';
      const lines = person.lines.filter(
        (line) =>
          inWindow(line.at, rule.window, moment) &&
          (measure === 'revenue' || line.kind === kind) &&
          (!isMoney || line.currency === 'CNY') &&
          rule.where.every(({ property, test }) =>
            passes(
              test,
              { item_id: line.itemId, category: line.category, unit_price: line.unitPrice, item_name: '' }[property],
              moment,
            ),
          ),
      );
      const amount = lines.reduce((a, line) => a + line.amountMinor, 0) / 100;
      const value = {
        orders: new Set(lines.map((line) => line.orderId)).size,
        refunds: new Set(lines.map((line) => line.orderId)).size,
        items: new Set(lines.map((line) => line.itemId)).size,
        quantity: lines.reduce((a, line) => a + line.quantity, 0),
        revenue: amount,
        spent: amount,
        refunded: -amount,
      }[measure];
      return passes(rule.test, value, moment);
    }
    case 'sequence':
      return sequenceFound(rule, person, moment) === rule.did;
    case 'funnel': {
      const came = rule.steps.map((_, i) => chainFound(rule.steps.slice(0, i + 1), rule, person, moment));
      return came[rule.reached - 1]! && !came[rule.reached];
    }
    case 'cohort': {
      const sales = person.lines.filter((line) => line.kind === 'sale').map((line) => line.at);
      const seen = rule.by === 'first_seen' ? person.events.map((e) => e.at) : sales;
      const first = seen.length ? new Date(Math.min(...seen)).toISOString() : null;
      return passes({ op: 'within', window: rule.window }, first, moment) === rule.in;
    }
    case 'bucket': {
      const place = bucketOf(rule.salt, person.profileId);
      return rule.from <= place && place < rule.to;
    }
    case 'consent': {
      const said = traitOf(person, `consent_${rule.purpose}`);
      const state = said === null ? 'unknown' : said === true || said === 'yes' ? 'granted' : 'refused';
      return state === rule.state;
    }
    default:
      throw new Error(`the interpreter knows no ${rule.kind}`);
  }
}

function traitOf(person: ToldPerson, name: string): Json {
  const said = person.traits.filter((trait) => trait.name === name);
  return said.length === 0 ? null : said.reduce((a, b) => (b.at > a.at ? b : a)).value;
}

function select(person: ToldPerson, { event, where }: EventSelector, window: RuleWindow, moment: ToldMoment) {
  return person.events
    .filter((e) => event === '*' || e.name === event)
    .filter((e) => inWindow(e.at, window, moment))
    .filter((e) =>
      where.every(({ property, test }: PropertyTest) => passes(test, e.properties[property] ?? null, moment)),
    )
    .toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

function sequenceFound(
  rule: Extract<SegmentRule, { kind: 'sequence' }>,
  person: ToldPerson,
  moment: ToldMoment,
): boolean {
  const times = (selector: EventSelector) => select(person, selector, rule.window, moment).map((e) => e.at);
  const goesOn = (step: number, before: number): boolean => {
    const { within, without } = rule.steps[step]!;
    const forbidden = without ? times(without) : [];
    return times(rule.steps[step]!).some(
      (at) =>
        at > before &&
        (!within || at - before <= within.amount * unitMs[within.unit]) &&
        !forbidden.some((t) => t > before && t < at) &&
        (step + 1 === rule.steps.length || goesOn(step + 1, at)),
    );
  };
  return times(rule.steps[0]!).some((at) => goesOn(1, at));
}

function chainFound(
  steps: readonly EventSelector[],
  { within, window }: Extract<SegmentRule, { kind: 'funnel' }>,
  person: ToldPerson,
  moment: ToldMoment,
): boolean {
  const times = steps.map((step) => select(person, step, window, moment).map((e) => e.at));
  const goesOn = (step: number, before: number, start: number): boolean =>
    step === steps.length ||
    times[step]!.some(
      (at) =>
        at > before && (!within || at - start <= within.amount * unitMs[within.unit]) && goesOn(step + 1, at, start),
    );
  return times[0]!.some((at) => goesOn(1, at, at));
}

const unitMs = { minutes: 60_000, hours: 3_600_000, days: 86_400_000, weeks: 604_800_000 } as const;

function inWindow(at: number, window: RuleWindow, { now, timeZone }: ToldMoment): boolean {
  const today = dayOf(new Date(now), timeZone);
  const day = dayOf(new Date(at), timeZone);
  switch (window.kind) {
    case 'ever':
      return true;
    case 'last':
      return at > now - window.amount * unitMs[window.unit];
    case 'ago':
      return (
        at <= now - window.to * unitMs[window.unit] &&
        (window.from === null || at > now - window.from * unitMs[window.unit])
      );
    case 'since':
      return at >= startOfDay(window.date, timeZone).getTime();
    case 'before':
      return day < window.date;
    case 'between':
      return day >= window.from && day < window.to;
    case 'calendar':
      return sameness(window.period, day) === sameness(window.period, referenceDay(window.period, today));
  }
}

/** Two days with the same word are in the same period. */
function sameness(period: string, day: string): string {
  const month = Number(day.slice(5, 7)) - 1;
  if (period.endsWith('day')) return day;
  if (period.endsWith('week')) return String(Math.floor((Date.parse(day) / 86_400_000 + 3) / 7));
  if (period.endsWith('month')) return day.slice(0, 7);
  return period.endsWith('quarter') ? `${day.slice(0, 4)}/${Math.floor(month / 3)}` : day.slice(0, 4);
}

function referenceDay(period: string, today: string): string {
  const monthStart = `${today.slice(0, 7)}-01`;
  if (period === 'yesterday') return addDays(today, -1);
  if (period === 'last_week') return addDays(today, -7);
  if (period === 'last_month') return addDays(monthStart, -1);
  if (period === 'last_quarter')
    return addDays(
      `${today.slice(0, 4)}-${['01', '04', '07', '10'][Math.floor((Number(today.slice(5, 7)) - 1) / 3)]}-01`,
      -1,
    );
  return period === 'last_year' ? `${Number(today.slice(0, 4)) - 1}-06-01` : today;
}

function asText(value: Json | undefined): string | null {
  return value === null || value === undefined || Array.isArray(value) ? null : String(value);
}

function asNumber(value: Json | undefined): number | null {
  const text = asText(value);
  return text !== null && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

function same(value: Json, wanted: RuleScalar): boolean {
  return typeof wanted === 'number' ? asNumber(value) === wanted : asText(value) === String(wanted);
}

function passes(test: ValueTest, value: Json, moment: ToldMoment): boolean {
  const text = asText(value);
  const number = asNumber(value);
  const at = instantOf(text, moment);
  switch (test.op) {
    case 'is':
      return same(value, test.value);
    case 'is_not':
      return !same(value, test.value);
    case 'one_of':
      return test.values.some((one) => same(value, one));
    case 'none_of':
      return !test.values.some((one) => same(value, one));
    case 'contains':
      return text?.includes(test.text) ?? false;
    case 'not_contains':
      return !text?.includes(test.text);
    case 'starts_with':
      return text?.startsWith(test.text) ?? false;
    case 'more':
      return number !== null && number > test.value;
    case 'less':
      return number !== null && number < test.value;
    case 'at_least':
      return number !== null && number >= test.value;
    case 'at_most':
      return number !== null && number <= test.value;
    case 'between':
      return number !== null && number >= test.from && number <= test.to;
    case 'exists':
      return value !== null && value !== '';
    case 'missing':
      return value === null || value === '';
    case 'has':
      return Array.isArray(value) && value.includes(test.value);
    case 'has_not':
      return !(Array.isArray(value) && value.includes(test.value));
    case 'within':
    case 'not_within': {
      const isPast = test.window.kind !== 'last' || (at !== null && at <= moment.now);
      return (at !== null && isPast && inWindow(at, test.window, moment)) === (test.op === 'within');
    }
    case 'in_next':
      return at !== null && at > moment.now && at <= moment.now + test.amount * unitMs[test.unit];
  }
}

function instantOf(text: string | null, { timeZone }: ToldMoment): number | null {
  if (text === null) return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return startOfDay(text, timeZone).getTime();
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? Date.parse(text) : null;
}
