import type { WorkspaceId } from '../../../domain/ids.ts';
import type { ControlSession } from '../../../storage/control/control-store.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps } from '../import-deps.ts';
import { findTaken, markRecords, moveCounts } from './taken-records.ts';

/** The mended rows are in: their old records are closed, also when a crash had come in between before. */
export async function closeTaken(
  stores: Stores,
  deps: ImportDeps,
  workspaceId: WorkspaceId,
  importId: number,
): Promise<void> {
  const taken = await findTaken(deps, importId);
  if (taken) await markRecords(stores, workspaceId, keysOf(taken), { from: 'open', to: 'replayed' });
}

/**
 * An import of mended rows failed or was cancelled: its records are open again. `end` writes the import's last state; the counts go
 * back in the same transaction, once, however often this is called.
 */
export async function giveBackTaken(
  stores: Stores,
  deps: ImportDeps,
  workspaceId: WorkspaceId,
  importId: number,
  end: (session: ControlSession) => Promise<void>,
): Promise<void> {
  const taken = await findTaken(deps, importId);
  if (taken) await markRecords(stores, workspaceId, keysOf(taken), { from: 'replayed', to: 'open' });
  await stores.control.transaction(async (session) => {
    await end(session);
    if (!taken) return;
    const released = await session.query<{ message_key: string }>(
      'delete from seen_messages where message_key = any($1::uuid[]) returning message_key',
      [keysOf(taken)],
    );
    const held = new Set(released.map((row) => row.message_key));
    const records = taken.records.filter(({ recordKey }) => held.has(recordKey));
    await moveCounts(session, workspaceId, { ...taken, records }, 'put back');
  });
}

const keysOf = (taken: { readonly records: readonly { readonly recordKey: string }[] }) =>
  taken.records.map(({ recordKey }) => recordKey);
