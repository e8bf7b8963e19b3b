import {
  findRuleTooLarge,
  type RuleNote,
  ruleLimits,
  type SegmentCondition,
  type SegmentRule,
  saidNote,
  type ValueOp,
  type ValueTest,
} from '@zhiyin/contract';
import { AppError } from '../../../domain/app-error.ts';
import { membershipEvents } from './select-events.ts';
import { isPath } from './value-sql.ts';

/** What is known of a brand's data: names to compare those of a rule with. */
export type KnownNames = {
  readonly events: ReadonlyMap<string, ReadonlySet<string>>;
  readonly traits: ReadonlySet<string>;
  readonly computed: ReadonlySet<string>;
};

const numberOps: ReadonlySet<ValueOp> = new Set([
  'is',
  'is_not',
  'one_of',
  'none_of',
  'more',
  'less',
  'at_least',
  'at_most',
  'between',
  'exists',
  'missing',
]);
const dateOps: ReadonlySet<ValueOp> = new Set(['within', 'not_within', 'in_next', 'exists', 'missing']);

/** A rule is looked at before its schema parses it: one that is nested very deep must not cost a parser its stack. */
export function refuseTooLarge(rule: unknown): void {
  const found = findRuleTooLarge(rule);
  if (!found) return;
  const isDepth = found.problem === 'depth';
  refuse(
    found.path,
    isDepth
      ? `is nested deeper than ${ruleLimits.depthMax} groups`
      : `is one of more than ${ruleLimits.conditionsMax} conditions`,
    isDepth ? 'Flatten the groups.' : 'Make a segment of a part of it and use that one.',
  );
}

/** Refuses what cannot be asked, with the place in the rule; gives what is odd and can be kept. */
export function checkRule(rule: SegmentRule, known: KnownNames | null): RuleNote[] {
  const notes: RuleNote[] = [];
  checkPart(rule, '', { known, notes });
  return notes;
}

type Checking = { readonly known: KnownNames | null; readonly notes: RuleNote[] };

function checkPart(rule: SegmentRule, path: string, checking: Checking): void {
  const inner = (name: string) => (path === '' ? name : `${path}.${name}`);
  if (rule.kind === 'not') {
    checkPart(rule.of, inner('of'), checking);
    return;
  }
  if ('of' in rule) {
    if (rule.of.length === 0)
      checking.notes.push({ path, ...saidNote(rule.kind === 'all' ? 'rule_everybody' : 'rule_nobody') });
    if (rule.kind === 'all') noteContradictions(rule.of, path, checking);
    for (const [i, one] of rule.of.entries()) checkPart(one, inner(`of[${i}]`), checking);
    return;
  }
  checkCondition(rule, path, checking);
}

function checkCondition(condition: SegmentCondition, path: string, checking: Checking): void {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const { notes, known } = checking;
  const noteUnknown = (name: string, names: Iterable<string> | undefined, place: string) => {
    const all = [...(names ?? [])];
    if (!known || all.includes(name)) return;
    const nearest = nearestName(name, all);
    notes.push({
      path: place,
      ...(nearest ? saidNote('rule_unknown_near', { name, nearest }) : saidNote('rule_unknown', { name })),
    });
  };
  const checkSelector = (
    selector: { event: string; where: { property: string; test: ValueTest }[] },
    place: string,
  ) => {
    const inPlace = (name: string) => (place === '' ? name : `${place}.${name}`);
    if ((membershipEvents as readonly string[]).includes(selector.event)) {
      refuse(
        inPlace('event'),
        `${selector.event} is what segments lead to`,
        'Use a condition on the segment itself: kind "segment".',
      );
    }
    if (selector.event !== '*') noteUnknown(selector.event, known?.events.keys(), inPlace('event'));
    for (const [i, { property, test }] of selector.where.entries()) {
      const where = inPlace(`where[${i}]`);
      if (!isPath(property))
        refuse(`${where}.property`, `"${property}" cannot be a property`, 'Leave out ` and \\ and empty names.');
      if (selector.event !== '*' && known?.events.has(selector.event) && !property.startsWith('context.')) {
        noteUnknown(property.split('.')[0]!, known.events.get(selector.event), `${where}.property`);
      }
      checkTest(test, `${where}.test`, notes);
      refuseRelative(test, `${where}.test`);
    }
  };
  if ('window' in condition) noteEmptyWindow(condition.window, at('window'), notes);
  if ('test' in condition) checkTest(condition.test, at('test'), notes);
  switch (condition.kind) {
    case 'trait':
      noteUnknown(condition.trait, known?.traits, at('trait'));
      return;
    case 'computed':
      noteUnknown(condition.name, known?.computed, at('name'));
      return;
    case 'event': {
      checkSelector(condition, path);
      const { measure } = condition;
      if ('property' in measure && measure.property !== null && !isPath(measure.property)) {
        refuse(
          at('measure.property'),
          `"${measure.property}" cannot be a property`,
          'Leave out ` and \\ and empty names.',
        );
      }
      const isEnd = measure.of === 'first' || measure.of === 'last';
      if (isEnd && measure.property !== null) return;
      refuseOp(condition.test, isEnd ? dateOps : numberOps, at('test'), isEnd ? 'an instant' : 'a number');
      return;
    }
    case 'purchase':
      for (const [i, { test }] of condition.where.entries()) {
        checkTest(test, at(`where[${i}].test`), notes);
        refuseRelative(test, at(`where[${i}].test`));
      }
      refuseOp(condition.test, numberOps, at('test'), 'a number');
      return;
    case 'sequence':
      for (const [i, step] of condition.steps.entries()) {
        checkSelector(step, at(`steps[${i}]`));
        if (step.without) checkSelector(step.without, at(`steps[${i}].without`));
      }
      return;
    case 'funnel':
      for (const [i, step] of condition.steps.entries()) checkSelector(step, at(`steps[${i}]`));
      if (condition.reached > condition.steps.length) {
        refuse(
          at('reached'),
          `is ${condition.reached} and there are ${condition.steps.length} steps`,
          'Name one of the steps.',
        );
      }
      return;
    case 'bucket':
      if (condition.from >= condition.to) notes.push({ path, ...saidNote('rule_empty_range') });
      return;
    default:
      return;
  }
}

function checkTest(test: ValueTest, path: string, notes: RuleNote[]): void {
  if (test.op === 'between' && test.from > test.to) notes.push({ path, ...saidNote('rule_empty_range') });
  if (test.op === 'within' || test.op === 'not_within') noteEmptyWindow(test.window, `${path}.window`, notes);
}

type Window = Extract<SegmentCondition, { kind: 'event' }>['window'];

function noteEmptyWindow(window: Window, path: string, notes: RuleNote[]): void {
  const isEmpty =
    (window.kind === 'between' && window.from >= window.to) ||
    (window.kind === 'ago' && window.from !== null && window.from <= window.to);
  if (isEmpty) notes.push({ path, ...saidNote('rule_empty_window') });
}

function refuseOp(test: ValueTest, allowed: ReadonlySet<ValueOp>, path: string, what: string): void {
  if (allowed.has(test.op)) return;
  refuse(`${path}.op`, `"${test.op}" does not fit ${what}`, `Use one of: ${[...allowed].join(', ')}.`);
}

/** What a property says does not change; whether it lies within the last days would, row by row. */
function refuseRelative(test: ValueTest, path: string): void {
  const isRelative =
    test.op === 'in_next' ||
    ((test.op === 'within' || test.op === 'not_within') && ['last', 'ago', 'calendar'].includes(test.window.kind));
  if (isRelative) refuse(path, 'a property of an event is compared with fixed days', 'Use since, before or between.');
}

/** Two conditions of a group that cannot both hold. */
function noteContradictions(rules: readonly SegmentRule[], path: string, { notes }: Checking): void {
  const groups = new Map<string, { test: ValueTest; i: number }[]>();
  for (const [i, rule] of rules.entries()) {
    if (!('test' in rule)) continue;
    const { test, ...rest } = rule;
    const key = JSON.stringify(rest);
    groups.set(key, [...(groups.get(key) ?? []), { test, i }]);
  }
  for (const group of groups.values()) {
    const clash = group.find(({ test }, n) => group.slice(0, n).some((other) => excludes(other.test, test)));
    if (clash) notes.push({ path: `${path && `${path}.`}of[${clash.i}]`, ...saidNote('rule_contradiction') });
  }
}

function excludes(a: ValueTest, b: ValueTest): boolean {
  const [only, others] = [fixedValues(a), fixedValues(b)];
  if (only && others) return !only.some((value) => others.includes(value));
  const [x, y] = [rangeOf(a), rangeOf(b)];
  if (x && y) return Math.max(x[0], y[0]) > Math.min(x[1], y[1]);
  const pair = [a.op, b.op];
  return (
    pair.includes('missing') &&
    pair.some((op) => !['missing', 'is_not', 'none_of', 'not_contains', 'has_not', 'not_within'].includes(op))
  );
}

function fixedValues(test: ValueTest): readonly unknown[] | undefined {
  if (test.op === 'is') return [test.value];
  return test.op === 'one_of' ? test.values : undefined;
}

function rangeOf(test: ValueTest): [number, number] | undefined {
  const tiny = 1e-9;
  switch (test.op) {
    case 'is':
      return typeof test.value === 'number' ? [test.value, test.value] : undefined;
    case 'more':
      return [test.value + tiny, Number.POSITIVE_INFINITY];
    case 'at_least':
      return [test.value, Number.POSITIVE_INFINITY];
    case 'less':
      return [Number.NEGATIVE_INFINITY, test.value - tiny];
    case 'at_most':
      return [Number.NEGATIVE_INFINITY, test.value];
    case 'between':
      return [test.from, test.to];
    default:
      return undefined;
  }
}

function nearestName(name: string, names: readonly string[]): string | undefined {
  const near = names
    .map((other) => ({ other, distance: editDistance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, distance }) => distance <= Math.max(2, Math.floor(Math.max(name.length, other.length) / 3)));
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.other;
}

/** Letters to change, add or leave out. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}

export function refuse(path: string, problem: string, fix: string): never {
  const field = path === '' ? 'rule' : `rule.${path}`;
  throw new AppError('input.invalid', `${field}: ${problem}`, { details: { field, fix } });
}
