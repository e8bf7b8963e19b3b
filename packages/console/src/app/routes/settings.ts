import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { workspaceRoute } from './workspace.ts';

const settingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('../../features/settings/settings-layout.tsx'), 'SettingsLayout'),
});
const indexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/settings/account', params, replace: true });
  },
});
const accountRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('../../features/settings/account-page.tsx'), 'AccountPage'),
});
const workspaceSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/workspace',
  component: lazyRouteComponent(() => import('../../features/settings/workspace-page.tsx'), 'WorkspacePage'),
});
const membersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/members',
  component: lazyRouteComponent(() => import('../../features/settings/members-page.tsx'), 'MembersPage'),
});
const keysRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/keys',
  component: lazyRouteComponent(() => import('../../features/settings/keys-page.tsx'), 'KeysPage'),
});
const privacyRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/privacy',
  component: lazyRouteComponent(() => import('../../features/settings/privacy-page.tsx'), 'PrivacyPage'),
});
const modelsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/models',
  component: lazyRouteComponent(
    () => import('../../features/settings/model-endpoint/model-endpoint-page.tsx'),
    'ModelEndpointPage',
  ),
});
const auditRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): { action?: string } =>
    typeof search.action === 'string' && search.action ? { action: search.action } : {},
  component: lazyRouteComponent(() => import('../../features/settings/audit-page.tsx'), 'AuditPage'),
});
const jobsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/jobs',
  component: lazyRouteComponent(() => import('../../features/settings/jobs-page.tsx'), 'JobsPage'),
});

export const settingsRoutes = [
  settingsRoute.addChildren([
    indexRoute,
    accountRoute,
    workspaceSettingsRoute,
    membersRoute,
    keysRoute,
    privacyRoute,
    modelsRoute,
    auditRoute,
    jobsRoute,
  ]),
] as const;
