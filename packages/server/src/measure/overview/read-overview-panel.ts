import type { OverviewExtent, OverviewPanelName, OverviewQuery, Panel } from '@zhiyin/contract';
import { toInstantOrNull, toNumber } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { activityPanel } from './activity.ts';
import { channelsPanel } from './channels.ts';
import { eventsPanel } from './events.ts';
import { funnelPanel } from './funnel.ts';
import type { PanelDefinition } from './panel.ts';
import { productsPanel } from './products.ts';
import { retentionPanel } from './retention.ts';
import { revenuePanel } from './revenue.ts';
import { summaryPanel } from './summary.ts';

export const overviewPanels: Readonly<Record<OverviewPanelName, PanelDefinition>> = {
  summary: summaryPanel,
  activity: activityPanel,
  revenue: revenuePanel,
  funnel: funnelPanel,
  retention: retentionPanel,
  products: productsPanel,
  events: eventsPanel,
  channels: channelsPanel,
};

/** Asks one panel's question and hands back its rows together with the statement that gave them. */
export async function readOverviewPanel(
  stores: Stores,
  workspace: Workspace,
  name: OverviewPanelName,
  query: OverviewQuery,
  now: () => Date = () => new Date(),
): Promise<Panel> {
  const panel = overviewPanels[name];
  const columns = panel.columns(workspace);
  const question = panel.ask(workspace, query);
  const answer = await stores.events.read<Record<string, string | number | null>>(workspace.id, question, {
    timeoutMs: 30_000,
  });
  return {
    name,
    columns,
    rows: answer.rows.map((row) =>
      Object.fromEntries(
        columns.map(({ key, type }) => [
          key,
          type === 'text' || type === 'date' ? String(row[key] ?? '') : toNumber(row[key] ?? 0),
        ]),
      ),
    ),
    query: {
      statement: answer.statement,
      parameters: { ...question.parameters },
      elapsedMs: answer.elapsedMs,
      rowsRead: answer.rowsRead,
    },
    asOf: now().toISOString(),
  };
}

/** Which range has data at all: where the first view should look. */
export async function readOverviewExtent(stores: Stores, workspace: Workspace): Promise<OverviewExtent> {
  const answer = await stores.events.read<{ first: string; last: string; events: string }>(workspace.id, {
    name: 'overview-extent',
    sql: "SELECT min(occurred_at) AS first, max(occurred_at) AS last, count() AS events FROM @events WHERE type != 'segment'",
  });
  const row = answer.rows[0];
  const events = toNumber(row?.events ?? 0);
  return {
    firstEventAt: events && row ? toInstantOrNull(row.first) : null,
    lastEventAt: events && row ? toInstantOrNull(row.last) : null,
    events,
  };
}
