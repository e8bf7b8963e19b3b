import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type Member,
  memberCreatedSchema,
  type memberCreateSchema,
  memberSchema,
  pageOf,
  type Role,
} from '@zhiyin/contract';
import type { z } from 'zod';
import { command, request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const membersSchema = pageOf(memberSchema);
const membersKey = (workspaceId: number) => ['workspace', workspaceId, 'members'] as const;

export const membersQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: membersKey(workspaceId),
    queryFn: async ({ signal }) =>
      (await request(membersSchema, workspacePath(workspaceId, '/members'), { signal })).rows,
  });

export type MemberCreate = z.input<typeof memberCreateSchema>;

export function useChangeMembers(workspaceId: number) {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: membersKey(workspaceId) });
  const path = (member?: Pick<Member, 'operatorId'>) =>
    workspacePath(workspaceId, member ? `/members/${member.operatorId}` : '/members');
  return {
    add: useMutation({
      mutationFn: (body: MemberCreate) => request(memberCreatedSchema, path(), { method: 'POST', body }),
      onSuccess,
    }),
    setRole: useMutation({
      mutationFn: ({ member, role }: { member: Member; role: Role }) =>
        request(memberSchema, path(member), { method: 'PATCH', body: { role } }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (member: Member) => command(path(member), { method: 'DELETE' }),
      onSuccess,
    }),
  };
}
