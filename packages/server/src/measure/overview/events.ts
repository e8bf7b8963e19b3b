import { number, type PanelDefinition, rangeParameters, text } from './panel.ts';

/** What happened most: the 50 most frequent events. */
export const eventsPanel: PanelDefinition = {
  columns: () => [text('name'), number('events'), number('people')],
  ask: (workspace, query) => ({
    name: 'overview-events',
    parameters: rangeParameters(workspace, query),
    sql: `
      SELECT name, count() AS events, uniqExact(profile_id) AS people
      FROM @person_events
      WHERE type != 'segment' AND occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}
      GROUP BY name
      ORDER BY events DESC, name
      LIMIT 50`,
  }),
};
