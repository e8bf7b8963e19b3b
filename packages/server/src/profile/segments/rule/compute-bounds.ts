import type { CalendarPeriod, RuleWindow } from '@zhiyin/contract';
import { addDays, dayOf, startOfDay } from '../../../domain/calendar.ts';
import { durationMs, type Moment } from './moment.ts';

/** Half-open, in milliseconds; null: without that end. */
export type Bounds = { readonly from: number | null; readonly to: number | null };

/** The instants that a window covers at a moment. Rolling windows take in what happened later than `amount` before now. */
export function computeBounds(window: RuleWindow, { now, timeZone }: Moment): Bounds {
  const nowMs = now.getTime();
  const dayMs = (day: string) => startOfDay(day, timeZone).getTime();
  switch (window.kind) {
    case 'ever':
      return { from: null, to: null };
    case 'last':
      return { from: nowMs - durationMs(window) + 1, to: null };
    case 'ago': {
      const { unit } = window;
      const from = window.from === null ? null : nowMs - durationMs({ amount: window.from, unit }) + 1;
      return { from, to: nowMs - durationMs({ amount: window.to, unit }) + 1 };
    }
    case 'calendar': {
      const [from, to] = periodDays(window.period, dayOf(now, timeZone));
      return { from: dayMs(from), to: dayMs(to) };
    }
    case 'since':
      return { from: dayMs(window.date), to: null };
    case 'before':
      return { from: null, to: dayMs(window.date) };
    case 'between':
      return { from: dayMs(window.from), to: dayMs(window.to) };
  }
}

/** When a window of the calendar becomes another one. */
export function nextPeriodAt(period: CalendarPeriod, { now, timeZone }: Moment): number {
  const current = period === 'yesterday' ? 'today' : (period.replace('last_', 'this_') as CalendarPeriod);
  return startOfDay(periodDays(current, dayOf(now, timeZone))[1], timeZone).getTime();
}

/** First day, and the day behind the last. */
function periodDays(period: CalendarPeriod, today: string): [string, string] {
  switch (period) {
    case 'today':
      return [today, addDays(today, 1)];
    case 'yesterday':
      return [addDays(today, -1), today];
    case 'this_week':
    case 'last_week': {
      const monday = addDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7));
      return period === 'this_week' ? [monday, addDays(monday, 7)] : [addDays(monday, -7), monday];
    }
    case 'this_month':
      return [firstOfMonth(today, 0), firstOfMonth(today, 1)];
    case 'last_month':
      return [firstOfMonth(today, -1), firstOfMonth(today, 0)];
    case 'this_quarter':
      return [firstOfMonth(today, -monthInQuarter(today)), firstOfMonth(today, 3 - monthInQuarter(today))];
    case 'last_quarter':
      return [firstOfMonth(today, -3 - monthInQuarter(today)), firstOfMonth(today, -monthInQuarter(today))];
    case 'this_year':
      return [`${today.slice(0, 4)}-01-01`, `${nextYear(today, 1)}-01-01`];
    case 'last_year':
      return [`${nextYear(today, -1)}-01-01`, `${today.slice(0, 4)}-01-01`];
  }
}

const monthInQuarter = (day: string): number => (Number(day.slice(5, 7)) - 1) % 3;
const nextYear = (day: string, years: number): string => String(Number(day.slice(0, 4)) + years).padStart(4, '0');

function firstOfMonth(day: string, months: number): string {
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}
