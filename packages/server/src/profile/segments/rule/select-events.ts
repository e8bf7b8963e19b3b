import type { EventSelector, RuleWindow } from '@zhiyin/contract';
import { type Bounds, computeBounds, nextPeriodAt } from './compute-bounds.ts';
import { durationMs, type Moment } from './moment.ts';
import type { SqlScope } from './sql-scope.ts';
import { propertyValue, testSql } from './value-sql.ts';

/** Membership's own events are no deeds: rules that asked for "any event" would move themselves. */
export const membershipEvents = ['segment_entered', 'segment_left'] as const;

export type SelectedRows = {
  /** True for a row that matches and lies in the window. */
  readonly inside: string;
  /**
   * When the window takes in or lets go of one of these rows. `any`: it only matters whether there is one at all, so that the last to
   * leave counts; `each`: every one that leaves counts.
   */
  readonly dues: (matters: 'any' | 'each') => string[];
};

export function selectEvents(
  scope: SqlScope,
  { event, where, window }: EventSelector & { window: RuleWindow },
  moment: Moment,
): SelectedRows {
  const tests = where.map(({ property, test }) => testSql(scope, test, propertyValue(scope, property, moment), moment));
  const named =
    event === '*'
      ? `name NOT IN (${membershipEvents.map((name) => `'${name}'`).join(', ')})`
      : `name = ${scope.text(event)}`;
  const matches = scope.rows.events.name([named, ...tests.map(({ holds }) => holds)].join(' AND '));
  scope.readsEvents(event, computeBounds(window, moment).from);
  return selectRows(scope, 'events', { matches, window }, moment);
}

export function selectRows(
  scope: SqlScope,
  source: 'events' | 'orders',
  { matches, window }: { readonly matches: string; readonly window: RuleWindow },
  moment: Moment,
): SelectedRows {
  const bounds = computeBounds(window, moment);
  return {
    inside: limited(scope, source, matches, bounds),
    dues: (matters) => windowDues(scope, source, { matches, window, bounds, matters }, moment),
  };
}

function limited(scope: SqlScope, source: 'events' | 'orders', matches: string, { from, to }: Bounds): string {
  const limits = [
    ...(from === null ? [] : [`occurred_at >= ${scope.instant(from)}`]),
    ...(to === null ? [] : [`occurred_at < ${scope.instant(to)}`]),
  ];
  return limits.length === 0 ? matches : scope.rows[source].name([matches, ...limits].join(' AND '));
}

function windowDues(
  scope: SqlScope,
  source: 'events' | 'orders',
  selected: { matches: string; window: RuleWindow; bounds: Bounds; matters: 'any' | 'each' },
  moment: Moment,
): string[] {
  const { matches, window, bounds, matters } = selected;
  const extreme = (aggregate: 'min' | 'max', limits: Bounds) =>
    scope.leaf(
      source,
      `${aggregate}OrNullIf`,
      `toUnixTimestamp64Milli(occurred_at), ${limited(scope, source, matches, limits)}`,
    );
  const leaving = matters === 'any' ? 'max' : 'min';
  switch (window.kind) {
    case 'last':
      return [`${extreme(leaving, bounds)} + ${durationMs(window)}`];
    case 'ago': {
      const { from, to, unit } = window;
      const enters = `${extreme('min', { from: bounds.to, to: null })} + ${durationMs({ amount: to, unit })}`;
      if (from === null) return [enters];
      return [enters, `${extreme(leaving, bounds)} + ${durationMs({ amount: from, unit })}`];
    }
    case 'calendar': {
      const last = extreme('max', { from: bounds.from, to: null });
      return [`if(isNull(${last}), NULL, ${nextPeriodAt(window.period, moment)})`];
    }
    default:
      return [];
  }
}
