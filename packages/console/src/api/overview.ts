import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  type OverviewPanelName,
  type OverviewQuery,
  overviewExtentSchema,
  overviewPanelSchema,
} from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

/** From when to when there is data, for the range a page opens with. */
export const overviewExtentQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'overview', 'extent'],
    queryFn: ({ signal }) => request(overviewExtentSchema, workspacePath(workspaceId, '/overview'), { signal }),
    staleTime: 60_000,
  });

/** One panel of the overview. The numbers before stay, dimmed, while another range is on its way. */
export const overviewPanelQuery = (workspaceId: number, panel: OverviewPanelName, query: OverviewQuery | null) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'overview', panel, query],
    queryFn: ({ signal }) =>
      request(overviewPanelSchema, workspacePath(workspaceId, `/overview/${panel}`), { query: query ?? {}, signal }),
    enabled: query !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
