import { randomInt } from 'node:crypto';
import type { Member, Role } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { ControlSession, ControlStore } from '../storage/control/control-store.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Passwords } from './passwords.ts';

/** Who changes members, and as what: an API key has no role, so it never counts as an owner. */
export type MemberEditor = { readonly actor: Actor; readonly role: Role | null };

type Row = {
  operator_id: number;
  email: string;
  name: string;
  role: Role;
  created_at: Date;
  last_seen_at: Date | null;
};
const membersSql = `
  select m.operator_id, o.email, o.name, m.role, m.created_at,
         (select max(s.last_seen_at) from sessions s where s.operator_id = o.id) as last_seen_at
  from memberships m join operators o on o.id = m.operator_id
  where m.workspace_id = $1`;

export async function listMembers(control: ControlSession, workspaceId: WorkspaceId): Promise<Member[]> {
  const rows = await control.of(workspaceId).query<Row>(`${membersSql} order by m.created_at, m.operator_id`);
  return rows.map(formatMember);
}

/** A new operator gets a first password, returned once; an existing one only joins. */
export async function addMember(
  { control, passwords }: { control: ControlStore; passwords: Passwords },
  workspaceId: WorkspaceId,
  create: { email: string; name: string; role: Role },
  by: MemberEditor,
): Promise<{ member: Member; firstPassword: string | null }> {
  checkMaySetRole(by, create.role);
  const [known] = await control.query<{ id: number }>('select id from operators where lower(email) = lower($1)', [
    create.email,
  ]);
  const firstPassword = known ? null : newFirstPassword();
  const passwordHash = firstPassword && (await passwords.hash(firstPassword));
  return control.transaction(async (session) => {
    const operatorId = known?.id ?? (await insertOperator(session, create, passwordHash!));
    const added = await session.of(workspaceId).query(
      `insert into memberships (workspace_id, operator_id, role) values ($1, $2, $3)
       on conflict (workspace_id, operator_id) do nothing returning operator_id`,
      [operatorId, create.role],
    );
    if (added.length === 0) {
      throw new AppError('conflict', 'This person is a member already.', {
        details: { field: 'email', fix: 'Change their role in the list of members.' },
      });
    }
    await appendAudit(session, {
      workspaceId,
      actor: by.actor,
      action: 'member.add',
      target: { kind: 'operator', id: operatorId },
      details: { role: create.role, isNew: !known },
    });
    return { member: await getMember(session, workspaceId, operatorId), firstPassword };
  });
}

export async function changeMemberRole(
  control: ControlStore,
  workspaceId: WorkspaceId,
  operatorId: number,
  role: Role,
  by: MemberEditor,
): Promise<Member> {
  checkMaySetRole(by, role);
  return control.transaction(async (session) => {
    const before = await lockMember(session, workspaceId, operatorId, by);
    if (before === 'owner' && role !== 'owner') await checkAnotherOwner(session, workspaceId, operatorId);
    await session
      .of(workspaceId)
      .query('update memberships set role = $3 where workspace_id = $1 and operator_id = $2', [operatorId, role]);
    await appendAudit(session, {
      workspaceId,
      actor: by.actor,
      action: 'member.change_role',
      target: { kind: 'operator', id: operatorId },
      details: { from: before, to: role },
    });
    return getMember(session, workspaceId, operatorId);
  });
}

export async function removeMember(
  control: ControlStore,
  workspaceId: WorkspaceId,
  operatorId: number,
  by: MemberEditor,
): Promise<void> {
  await control.transaction(async (session) => {
    const role = await lockMember(session, workspaceId, operatorId, by);
    if (role === 'owner') await checkAnotherOwner(session, workspaceId, operatorId);
    await session
      .of(workspaceId)
      .query('delete from memberships where workspace_id = $1 and operator_id = $2', [operatorId]);
    await appendAudit(session, {
      workspaceId,
      actor: by.actor,
      action: 'member.remove',
      target: { kind: 'operator', id: operatorId },
      details: { role },
    });
  });
}

/** Membership rows of owners are locked in one order, so two owners cannot remove each other at the same moment. */
async function lockMember(
  session: ControlSession,
  workspaceId: WorkspaceId,
  operatorId: number,
  by: MemberEditor,
): Promise<Role> {
  const rows = await session.of(workspaceId).query<{ operator_id: number; role: Role }>(
    `select operator_id, role from memberships where workspace_id = $1 and (operator_id = $2 or role = 'owner')
     order by operator_id for update`,
    [operatorId],
  );
  const role = rows.find((row) => row.operator_id === operatorId)?.role;
  if (!role) throw new AppError('not_found', `Operator ${operatorId} is not a member of this workspace.`);
  if (role === 'owner') checkMaySetRole(by, 'owner');
  return role;
}

async function checkAnotherOwner(session: ControlSession, workspaceId: WorkspaceId, operatorId: number): Promise<void> {
  const others = await session
    .of(workspaceId)
    .query("select 1 from memberships where workspace_id = $1 and role = 'owner' and operator_id <> $2 limit 1", [
      operatorId,
    ]);
  if (others.length > 0) return;
  throw new AppError('conflict', 'This is the last owner of the workspace.', {
    details: { field: 'role', fix: 'Make somebody else an owner first.' },
  });
}

function checkMaySetRole(by: MemberEditor, role: Role): void {
  if (role !== 'owner' || by.role === 'owner' || by.actor.kind === 'system') return;
  throw new AppError('auth.forbidden', 'Only an owner can make, change or remove an owner.', {
    details: { field: 'role', fix: 'Choose another role or ask an owner.' },
  });
}

async function insertOperator(
  session: ControlSession,
  create: { email: string; name: string },
  passwordHash: string,
): Promise<number> {
  const [row] = await session.query<{ id: number }>(
    'insert into operators (email, name, password_hash) values ($1, $2, $3) returning id',
    [create.email, create.name, passwordHash],
  );
  return row!.id;
}

async function getMember(session: ControlSession, workspaceId: WorkspaceId, operatorId: number): Promise<Member> {
  const [row] = await session.of(workspaceId).query<Row>(`${membersSql} and m.operator_id = $2`, [operatorId]);
  if (!row) throw new AppError('not_found', `Operator ${operatorId} is not a member of this workspace.`);
  return formatMember(row);
}

function formatMember(row: Row): Member {
  return {
    operatorId: row.operator_id,
    email: row.email,
    name: row.name,
    role: row.role,
    joinedAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  };
}

/** 20 characters out of 32 that are hard to confuse: 100 bits, in groups for reading out. */
function newFirstPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789x';
  const groups = Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => letters[randomInt(32)]).join(''));
  return groups.join('-');
}
