import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { QuarantineFilter } from '@zhiyin/contract';
import { workspaceRoute } from './workspace.ts';

const dataRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/data',
  component: lazyRouteComponent(() => import('../../features/data/data-layout.tsx'), 'DataLayout'),
});
const indexRoute = createRoute({
  getParentRoute: () => dataRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/data/sources', params, replace: true });
  },
});
const sourcesRoute = createRoute({
  getParentRoute: () => dataRoute,
  path: '/sources',
  validateSearch: (search: Record<string, unknown>): { source?: number } => pickNumber(search, 'source'),
  component: lazyRouteComponent(() => import('../../features/data/sources/sources-page.tsx'), 'SourcesPage'),
});
const liveRoute = createRoute({
  getParentRoute: () => dataRoute,
  path: '/live',
  validateSearch: (search: Record<string, unknown>): { name?: string; sourceId?: number } => ({
    ...pickText(search, 'name'),
    ...pickNumber(search, 'sourceId'),
  }),
  component: lazyRouteComponent(() => import('../../features/data/live/live-page.tsx'), 'LivePage'),
});
const importsRoute = createRoute({
  getParentRoute: () => dataRoute,
  path: '/imports',
  component: lazyRouteComponent(() => import('../../features/data/imports/imports-page.tsx'), 'ImportsPage'),
});
const importRoute = createRoute({
  getParentRoute: () => dataRoute,
  path: '/imports/$importId',
  component: lazyRouteComponent(() => import('../../features/data/imports/import-page.tsx'), 'ImportPage'),
});
const healthRoute = createRoute({
  getParentRoute: () => dataRoute,
  path: '/health',
  component: lazyRouteComponent(() => import('../../features/data/health/health-page.tsx'), 'HealthPage'),
});
const quarantineRoute = createRoute({
  getParentRoute: () => dataRoute,
  path: '/quarantine',
  validateSearch: (search: Record<string, unknown>): QuarantineFilter => ({
    ...pickText(search, 'reason'),
    ...pickNumber(search, 'sourceId'),
    ...pickNumber(search, 'importId'),
    ...pickText(search, 'event'),
    ...pickText(search, 'text'),
    ...(search.state === 'replayed' || search.state === 'discarded' ? { state: search.state } : {}),
  }),
  component: lazyRouteComponent(() => import('../../features/data/quarantine/quarantine-page.tsx'), 'QuarantinePage'),
});
const shelves = ['items', 'reviews', 'spend'] as const;
export type Shelf = (typeof shelves)[number];
const libraryRoute = createRoute({
  getParentRoute: () => dataRoute,
  path: '/library',
  validateSearch: (search: Record<string, unknown>): { shelf?: Shelf; search?: string } => ({
    ...(shelves.includes(search.shelf as Shelf) ? { shelf: search.shelf as Shelf } : {}),
    ...pickText(search, 'search'),
  }),
  component: lazyRouteComponent(() => import('../../features/data/library/library-page.tsx'), 'LibraryPage'),
});

export const dataRoutes = [
  dataRoute.addChildren([
    indexRoute,
    sourcesRoute,
    liveRoute,
    importsRoute,
    importRoute,
    healthRoute,
    quarantineRoute,
    libraryRoute,
  ]),
] as const;

/** The router reads digits in an address as a number; a text to look for may be one. */
function pickText<Key extends string>(search: Record<string, unknown>, key: Key): { [key in Key]?: string } {
  const value = search[key];
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return {};
  return { [key]: String(value).slice(0, 200) } as { [key in Key]?: string };
}

function pickNumber<Key extends string>(search: Record<string, unknown>, key: Key): { [key in Key]?: number } {
  const value = Number(search[key]);
  if (!Number.isSafeInteger(value) || value <= 0) return {};
  return { [key]: value } as { [key in Key]?: number };
}
