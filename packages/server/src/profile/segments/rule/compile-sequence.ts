import type { EventSelector, RuleWindow, SegmentCondition } from '@zhiyin/contract';
import type { CompiledRule } from './compile-rule.ts';
import { durationMs, type Moment } from './moment.ts';
import { selectEvents } from './select-events.ts';
import type { SqlScope } from './sql-scope.ts';

type Sequence = Extract<SegmentCondition, { kind: 'sequence' }>;
type Funnel = Extract<SegmentCondition, { kind: 'funnel' }>;

/** How far somebody came: the instants at which a step was reached, in order, and when the way to each began. */
type Level = { readonly times: string; readonly starts: string };

/** Every step later than the one before, within its time of it, and nothing forbidden in between. */
export function compileSequence(scope: SqlScope, { steps, window, did }: Sequence, moment: Moment): CompiledRule {
  const { timesOf, dues } = readTimes(scope, window, moment);
  let level = firstLevel(timesOf(steps[0]!));
  for (const step of steps.slice(1)) {
    level = nextLevel(scope, level, timesOf(step), {
      sincePrevious: step.within && durationMs(step.within),
      sinceFirst: null,
      forbidden: step.without && timesOf(step.without),
    });
  }
  return { holds: `${did ? 'notEmpty' : 'empty'}(${level.times})`, dues };
}

/** Came as far as one step, and not to the next. */
export function compileFunnel(
  scope: SqlScope,
  { steps, within, reached, window }: Funnel,
  moment: Moment,
): CompiledRule {
  const { timesOf, dues } = readTimes(scope, window, moment);
  const sinceFirst = within && durationMs(within);
  const levels: Level[] = [];
  for (const step of steps.slice(0, reached + 1)) {
    const before = levels.at(-1);
    const limits = { sincePrevious: null, sinceFirst, forbidden: null };
    levels.push(before ? nextLevel(scope, before, timesOf(step), limits) : firstLevel(timesOf(step)));
  }
  const further = levels[reached];
  return {
    holds: `notEmpty(${levels[reached - 1]!.times})${further ? ` AND empty(${further.times})` : ''}`,
    dues,
  };
}

function readTimes(scope: SqlScope, window: RuleWindow, moment: Moment) {
  const dues: string[] = [];
  const timesOf = (selector: EventSelector): string => {
    const selected = selectEvents(scope, { ...selector, window }, moment);
    dues.push(...selected.dues('each'));
    const times = scope.leaf('events', 'groupArrayIf', `toUnixTimestamp64Milli(occurred_at), ${selected.inside}`);
    return scope.made.name(`arraySort(${times})`);
  };
  return { timesOf, dues };
}

const firstLevel = (times: string): Level => ({ times, starts: times });

/**
 * One walk over three sorted lists put together: candidates (0), the level before (1), what is forbidden (2). The nearest earlier
 * instant of the level before is always the best: shortest wait, latest start, least in between. At one and the same instant
 * candidates come first, so that "later" means later.
 */
function nextLevel(
  scope: SqlScope,
  before: Level,
  candidates: string,
  limits: { sincePrevious: number | null; sinceFirst: number | null; forbidden: string | null },
): Level {
  const { sincePrevious, sinceFirst, forbidden } = limits;
  const marked = (times: string, mark: number) => `arrayMap(t -> (t, ${mark}), ${times})`;
  const lists = [marked(candidates, 0), marked(before.times, 1), ...(forbidden ? [marked(forbidden, 2)] : [])];
  const walk = scope.made.name(`arraySort(arrayConcat(${lists.join(', ')}))`);
  const counted = (mark: number) => scope.made.name(`arrayCumSum(arrayMap(x -> x.2 = ${mark}, ${walk}))`);
  const conditions = [
    'x.2 = 0',
    'p > 0',
    ...(sincePrevious === null ? [] : [`x.1 - ${before.times}[p] <= ${sincePrevious}`]),
    ...(sinceFirst === null ? [] : [`x.1 - ${before.starts}[p] <= ${sinceFirst}`]),
    ...(forbidden ? [`(f = 0 OR ${forbidden}[f] <= ${before.times}[p])`] : []),
  ];
  const [names, values] = forbidden
    ? ['(x, p, f)', `${walk}, ${counted(1)}, ${counted(2)}`]
    : ['(x, p)', `${walk}, ${counted(1)}`];
  const reached = scope.made.name(
    `arrayFilter(y -> y.3, arrayMap(${names} -> (x.1, ${before.starts}[p], ${conditions.join(' AND ')}), ${values}))`,
  );
  return { times: scope.made.name(`${reached}.1`), starts: scope.made.name(`${reached}.2`) };
}
