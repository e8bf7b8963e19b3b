import type { RecommendQuality } from '@zhiyin/contract';
import type { ChartPanel } from '../../../charts/panel-values.ts';

/** The statements behind the page's numbers, one after the other, for a chart's "show the query". */
export function panelQueryOf({ queries }: Pick<RecommendQuality, 'queries'>): Pick<ChartPanel, 'query'> {
  if (queries.length === 0) return {};
  return {
    query: {
      statement: queries.map(({ name, statement }) => `-- ${name}\n${statement.trim()}`).join('\n\n'),
      parameters: {},
      elapsedMs: queries.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
      rowsRead: 0,
    },
  };
}
