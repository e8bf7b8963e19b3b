import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type SegmentRule, segmentRuleSchema } from '@zhiyin/contract';
import { workspaceRoute } from './workspace.ts';

export const segmentTabs = ['people', 'differences', 'overlap', 'out'] as const;
export type SegmentTab = (typeof segmentTabs)[number];

const layoutRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/segments',
  component: lazyRouteComponent(() => import('../../features/segments/segments-layout.tsx'), 'SegmentsLayout'),
});
const segmentsRoute = createRoute({
  getParentRoute: () => layoutRoute,
  path: '/',
  validateSearch: (search: Record<string, unknown>): { search?: string; state?: 'archived' } => ({
    ...(search.search !== undefined && search.search !== '' ? { search: String(search.search).slice(0, 120) } : {}),
    ...(search.state === 'archived' ? { state: 'archived' } : {}),
  }),
  component: lazyRouteComponent(() => import('../../features/segments/list/segments-page.tsx'), 'SegmentsPage'),
});
const newRoute = createRoute({
  getParentRoute: () => layoutRoute,
  path: '/new',
  // Other pages bring a rule along: a cluster, a group of customers.
  validateSearch: (search: Record<string, unknown>): { rule?: SegmentRule } => {
    const rule = segmentRuleSchema.safeParse(search.rule);
    return rule.success ? { rule: rule.data } : {};
  },
  component: lazyRouteComponent(() => import('../../features/segments/builder/builder-page.tsx'), 'NewSegmentPage'),
});
const segmentRoute = createRoute({
  getParentRoute: () => layoutRoute,
  path: '/$segmentId',
  validateSearch: (search: Record<string, unknown>): { tab?: SegmentTab } =>
    segmentTabs.includes(search.tab as SegmentTab) ? { tab: search.tab as SegmentTab } : {},
  component: lazyRouteComponent(() => import('../../features/segments/segment/segment-page.tsx'), 'SegmentPage'),
});
const editRoute = createRoute({
  getParentRoute: () => layoutRoute,
  path: '/$segmentId/edit',
  component: lazyRouteComponent(() => import('../../features/segments/builder/builder-page.tsx'), 'EditSegmentPage'),
});
const listsRoute = createRoute({
  getParentRoute: () => layoutRoute,
  path: '/lists',
  component: lazyRouteComponent(() => import('../../features/segments/lists/lists-page.tsx'), 'ListsPage'),
});
const listRoute = createRoute({
  getParentRoute: () => layoutRoute,
  path: '/lists/$listId',
  component: lazyRouteComponent(() => import('../../features/segments/lists/list-page.tsx'), 'ListPage'),
});
const traitsRoute = createRoute({
  getParentRoute: () => layoutRoute,
  path: '/traits',
  component: lazyRouteComponent(() => import('../../features/segments/traits/traits-page.tsx'), 'TraitsPage'),
});
const destinationsRoute = createRoute({
  getParentRoute: () => layoutRoute,
  path: '/destinations',
  component: lazyRouteComponent(
    () => import('../../features/segments/exports/destinations-page.tsx'),
    'DestinationsPage',
  ),
});

export const segmentRoutes = [
  layoutRoute.addChildren([
    segmentsRoute,
    newRoute,
    segmentRoute,
    editRoute,
    listsRoute,
    listRoute,
    traitsRoute,
    destinationsRoute,
  ]),
] as const;
