import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from './control-store.ts';

/**
 * These identities (null: everybody) have something new about them: whoever keeps segments looks at their people again. Called in the
 * transaction of what changed, after the event store has it; where a brand has no segments it costs a look.
 */
export async function noteChangedPeople(
  session: ControlSession,
  workspaceId: WorkspaceId,
  identityIds: readonly string[] | null,
): Promise<void> {
  if (identityIds?.length === 0) return;
  await session.of(workspaceId).query(
    `insert into segment_work (workspace_id, identity_ids)
     select $1, $2::bigint[] where exists (select from segments where workspace_id = $1 and state = 'active')`,
    [identityIds && [...new Set(identityIds)]],
  );
}
