import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { PageSkeleton } from '../components/skeletons.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PageError } from './page-error.tsx';
import { customerRoutes } from './routes/customers.ts';
import { dataRoutes } from './routes/data.ts';
import { entranceRoutes } from './routes/entrance.ts';
import { overviewRoutes } from './routes/overview.ts';
import { peopleRoutes } from './routes/people.ts';
import { predictionRoutes } from './routes/predictions.ts';
import { recommendRoutes } from './routes/recommend.ts';
import { rootRoute } from './routes/root.ts';
import { segmentRoutes } from './routes/segments.ts';
import { settingsRoutes } from './routes/settings.ts';
import { workspaceIndexRoute, workspaceRoute } from './routes/workspace.ts';

const routeTree = rootRoute.addChildren([
  ...entranceRoutes,
  workspaceRoute.addChildren([
    workspaceIndexRoute,
    ...overviewRoutes,
    ...dataRoutes,
    ...peopleRoutes,
    ...segmentRoutes,
    ...customerRoutes,
    ...predictionRoutes,
    ...recommendRoutes,
    ...settingsRoutes,
  ]),
]);

export const createConsoleRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingComponent: PageSkeleton,
    defaultPendingMs: 150,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
