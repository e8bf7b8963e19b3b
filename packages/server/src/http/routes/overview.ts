import {
  overviewExtentSchema,
  overviewPanelNameSchema,
  overviewPanelSchema,
  overviewQuerySchema,
} from '@zhiyin/contract';
import { workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, workspaceParams } from './api.ts';
import { rangeIsOrdered } from './range.ts';

const panelParams = workspaceParams.extend({ panel: overviewPanelNameSchema });

/** The first page: one panel per question, each with the query behind it. */
export function overviewRoutes(app: Api, deps: HttpDeps): void {
  const { stores, measure } = deps;
  const tags = ['Overview'];
  const config = { policy: workspacePolicy('data:read') };

  app.get(
    '/workspaces/:workspaceId/overview',
    {
      config,
      schema: {
        tags,
        summary: 'From when to when there is data',
        params: workspaceParams,
        response: answers(overviewExtentSchema),
      },
    },
    (request) => measure.readOverviewExtent(stores, workspaceOf(request)),
  );

  app.get(
    '/workspaces/:workspaceId/overview/:panel',
    {
      config,
      schema: {
        tags,
        summary: 'One panel with its rows and its query',
        params: panelParams,
        querystring: rangeIsOrdered(overviewQuerySchema),
        response: answers(overviewPanelSchema),
      },
    },
    (request) => measure.readOverviewPanel(stores, workspaceOf(request), request.params.panel, request.query),
  );
}
