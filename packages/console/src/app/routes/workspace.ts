import { createRoute, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router';
import { isApiError } from '../../api/api-error.ts';
import { sessionQuery } from '../../api/session.ts';
import { rootRoute } from './root.ts';

/** Everything inside a workspace. Nobody signed in: to the entrance, and back here afterwards. */
export const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/w/$workspaceId',
  beforeLoad: async ({ context, params, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery).catch((error: unknown) => {
      if (isApiError(error) && error.status === 401) throw redirect({ to: '/sign-in', search: { to: location.href } });
      throw error;
    });
    const workspace = session.workspaces.find(({ id }) => String(id) === params.workspaceId);
    if (!workspace) throw notFound();
    return { session, workspace };
  },
  component: lazyRouteComponent(() => import('../shell/shell.tsx'), 'Shell'),
});

export const workspaceIndexRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/overview', params, replace: true });
  },
});
