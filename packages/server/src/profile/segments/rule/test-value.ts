import type { RuleScalar, RuleWindow, ValueTest } from '@zhiyin/contract';
import { startOfDay } from '../../../domain/calendar.ts';
import { computeBounds, nextPeriodAt } from './compute-bounds.ts';
import type { Cell } from './facts.ts';
import { durationMs, type Moment } from './moment.ts';

/** The same meaning as `testSql`, for a value in hand. `dues`: instants at which it could come out differently with the same value. */
export type TestResult = { readonly holds: boolean; readonly dues: readonly number[] };

/** How a value can be compared; numbers and instants are read when they are asked for. */
export type Value = {
  readonly text: string | null;
  readonly number: number | null;
  readonly instant: number | null;
  readonly list: readonly Cell[] | null;
  readonly isThere: boolean;
};

const numeric = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

export function cellValue(cell: Cell | undefined, { timeZone }: Moment): Value {
  const list = typeof cell === 'object' && cell !== null ? (Array.isArray(cell) ? cell : []) : null;
  const text = cell === null || cell === undefined || list ? null : String(cell);
  return {
    text,
    list,
    get number() {
      return text !== null && numeric.test(text) ? Number(text) : null;
    },
    get instant() {
      return text === null ? null : parseInstant(text, timeZone);
    },
    isThere: list !== null || (text !== null && text !== ''),
  };
}

export const numberOnly = (number: number | null): Value => ({
  text: number === null ? null : String(number),
  number,
  instant: null,
  list: null,
  isThere: number !== null,
});
export const instantOnly = (instant: number | null): Value => ({
  text: instant === null ? null : new Date(instant).toISOString(),
  number: null,
  instant,
  list: null,
  isThere: instant !== null,
});

function parseInstant(text: string, timeZone: string): number | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return Number.isNaN(Date.parse(text)) ? null : startOfDay(text, timeZone).getTime();
  }
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return null;
  // Without a zone it is UTC, as the event store has it.
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const ms = Date.parse(hasZone ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? null : ms;
}

export function testValue(test: ValueTest, value: Value, moment: Moment): TestResult {
  const always = (holds: boolean): TestResult => ({ holds, dues: [] });
  const number = (compare: (number: number) => boolean) => {
    const own = value.number;
    return always(own !== null && compare(own));
  };
  switch (test.op) {
    case 'is':
      return always(equals(value, test.value));
    case 'is_not':
      return always(!equals(value, test.value));
    case 'one_of':
      return always(test.values.some((one) => equals(value, one)));
    case 'none_of':
      return always(!test.values.some((one) => equals(value, one)));
    case 'contains':
      return always(value.text?.includes(test.text) ?? false);
    case 'not_contains':
      return always(!(value.text?.includes(test.text) ?? false));
    case 'starts_with':
      return always(value.text?.startsWith(test.text) ?? false);
    case 'more':
      return number((own) => own > test.value);
    case 'less':
      return number((own) => own < test.value);
    case 'at_least':
      return number((own) => own >= test.value);
    case 'at_most':
      return number((own) => own <= test.value);
    case 'between':
      return number((own) => own >= test.from && own <= test.to);
    case 'exists':
      return always(value.isThere);
    case 'missing':
      return always(!value.isThere);
    case 'has':
      return always(value.list !== null && hasEntry(value.list, test.value));
    case 'has_not':
      return always(!(value.list !== null && hasEntry(value.list, test.value)));
    case 'within':
      return within(test.window, value.instant, moment);
    case 'not_within': {
      const { holds, dues } = within(test.window, value.instant, moment);
      return { holds: !holds, dues };
    }
    case 'in_next': {
      const at = value.instant;
      if (at === null) return always(false);
      const [now, length] = [moment.now.getTime(), durationMs(test)];
      return { holds: at > now && at <= now + length, dues: [at > now + length ? at - length : at] };
    }
  }
}

function equals(value: Value, wanted: RuleScalar): boolean {
  return typeof wanted === 'number' ? value.number === wanted : value.text === String(wanted);
}

/** Whole numbers come as text from the event store when they are long. */
const hasEntry = (list: readonly Cell[], wanted: RuleScalar): boolean =>
  list.some((entry) => entry === wanted || (typeof wanted === 'number' && entry === String(wanted)));

/** An instant in a window. Of rolling ones only what has been. */
export function within(window: RuleWindow, at: number | null, moment: Moment): TestResult {
  if (at === null) return { holds: false, dues: [] };
  const now = moment.now.getTime();
  const { from, to } = computeBounds(window, moment);
  const end = window.kind === 'last' ? now + 1 : to;
  const holds = (from === null || at >= from) && (end === null || at < end);
  switch (window.kind) {
    case 'last':
      return { holds, dues: [at > now ? at : at + durationMs(window)] };
    case 'ago': {
      const ends = window.from === null ? [window.to] : [window.to, window.from];
      return { holds, dues: ends.map((amount) => at + durationMs({ amount, unit: window.unit })) };
    }
    case 'calendar':
      return { holds, dues: [nextPeriodAt(window.period, moment)] };
    default:
      return { holds, dues: [] };
  }
}
