import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { workspaceRoute } from './workspace.ts';

const customersRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/customers',
  component: lazyRouteComponent(() => import('../../features/customers/customers-layout.tsx'), 'CustomersLayout'),
});
const indexRoute = createRoute({
  getParentRoute: () => customersRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/customers/overview', params, replace: true });
  },
});
const overviewRoute = createRoute({
  getParentRoute: () => customersRoute,
  path: '/overview',
  validateSearch: (search: Record<string, unknown>): { group?: string; back?: number } => ({
    ...(typeof search.group === 'string' && search.group ? { group: search.group.slice(0, 40) } : {}),
    ...([30, 90, 180, 365].includes(Number(search.back)) ? { back: Number(search.back) } : {}),
  }),
  component: lazyRouteComponent(() => import('../../features/customers/overview/customers-page.tsx'), 'CustomersPage'),
});
const clustersRoute = createRoute({
  getParentRoute: () => customersRoute,
  path: '/clusters',
  component: lazyRouteComponent(() => import('../../features/customers/clusters/clusters-page.tsx'), 'ClustersPage'),
});
const lookAlikesRoute = createRoute({
  getParentRoute: () => customersRoute,
  path: '/look-alikes',
  component: lazyRouteComponent(
    () => import('../../features/customers/look-alikes/look-alikes-page.tsx'),
    'LookAlikesPage',
  ),
});
const influenceRoute = createRoute({
  getParentRoute: () => customersRoute,
  path: '/influence',
  component: lazyRouteComponent(() => import('../../features/customers/influence/influence-page.tsx'), 'InfluencePage'),
});
const companiesRoute = createRoute({
  getParentRoute: () => customersRoute,
  path: '/companies',
  validateSearch: (search: Record<string, unknown>): { search?: string } =>
    search.search !== undefined && search.search !== '' ? { search: String(search.search).slice(0, 200) } : {},
  component: lazyRouteComponent(() => import('../../features/customers/companies/companies-page.tsx'), 'CompaniesPage'),
});
const companyRoute = createRoute({
  getParentRoute: () => customersRoute,
  path: '/companies/$groupId',
  component: lazyRouteComponent(() => import('../../features/customers/companies/company-page.tsx'), 'CompanyPage'),
});

export const customerRoutes = [
  customersRoute.addChildren([
    indexRoute,
    overviewRoute,
    clustersRoute,
    lookAlikesRoute,
    influenceRoute,
    companiesRoute,
    companyRoute,
  ]),
] as const;
