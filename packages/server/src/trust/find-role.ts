import type { Role } from '@zhiyin/contract';
import type { WorkspaceId } from '../domain/ids.ts';
import type { ControlSession } from '../storage/control/control-store.ts';

/** Asked on every request, so that a changed role or a removal works at once. */
export async function findRole(
  control: ControlSession,
  workspaceId: WorkspaceId,
  operatorId: number,
): Promise<Role | undefined> {
  const [row] = await control
    .of(workspaceId)
    .query<{ role: Role }>('select role from memberships where workspace_id = $1 and operator_id = $2', [operatorId]);
  return row?.role;
}
