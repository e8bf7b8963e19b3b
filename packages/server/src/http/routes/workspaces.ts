import { workspaceCreateSchema, workspaceSchema, workspaceUpdateSchema } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import { createWorkspace, updateWorkspace } from '../../trust/index.ts';
import { accessOf, workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { operatorPolicy, workspacePolicy } from '../policy.ts';
import { type Api, answers, workspaceParams } from './api.ts';

/** Brands and their settings. */
export function workspaceRoutes(app: Api, deps: HttpDeps): void {
  const { control, vault } = deps.stores;
  const tags = ['Workspace'];

  app.post(
    '/workspaces',
    {
      config: { policy: operatorPolicy },
      schema: { tags, summary: 'Make a workspace', body: workspaceCreateSchema, response: answers(workspaceSchema) },
    },
    async (request) => {
      const workspaceId = await createWorkspace({ control, vault }, request.body, accessOf(request).actor);
      return formatWorkspace(await deps.workspaces.get(workspaceId));
    },
  );

  app.get(
    '/workspaces/:workspaceId',
    {
      config: { policy: workspacePolicy('data:read') },
      schema: {
        tags,
        summary: 'One workspace and its settings',
        params: workspaceParams,
        response: answers(workspaceSchema),
      },
    },
    async (request) => formatWorkspace(workspaceOf(request)),
  );

  app.patch(
    '/workspaces/:workspaceId',
    {
      config: { policy: workspacePolicy('settings:write') },
      schema: {
        tags,
        summary: 'Change a workspace or its settings',
        params: workspaceParams,
        body: workspaceUpdateSchema,
        response: answers(workspaceSchema),
      },
    },
    async (request) =>
      formatWorkspace(await updateWorkspace(control, workspaceOf(request).id, request.body, accessOf(request).actor)),
  );
}

const formatWorkspace = (workspace: Workspace) => ({ ...workspace, createdAt: workspace.createdAt.toISOString() });
