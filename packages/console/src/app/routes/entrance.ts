import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { isApiError } from '../../api/api-error.ts';
import { sessionQuery } from '../../api/session.ts';
import { setupQuery } from '../../api/setup.ts';
import { firstWorkspaceId } from '../first-workspace-id.ts';
import { rootRoute } from './root.ts';

/** The door: to the workspace last used, to sign-in, or to first-run set-up. */
const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery).catch(async (error: unknown) => {
      if (!isApiError(error) || error.status !== 401) throw error;
      const setup = await context.queryClient.ensureQueryData(setupQuery);
      throw setup.needed ? redirect({ to: '/setup', replace: true }) : redirect({ to: '/sign-in', replace: true });
    });
    const workspaceId = firstWorkspaceId(session);
    if (workspaceId === null) throw redirect({ to: '/no-workspace', replace: true });
    throw redirect({ to: '/w/$workspaceId/overview', params: { workspaceId: String(workspaceId) }, replace: true });
  },
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { token?: string } =>
    typeof search.token === 'string' || typeof search.token === 'number' ? { token: String(search.token) } : {},
  loader: ({ context }) => context.queryClient.ensureQueryData(setupQuery),
  component: lazyRouteComponent(() => import('../../features/entrance/setup-page.tsx'), 'SetupPage'),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  // Only a path of our own: an address of another site must not be followed after sign-in.
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search.to === 'string' && /^\/(?![/\\])/.test(search.to) ? { to: search.to } : {},
  loader: async ({ context }) => {
    const setup = await context.queryClient.ensureQueryData(setupQuery);
    if (setup.needed) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('../../features/entrance/sign-in-page.tsx'), 'SignInPage'),
});

const noWorkspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/no-workspace',
  loader: ({ context }) => context.queryClient.ensureQueryData(sessionQuery),
  component: lazyRouteComponent(() => import('../../features/entrance/no-workspace-page.tsx'), 'NoWorkspacePage'),
});

export const entranceRoutes = [indexRoute, setupRoute, signInRoute, noWorkspaceRoute] as const;
