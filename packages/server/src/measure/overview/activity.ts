import { date, number, type PanelDefinition, periodSql, rangeParameters } from './panel.ts';

/** How many people did something, how many came for the first time, and how much happened, period by period. */
export const activityPanel: PanelDefinition = {
  columns: () => [date('date'), number('active_people'), number('new_people'), number('events')],
  ask: (workspace, query) => ({
    name: 'overview-activity',
    parameters: { ...rangeParameters(workspace, query), zone: workspace.timeZone },
    sql: `
      SELECT
        ${periodSql(query.granularity, 'occurred_at')} AS date,
        uniqExact(profile_id) AS active_people,
        uniqExactIf(profile_id, occurred_at = first_seen) AS new_people,
        count() AS events
      FROM @person_events AS happened
      ANY LEFT JOIN
      (
        SELECT profile_id, min(occurred_at) AS first_seen
        FROM @person_events
        WHERE type != 'segment'
        GROUP BY profile_id
      ) AS beginnings USING (profile_id)
      WHERE type != 'segment' AND occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}
      GROUP BY date
      ORDER BY date`,
  }),
};
