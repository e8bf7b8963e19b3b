import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from './control-store.ts';

/** Names of a workspace's sources by id, for showing where something came from. */
export async function sourceNames(control: ControlSession, workspaceId: WorkspaceId): Promise<Map<number, string>> {
  const rows = await control
    .of(workspaceId)
    .query<{ id: number; name: string }>('select id, name from sources where workspace_id = $1');
  return new Map(rows.map((row) => [row.id, row.name]));
}
