import type { WorkspaceUpdate } from '@zhiyin/contract';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { ControlStore } from '../storage/control/control-store.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { announceWorkspace, findWorkspace } from './workspace-directory.ts';

/** Returns the workspace as it is now. */
export async function updateWorkspace(
  control: ControlStore,
  workspaceId: WorkspaceId,
  update: WorkspaceUpdate,
  actor: Actor,
): Promise<Workspace> {
  return control.transaction(async (session) => {
    await session.of(workspaceId).query(
      `update workspaces set name = coalesce($2, name), time_zone = coalesce($3, time_zone), currency = coalesce($4, currency),
         locale = coalesce($5, locale), settings = settings || coalesce($6::jsonb, '{}')
       where id = $1`,
      [
        update.name ?? null,
        update.timeZone ?? null,
        update.currency ?? null,
        update.locale ?? null,
        update.settings ? JSON.stringify(update.settings) : null,
      ],
    );
    await appendAudit(session, {
      workspaceId,
      actor,
      action: 'workspace.update',
      target: { kind: 'workspace', id: workspaceId },
      details: {
        fields: Object.keys(update).filter((field) => field !== 'settings'),
        ...Object.fromEntries(Object.entries(update.settings ?? {}).map(([key, value]) => [`settings.${key}`, value])),
      },
    });
    await announceWorkspace(session, workspaceId);
    return (await findWorkspace(session, workspaceId))!;
  });
}
