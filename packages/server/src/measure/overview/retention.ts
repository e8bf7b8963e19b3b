import { date, number, type PanelDefinition, rangeParameters, rate } from './panel.ts';

/**
 * People first seen in a week, and how many of them did something n weeks later. Weeks start on Monday in the workspace's
 * time zone; a week that has not ended by the end of the range is left out rather than shown too low.
 */
export const retentionPanel: PanelDefinition = {
  columns: () => [date('cohort'), number('size'), number('week'), number('people'), rate('rate')],
  ask: (workspace, query) => ({
    name: 'overview-retention',
    parameters: { ...rangeParameters(workspace, query), zone: workspace.timeZone },
    sql: `
      SELECT
        toString(cohort_week) AS cohort,
        maxIf(people, week = 0) OVER (PARTITION BY cohort_week) AS size,
        week,
        people,
        people / size AS rate
      FROM
      (
        SELECT cohort_week, toUInt32(dateDiff('day', cohort_week, active_week) / 7) AS week, count() AS people
        FROM
        (
          SELECT
            profile_id,
            toMonday(toTimeZone(min(occurred_at), {zone:String})) AS cohort_week,
            arrayJoin(groupUniqArray(toMonday(toTimeZone(occurred_at, {zone:String})))) AS active_week
          FROM @person_events
          WHERE type != 'segment' AND occurred_at < {to:DateTime64(3)}
          GROUP BY profile_id
        )
        WHERE cohort_week >= toMonday(toTimeZone({from:DateTime64(3)}, {zone:String}))
          AND addDays(active_week, 7) <= toDate(toTimeZone({to:DateTime64(3)}, {zone:String}))
        GROUP BY cohort_week, week
      )
      ORDER BY cohort_week, week`,
  }),
};
