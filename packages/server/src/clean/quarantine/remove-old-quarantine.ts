import type { Stores } from '../../storage/stores.ts';

/**
 * Removes records that were replayed or discarded, so many days after they arrived. Open ones stay however old they are: nothing
 * goes that nobody has looked at. Counts stay too: they say what happened.
 */
export async function removeOldQuarantine(
  stores: Pick<Stores, 'events'>,
  retentionDays: number,
  now: Date = new Date(),
): Promise<void> {
  const before = new Date(now.getTime() - retentionDays * 86_400_000);
  await stores.events.maintainEveryNode(
    // By key and not by state: a record has older rows that say `open`, and without the newest one they would count again.
    `DELETE FROM @local(quarantine) WHERE (workspace_id, record_key) IN (
       SELECT workspace_id, record_key FROM @local(quarantine) FINAL
       WHERE state IN ('replayed', 'discarded') AND received_at < {before:DateTime64(3)})
     SETTINGS lightweight_deletes_sync = 2`,
    'quarantine: records whose retention is over',
    { before },
  );
}
