import type { CalendarPeriod, RuleWindow, TimeUnit } from '@zhiyin/contract';
import { addDays } from '../../../domain/calendar.ts';
import type { Reader } from './open-reader.ts';
import { numberPattern, toNumber } from './read-number.ts';

const unitWords: readonly [pattern: RegExp, unit: TimeUnit, times: number][] = [
  [/^(?:分钟|min)/i, 'minutes', 1],
  [/^(?:小时|hour)/i, 'hours', 1],
  [/^(?:天|日|day)/i, 'days', 1],
  [/^(?:周|星期|week)/i, 'weeks', 1],
  [/^(?:月|month)/i, 'days', 30],
  [/^(?:年|year)/i, 'days', 365],
];
const unit = '(分钟|小时|天|日|周|星期|月|年|minutes?|hours?|days?|weeks?|months?|years?)';
const amount = `(${numberPattern})\\s*个?\\s*${unit}`;

const periods: readonly [pattern: RegExp, period: CalendarPeriod][] = [
  [/今天|今日|\btoday\b/i, 'today'],
  [/昨天|昨日|\byesterday\b/i, 'yesterday'],
  [/本周|这周|这个星期|\bthis week\b/i, 'this_week'],
  [/上周|上个星期|\blast week\b/i, 'last_week'],
  [/本月|这个月|当月|\bthis month\b/i, 'this_month'],
  [/上个?月|\blast month\b/i, 'last_month'],
  [/本季度|这个季度|\bthis quarter\b/i, 'this_quarter'],
  [/上个?季度|\blast quarter\b/i, 'last_quarter'],
  [/今年|本年|\bthis year\b/i, 'this_year'],
  [/去年|\blast year\b/i, 'last_year'],
];

const date = '(\\d{4})(?:-|/|年)(\\d{1,2})(?:-|/|月)(\\d{1,2})日?';
const dayOfMatch = (match: RegExpMatchArray, from: number): string =>
  `${match[from]}-${match[from + 1]!.padStart(2, '0')}-${match[from + 2]!.padStart(2, '0')}`;

type FoundWindow = { readonly window: RuleWindow; readonly index: number };

/** When: `近30天`, `本月`, `since 2026-01-01`. A month is 30 days and a year 365 where they are counted back from now. */
export function takeWindow(reader: Reader): FoundWindow | undefined {
  const range = reader.take(
    new RegExp(`(?:between|from|从)?\\s*${date}\\s*(?:到|至|~|to|and|until)\\s*${date}(?:之间|期间)?`, 'i'),
  );
  // Both days are named, so both belong to it; the rule ends before its second day.
  if (range) {
    const to = dayOfMatch(range, 4);
    if (Number.isNaN(Date.parse(to))) return undefined;
    return give({ kind: 'between', from: dayOfMatch(range, 1), to: addDays(to, 1) }, range);
  }
  const before = reader.take(new RegExp(`\\bbefore\\s+${date}|${date}\\s*(?:之前|以前|前)`, 'i'));
  if (before) return give({ kind: 'before', date: dayOfMatch(before, before[1] ? 1 : 4) }, before);
  const since = reader.take(
    new RegExp(`\\b(?:since|from)\\s+${date}|(?:自从?|从)?${date}\\s*(?:以来|之后|以后|后|起|开始)|自从?${date}`, 'i'),
  );
  if (since) return give({ kind: 'since', date: dayOfMatch(since, since[1] ? 1 : since[4] ? 4 : 7) }, since);
  const between = reader.take(
    new RegExp(`(?:between\\s+)?(${numberPattern})\\s*(?:到|至|-|~|and|to)\\s*${amount}\\s*(?:之?前|ago)`, 'i'),
  );
  if (between) {
    const { amount: end, unit, times } = durationOf(between, 2);
    const ends = [toNumber(between[1]!) * times, end];
    return give({ kind: 'ago', from: Math.max(...ends), to: Math.min(...ends), unit }, between);
  }
  const ago = reader.take(new RegExp(`(?:more than\\s+)?${amount}\\s*(?:以前|之?前|ago)`, 'i'));
  if (ago) {
    const { amount: to, unit } = durationOf(ago, 1);
    return give({ kind: 'ago', from: null, to, unit }, ago);
  }
  const last = reader.take(
    new RegExp(
      `(?:在?(?:最近的?|过去的?|近|前)\\s*${amount}(?:之内|以内|以来|内|里|中)?|${amount}(?:之内|以内|以来|内|里)|(?:(?:in|within|over|during|for)\\s+)?(?:the\\s+)?(?:last|past)\\s+${amount}|\\bwithin\\s+${amount})`,
      'i',
    ),
  );
  if (last) return give(lastOf(last, [1, 3, 5, 7].find((at) => last[at] !== undefined)!), last);
  const pastOne = reader.take(/(?:\b(?:in|within|over|during|for)\s+)?(?:the\s+)?\bpast\s+(day|week|month|year)\b/i);
  if (pastOne) return give(lastOf(['', '1', pastOne[1]!], 1), pastOne);
  for (const [pattern, period] of periods) {
    const match = reader.take(pattern);
    if (match) return give({ kind: 'calendar', period }, match);
  }
  return undefined;
}

/** `30天没来过`, `inactive for 30 days`: a time without a word for past, said of what did not happen. */
export function takeTimeWithout(reader: Reader): RuleWindow | undefined {
  const match = reader.take(new RegExp(`\\bfor\\s+(?:more than\\s+|at least\\s+)?${amount}|(?:超过)?${amount}`, 'i'));
  return match ? lastOf(match, match[1] ? 1 : 3) : undefined;
}

const give = (window: RuleWindow, match: RegExpMatchArray): FoundWindow => ({ window, index: match.index! });

function lastOf(match: readonly (string | undefined)[], at: number): RuleWindow {
  const { amount, unit } = durationOf(match, at);
  return { kind: 'last', amount, unit };
}

function durationOf(match: readonly (string | undefined)[], at: number) {
  const [, unit, times] = unitWords.find(([pattern]) => pattern.test(match[at + 1]!))!;
  return { amount: toNumber(match[at]!) * times, unit, times };
}
