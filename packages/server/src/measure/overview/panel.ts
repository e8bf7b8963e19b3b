import type { OverviewQuery, Panel } from '@zhiyin/contract';
import { addDays, daysBetween, startOfDay } from '../../domain/calendar.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Question } from '../../storage/events/event-store.ts';

type Column = Panel['columns'][number];

/** One question of the overview: its columns and its SQL, nothing else. */
export type PanelDefinition = {
  readonly columns: (workspace: Workspace) => Column[];
  readonly ask: (workspace: Workspace, query: OverviewQuery) => Question;
};

export const text = (key: string): Column => ({ key, type: 'text' });
export const number = (key: string): Column => ({ key, type: 'number' });
export const rate = (key: string): Column => ({ key, type: 'rate' });
export const date = (key: string): Column => ({ key, type: 'date' });
export const money =
  (key: string) =>
  (workspace: Workspace): Column => ({ key, type: 'money', currency: workspace.currency });

/** The asked range and the equally long one before it, as instants. */
export function rangeParameters(workspace: Workspace, query: { from: string; to: string }) {
  const days = Math.max(1, daysBetween(query.from, query.to));
  return {
    from: startOfDay(query.from, workspace.timeZone),
    to: startOfDay(query.to, workspace.timeZone),
    previous: startOfDay(addDays(query.from, -days), workspace.timeZone),
  };
}

/** Start of the period in which `instant` (SQL) falls, as a calendar day of the workspace. */
export function periodSql(granularity: OverviewQuery['granularity'], instant: string): string {
  const local = `toTimeZone(${instant}, {zone:String})`;
  if (granularity === 'week') return `toString(toMonday(${local}))`;
  if (granularity === 'month') return `toString(toStartOfMonth(${local}))`;
  return `toString(toDate(${local}))`;
}
