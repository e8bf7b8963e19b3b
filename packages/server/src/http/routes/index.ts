import type { HttpDeps } from '../deps.ts';
import type { EventStreams } from '../event-streams.ts';
import type { SessionCookie } from '../session-cookie.ts';
import type { Api } from './api.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { auditRoutes } from './audit.ts';
import { decisionRoutes } from './decisions.ts';
import { eventRoutes } from './events.ts';
import { exportRoutes } from './export.ts';
import { healthRoutes } from './health.ts';
import { identityRoutes } from './identity.ts';
import { importRoutes } from './imports.ts';
import { jobRoutes } from './jobs.ts';
import { libraryRoutes } from './library.ts';
import { mappingRoutes } from './mappings.ts';
import { memberRoutes } from './members.ts';
import { overviewRoutes } from './overview.ts';
import { peopleRoutes } from './people.ts';
import { propertyRoutes } from './properties.ts';
import { quarantineRoutes } from './quarantine.ts';
import { sessionRoutes } from './session.ts';
import { setupRoutes } from './setup.ts';
import { sourceRoutes } from './sources.ts';
import { workspaceRoutes } from './workspaces.ts';

/** The whole API, in the order of its reference page. */
export function registerRoutes(api: Api, deps: HttpDeps, cookie: SessionCookie, streams: EventStreams): void {
  setupRoutes(api, deps, cookie);
  sessionRoutes(api, deps, cookie);
  workspaceRoutes(api, deps);
  memberRoutes(api, deps);
  sourceRoutes(api, deps);
  apiKeyRoutes(api, deps);
  overviewRoutes(api, deps);
  peopleRoutes(api, deps);
  identityRoutes(api, deps);
  decisionRoutes(api, deps);
  eventRoutes(api, deps, streams);
  healthRoutes(api, deps);
  quarantineRoutes(api, deps);
  importRoutes(api, deps);
  mappingRoutes(api, deps);
  libraryRoutes(api, deps);
  exportRoutes(api, deps);
  propertyRoutes(api, deps);
  jobRoutes(api, deps);
  auditRoutes(api, deps);
}
