import { memberCreatedSchema, memberCreateSchema, memberSchema, memberUpdateSchema } from '@zhiyin/contract';
import type { FastifyRequest } from 'fastify';
import { addMember, changeMemberRole, listMembers, type MemberEditor, removeMember } from '../../trust/index.ts';
import { accessOf, workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, noContent, wholeList, withId, workspaceParams } from './api.ts';

/** Who works in a workspace, and as what. */
export function memberRoutes(app: Api, deps: HttpDeps): void {
  const { control } = deps.stores;
  const tags = ['Members'];
  const params = withId('operatorId');
  const write = { policy: workspacePolicy('members:write') };

  app.get(
    '/workspaces/:workspaceId/members',
    {
      config: { policy: workspacePolicy('settings:read') },
      schema: { tags, summary: 'Members and their roles', params: workspaceParams, response: listOf(memberSchema) },
    },
    async (request) => wholeList(await listMembers(control, workspaceOf(request).id)),
  );

  app.post(
    '/workspaces/:workspaceId/members',
    {
      config: write,
      schema: {
        tags,
        summary: 'Add a member',
        description: 'Somebody new gets a first password, shown once.',
        params: workspaceParams,
        body: memberCreateSchema,
        response: answers(memberCreatedSchema),
      },
    },
    (request) =>
      addMember({ control, passwords: deps.passwords }, workspaceOf(request).id, request.body, editorOf(request)),
  );

  app.patch(
    '/workspaces/:workspaceId/members/:operatorId',
    {
      config: write,
      schema: { tags, summary: 'Change a role', params, body: memberUpdateSchema, response: answers(memberSchema) },
    },
    (request) =>
      changeMemberRole(
        control,
        workspaceOf(request).id,
        request.params.operatorId,
        request.body.role,
        editorOf(request),
      ),
  );

  app.delete(
    '/workspaces/:workspaceId/members/:operatorId',
    { config: write, schema: { tags, summary: 'Remove a member', params, response: noContent } },
    async (request, reply) => {
      await removeMember(control, workspaceOf(request).id, request.params.operatorId, editorOf(request));
      return reply.code(204).send(null);
    },
  );
}

function editorOf(request: FastifyRequest): MemberEditor {
  const { actor, role } = accessOf(request);
  return { actor, role };
}
