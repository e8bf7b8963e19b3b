import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
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
  component: lazyRouteComponent(() => import('../../features/data/sources-page.tsx'), 'SourcesPage'),
});

export const dataRoutes = [dataRoute.addChildren([indexRoute, sourcesRoute])] as const;
