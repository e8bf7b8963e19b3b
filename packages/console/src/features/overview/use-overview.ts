import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { OverviewExtent, OverviewQuery } from '@zhiyin/contract';
import { overviewPanelQuery } from '../../api/overview.ts';
import { useRange } from '../../components/use-range.ts';
import { useWorkspace } from '../../components/workspace-context.ts';
import { dayOf } from '../../format/format-instant.ts';

export type Granularity = OverviewQuery['granularity'];
const granularities: readonly Granularity[] = ['day', 'week', 'month'];

/** What the overview asks for: range and granularity from the address bar, and all panels of that range. */
export function useOverview(extent: OverviewExtent) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const lastDay = dayOf(extent.lastEventAt ?? new Date(), timeZone);
  const { range, setRange } = useRange({ days: 30, lastDay });
  const search = useSearch({ strict: false }) as { granularity?: Granularity };
  const navigate = useNavigate();
  const granularity = granularities.find((name) => name === search.granularity) ?? 'day';
  const setGranularity = (next: Granularity) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, granularity: next }) as never, replace: true });

  const query: OverviewQuery = { ...range, granularity };
  // Panels that do not depend on granularity are not asked again when it changes.
  const plain: OverviewQuery = { ...range, granularity: 'day' };
  return {
    range,
    setRange,
    lastDay,
    firstDay: extent.firstEventAt === null ? undefined : dayOf(extent.firstEventAt, timeZone),
    granularity,
    setGranularity,
    summary: useQuery(overviewPanelQuery(workspaceId, 'summary', plain)),
    activity: useQuery(overviewPanelQuery(workspaceId, 'activity', query)),
    revenue: useQuery(overviewPanelQuery(workspaceId, 'revenue', query)),
    funnel: useQuery(overviewPanelQuery(workspaceId, 'funnel', plain)),
    retention: useQuery(overviewPanelQuery(workspaceId, 'retention', plain)),
    products: useQuery(overviewPanelQuery(workspaceId, 'products', plain)),
    events: useQuery(overviewPanelQuery(workspaceId, 'events', plain)),
    channels: useQuery(overviewPanelQuery(workspaceId, 'channels', plain)),
  };
}
export type Overview = ReturnType<typeof useOverview>;
