import type { EventSelector, SegmentCondition } from '@zhiyin/contract';
import { durationMs } from './moment.ts';

type Sequence = Extract<SegmentCondition, { kind: 'sequence' }>;
type Funnel = Extract<SegmentCondition, { kind: 'funnel' }>;
type TimesOf = (selector: EventSelector) => readonly number[];

/** Step by step the instants at which it was reached, each with the start of the way there, in order of time. */
type Level = readonly { readonly at: number; readonly start: number }[];

export function evaluateSequence({ steps, did }: Sequence, timesOf: TimesOf): { holds: boolean; at: number | null } {
  let level = firstLevel(timesOf(steps[0]!));
  for (const step of steps.slice(1)) {
    const forbidden = step.without ? timesOf(step.without) : [];
    level = nextLevel(level, timesOf(step), {
      sincePrevious: step.within ? durationMs(step.within) : Number.POSITIVE_INFINITY,
      sinceFirst: Number.POSITIVE_INFINITY,
      forbidden,
    });
  }
  return { holds: level.length > 0 === did, at: level.at(-1)?.at ?? null };
}

export function evaluateFunnel(
  { steps, within, reached }: Funnel,
  timesOf: TimesOf,
): { holds: boolean; at: number | null } {
  const sinceFirst = within ? durationMs(within) : Number.POSITIVE_INFINITY;
  const levels: Level[] = [];
  for (const step of steps.slice(0, reached + 1)) {
    const before = levels.at(-1);
    const times = timesOf(step);
    const limits = { sincePrevious: Number.POSITIVE_INFINITY, sinceFirst, forbidden: [] };
    levels.push(before ? nextLevel(before, times, limits) : firstLevel(times));
  }
  const came = levels[reached - 1]!;
  return { holds: came.length > 0 && !levels[reached]?.length, at: came.at(-1)?.at ?? null };
}

const firstLevel = (times: readonly number[]): Level => times.map((at) => ({ at, start: at }));

/** The nearest earlier instant of the level before is always the best: shortest wait, latest start, least in between. */
function nextLevel(
  before: Level,
  times: readonly number[],
  limits: { sincePrevious: number; sinceFirst: number; forbidden: readonly number[] },
): Level {
  const level: { at: number; start: number }[] = [];
  let p = 0;
  let f = 0;
  for (const at of times) {
    while (p < before.length && before[p]!.at < at) p += 1;
    while (f < limits.forbidden.length && limits.forbidden[f]! < at) f += 1;
    const previous = before[p - 1];
    if (!previous) continue;
    const isDisturbed = f > 0 && limits.forbidden[f - 1]! > previous.at;
    const isInTime = at - previous.at <= limits.sincePrevious && at - previous.start <= limits.sinceFirst;
    if (isInTime && !isDisturbed) level.push({ at, start: previous.start });
  }
  return level;
}
