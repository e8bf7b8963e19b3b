import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { workspaceRoute } from './workspace.ts';

const recommendRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/recommend',
  component: lazyRouteComponent(() => import('../../features/recommend/recommend-layout.tsx'), 'RecommendLayout'),
});
const indexRoute = createRoute({
  getParentRoute: () => recommendRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/recommend/surfaces', params, replace: true });
  },
});
const surfacesRoute = createRoute({
  getParentRoute: () => recommendRoute,
  path: '/surfaces',
  component: lazyRouteComponent(() => import('../../features/recommend/surfaces/surfaces-page.tsx'), 'SurfacesPage'),
});

export interface SurfaceSearch {
  /** Whom the preview is for. */
  person?: string;
  /** Item looked at, or items in the cart, separated by commas. */
  items?: string;
}
const surfaceRoute = createRoute({
  getParentRoute: () => recommendRoute,
  path: '/surfaces/$surface',
  validateSearch: (search: Record<string, unknown>): SurfaceSearch => ({
    // Ids have more digits than a number holds: they stay text, with quotes in the address.
    ...(/^\d{1,20}$/.test(String(search.person ?? '')) ? { person: String(search.person) } : {}),
    ...(search.items !== undefined && search.items !== '' ? { items: String(search.items).slice(0, 2_000) } : {}),
  }),
  component: lazyRouteComponent(() => import('../../features/recommend/surface/surface-page.tsx'), 'SurfacePage'),
});
const modelsRoute = createRoute({
  getParentRoute: () => recommendRoute,
  path: '/models',
  validateSearch: (search: Record<string, unknown>): { version?: number } => {
    const version = Number(search.version);
    return Number.isSafeInteger(version) && version > 0 ? { version } : {};
  },
  component: lazyRouteComponent(() => import('../../features/recommend/models/models-page.tsx'), 'ModelsPage'),
});
const trainingRoute = createRoute({
  getParentRoute: () => recommendRoute,
  path: '/training',
  component: lazyRouteComponent(() => import('../../features/recommend/training/training-page.tsx'), 'TrainingPage'),
});
const qualityRoute = createRoute({
  getParentRoute: () => recommendRoute,
  path: '/quality',
  validateSearch: (search: Record<string, unknown>): { from?: string; to?: string; surface?: string } => ({
    ...pickText(search, 'from'),
    ...pickText(search, 'to'),
    ...pickText(search, 'surface'),
  }),
  component: lazyRouteComponent(() => import('../../features/recommend/quality/quality-page.tsx'), 'QualityPage'),
});

export const recommendRoutes = [
  recommendRoute.addChildren([indexRoute, surfacesRoute, surfaceRoute, modelsRoute, trainingRoute, qualityRoute]),
] as const;

function pickText<Key extends string>(search: Record<string, unknown>, key: Key): { [key in Key]?: string } {
  const value = search[key];
  return typeof value === 'string' && value !== '' ? ({ [key]: value.slice(0, 80) } as { [key in Key]?: string }) : {};
}
