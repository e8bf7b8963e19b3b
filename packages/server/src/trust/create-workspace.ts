import { type WorkspaceCreate, workspaceSettingsSchema } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { asWorkspaceId, type WorkspaceId } from '../domain/ids.ts';
import type { ControlSession, ControlStore } from '../storage/control/control-store.ts';
import type { Vault } from '../storage/vault/vault.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';

/** A new brand, owned by who made it. Only owners make more, except the very first, which anyone signed in may make. */
export async function createWorkspace(
  { control, vault }: { control: ControlStore; vault: Vault },
  create: WorkspaceCreate,
  actor: Actor,
): Promise<WorkspaceId> {
  return control.transaction(async (session) => {
    if (actor.kind !== 'system') await checkMayCreate(session, actor);
    return insertWorkspace(session, vault, create, actor);
  });
}

/** In the caller's transaction. When Zhiyin itself makes one (the demo), every owner there is becomes its owner. */
export async function insertWorkspace(
  session: ControlSession,
  vault: Vault,
  create: WorkspaceCreate & { isDemo?: boolean },
  actor: Actor,
): Promise<WorkspaceId> {
  const [row] = await session.query<{ id: number }>(
    `insert into workspaces (name, time_zone, currency, locale, settings, key_sealed, is_demo)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [
      create.name,
      create.timeZone,
      create.currency,
      create.locale,
      JSON.stringify(workspaceSettingsSchema.parse({})),
      vault.newWorkspaceKey(),
      create.isDemo ?? false,
    ],
  );
  const workspaceId = asWorkspaceId(row!.id);
  if (actor.kind === 'operator') {
    await session
      .of(workspaceId)
      .query("insert into memberships (workspace_id, operator_id, role) values ($1, $2, 'owner')", [actor.id]);
  } else {
    await session
      .of(workspaceId)
      .query(
        "insert into memberships (workspace_id, operator_id, role) select distinct $1::integer, operator_id, 'owner' from memberships where role = 'owner'",
      );
  }
  await appendAudit(session, {
    workspaceId,
    actor,
    action: 'workspace.create',
    target: { kind: 'workspace', id: workspaceId },
    details: { timeZone: create.timeZone, currency: create.currency },
  });
  return workspaceId;
}

async function checkMayCreate(session: ControlSession, actor: Actor): Promise<void> {
  const [row] = await session.query<{ may: boolean }>(
    `select exists (select from memberships where operator_id = $1 and role = 'owner')
         or not exists (select from workspaces) as may`,
    [actor.kind === 'operator' ? actor.id : -1],
  );
  if (row?.may) return;
  throw new AppError('auth.forbidden', 'Only an owner can make another workspace.', {
    details: { fix: 'Ask an owner of one of your workspaces to make it and to add you.' },
  });
}
