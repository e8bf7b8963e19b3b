import type { RuleScalar, RuleWindow, ValueTest } from '@zhiyin/contract';
import { computeBounds, nextPeriodAt } from './compute-bounds.ts';
import { durationMs, type Moment } from './moment.ts';
import type { NamedColumns, SqlScope } from './sql-scope.ts';

/** A value in the store, in every way in which it can be compared. Expressions; null where it is not of that type. */
export type ValueSql = {
  readonly text: string;
  readonly number: string;
  readonly instant: string;
  /** Whether a list has an entry. */
  readonly has: (value: RuleScalar) => string;
  readonly isThere: string;
};

/** A test, and the instants (in milliseconds, null: never) at which it could come out differently with the same value. */
export type TestSql = { readonly holds: string; readonly dues: readonly string[] };

const numeric = "'^-?[0-9]+(\\\\.[0-9]+)?([eE][+-]?[0-9]+)?$'";
const dateText = "'^[0-9]{4}-[0-9]{2}-[0-9]{2}$'";
const instantText = "'^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}'";

const numberOf = (text: string) => `if(match(ifNull(${text}, ''), ${numeric}), toFloat64OrNull(${text}), NULL)`;
type Names = Pick<NamedColumns, 'name'>;
const instantOf = (text: string, zone: string) =>
  `multiIf(match(ifNull(${text}, ''), ${dateText}), parseDateTime64BestEffortOrNull(${text}, 3, ${zone}),` +
  ` match(ifNull(${text}, ''), ${instantText}), parseDateTime64BestEffortOrNull(${text}, 3, 'UTC'), NULL)`;

/** A column that is a text already, null or empty where there is none. `names`: where it is a column of. */
export function plainValue(scope: SqlScope, names: Names, text: string, { timeZone }: Moment): ValueSql {
  return {
    text,
    get number() {
      return names.name(numberOf(text));
    },
    get instant() {
      return names.name(instantOf(text, scope.text(timeZone)));
    },
    has: () => '0',
    isThere: `ifNull(${text}, '') != ''`,
  };
}

/** A number, or an instant: an aggregate over events. */
export const numberValue = (number: string): ValueSql => ({
  text: `toString(${number})`,
  number,
  instant: "CAST(NULL, 'Nullable(DateTime64(3))')",
  has: () => '0',
  isThere: `isNotNull(${number})`,
});
export const instantValue = (instant: string): ValueSql => ({
  text: `toString(${instant})`,
  number: "CAST(NULL, 'Nullable(Float64)')",
  instant,
  has: () => '0',
  isThere: `isNotNull(${instant})`,
});

/** A trait: JSON as text, empty where there is none. */
export function jsonValue(scope: SqlScope, json: string, moment: Moment): ValueSql {
  const text = scope.made.name(
    `multiIf(JSONType(${json}) = 'String', JSONExtractString(${json}),` +
      ` JSONType(${json}) IN ('Int64', 'UInt64', 'Double', 'Bool'), ${json}, NULL)`,
  );
  const plain = plainValue(scope, scope.made, text, moment);
  return Object.defineProperties({} as ValueSql, {
    ...Object.getOwnPropertyDescriptors(plain),
    has: { value: (value: RuleScalar) => `has(JSONExtractArrayRaw(${json}), ${scope.text(JSON.stringify(value))})` },
    isThere: { value: `${json} NOT IN ('', 'null', '""')` },
  });
}

/** A property of an event: a path in a JSON column. */
export function propertyValue(scope: SqlScope, property: string, { timeZone }: Moment): ValueSql {
  const seen = scope.rows.events;
  const path = pathSql(property);
  const typed = (type: string) => seen.name(`${path}.:${type}`);
  const textOf = () => seen.name(`if(startsWith(dynamicType(${path}), 'Array'), NULL, ${path}::Nullable(String))`);
  return {
    get text() {
      return textOf();
    },
    get number() {
      return seen.name(`coalesce(${typed('Float64')}, toFloat64(${typed('Int64')}), ${numberOf(textOf())})`);
    },
    get instant() {
      return seen.name(instantOf(textOf(), scope.text(timeZone)));
    },
    has(value) {
      if (typeof value !== 'number') return `has(${typed('`Array(Nullable(String))`')}, ${scope.text(String(value))})`;
      const lists = ['Int64', 'Float64'].map((type) => typed(`\`Array(Nullable(${type}))\``));
      return `(${lists.map((list) => `has(${list}, ${scope.number(value)})`).join(' OR ')})`;
    },
    get isThere() {
      return `(${seen.name(`isNotNull(${path})`)} AND ifNull(${textOf()}, 'list') != '')`;
    },
  };
}

/** `context.` leads into what was sent beside the event. Names may hold anything but a quote; each is quoted. */
export function pathSql(property: string): string {
  const [column, rest] = property.startsWith('context.') ? ['context', property.slice(8)] : ['properties', property];
  return `${column}.${rest
    .split('.')
    .map((name) => `\`${name}\``)
    .join('.')}`;
}

/** What no path can name, for who checks rules. */
export const isPath = (property: string): boolean =>
  property.split('.').every((name) => name !== '' && !/[`\\\u0000-\u001f]/.test(name));

export function testSql(scope: SqlScope, test: ValueTest, value: ValueSql, moment: Moment): TestSql {
  const sure = (condition: string) => `ifNull(${condition}, 0)`;
  const always = (condition: string): TestSql => ({ holds: sure(condition), dues: [] });
  switch (test.op) {
    case 'is':
      return always(equals(scope, value, [test.value]));
    case 'is_not':
      return always(`NOT ${sure(equals(scope, value, [test.value]))}`);
    case 'one_of':
      return always(equals(scope, value, test.values));
    case 'none_of':
      return always(`NOT ${sure(equals(scope, value, test.values))}`);
    case 'contains':
      return always(`position(${value.text}, ${scope.text(test.text)}) > 0`);
    case 'not_contains':
      return always(`NOT ${sure(`position(${value.text}, ${scope.text(test.text)}) > 0`)}`);
    case 'starts_with':
      return always(`startsWith(${value.text}, ${scope.text(test.text)})`);
    case 'more':
      return always(`${value.number} > ${scope.number(test.value)}`);
    case 'less':
      return always(`${value.number} < ${scope.number(test.value)}`);
    case 'at_least':
      return always(`${value.number} >= ${scope.number(test.value)}`);
    case 'at_most':
      return always(`${value.number} <= ${scope.number(test.value)}`);
    case 'between':
      return always(`${value.number} BETWEEN ${scope.number(test.from)} AND ${scope.number(test.to)}`);
    case 'exists':
      return always(value.isThere);
    case 'missing':
      return always(`NOT ${sure(value.isThere)}`);
    case 'has':
      return always(value.has(test.value));
    case 'has_not':
      return always(`NOT ${sure(value.has(test.value))}`);
    case 'within':
      return withinSql(scope, test.window, value.instant, moment);
    case 'not_within': {
      const within = withinSql(scope, test.window, value.instant, moment);
      return { holds: `NOT ${within.holds}`, dues: within.dues };
    }
    case 'in_next': {
      const now = moment.now.getTime();
      const length = durationMs(test);
      const at = msOf(value.instant);
      return {
        holds: sure(`${at} > ${now} AND ${at} <= ${now + length}`),
        // It comes near, and it passes.
        dues: [`if(${at} > ${now + length}, ${at} - ${length}, ${at})`],
      };
    }
  }
}

const msOf = (instant: string): string => `toUnixTimestamp64Milli(${instant})`;

function equals(scope: SqlScope, value: ValueSql, wanted: readonly RuleScalar[]): string {
  const numbers = wanted.filter((one) => typeof one === 'number');
  const texts = wanted.filter((one) => typeof one !== 'number').map(String);
  const parts = [
    ...(numbers.length > 0 ? [`ifNull(has(${scope.numbers(numbers)}, ${value.number}), 0)`] : []),
    ...(texts.length > 0 ? [`ifNull(has(${scope.texts(texts)}, ${value.text}), 0)`] : []),
  ];
  return parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`;
}

/** An instant in a window. Of rolling ones only what has been: a birthday to come is not "within the last 30 days". */
export function withinSql(scope: SqlScope, window: RuleWindow, instant: string, moment: Moment): TestSql {
  const now = moment.now.getTime();
  const { from, to } = computeBounds(window, moment);
  const end = window.kind === 'last' ? now + 1 : to;
  const parts = [
    ...(from === null ? [] : [`${instant} >= ${scope.instant(from)}`]),
    ...(end === null ? [] : [`${instant} < ${scope.instant(end)}`]),
  ];
  const holds = parts.length > 0 ? `ifNull(${parts.join(' AND ')}, 0)` : `isNotNull(${instant})`;
  return { holds, dues: withinDues(window, msOf(instant), moment) };
}

function withinDues(window: RuleWindow, at: string, moment: Moment): string[] {
  const now = moment.now.getTime();
  switch (window.kind) {
    case 'last':
      return [`if(${at} > ${now}, ${at}, ${at} + ${durationMs(window)})`];
    case 'ago': {
      const { unit } = window;
      const enters = `${at} + ${durationMs({ amount: window.to, unit })}`;
      const leaves = window.from === null ? [] : [`${at} + ${durationMs({ amount: window.from, unit })}`];
      return [enters, ...leaves];
    }
    case 'calendar':
      return [`if(isNull(${at}), NULL, ${nextPeriodAt(window.period, moment)})`];
    default:
      return [];
  }
}
