import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { peopleQuerySchema } from '@zhiyin/contract';
import { workspaceRoute } from './workspace.ts';

const sorts = peopleQuerySchema.shape.sort.unwrap().options;
type Sort = (typeof sorts)[number];

export interface PeopleSearch {
  search?: string;
  sort?: Sort;
}

const peopleRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/people',
  validateSearch: (search: Record<string, unknown>): PeopleSearch => ({
    // The router reads digits as a number; a phone number is one.
    ...(search.search !== undefined && search.search !== '' ? { search: String(search.search).slice(0, 320) } : {}),
    ...(sorts.includes(search.sort as Sort) ? { sort: search.sort as Sort } : {}),
  }),
  component: lazyRouteComponent(() => import('../../features/people/people-page.tsx'), 'PeoplePage'),
});

const personRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/people/$profileId',
  validateSearch: (search: Record<string, unknown>): { event?: string } =>
    typeof search.event === 'string' && search.event ? { event: search.event } : {},
  component: lazyRouteComponent(() => import('../../features/people/person-page.tsx'), 'PersonPage'),
});

export const peopleRoutes = [peopleRoute, personRoute] as const;
