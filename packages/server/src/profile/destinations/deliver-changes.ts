import type { AudienceColumn } from '@zhiyin/contract';
import { asProfileId, asWorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { sentenceOf } from '../audiences/act.ts';
import { openDestination } from './manage-destinations.ts';
import { readAudienceRows } from './read-audience-rows.ts';
import { sendBatch } from './send-batch.ts';

const changesAtOnce = 500;
/** While one process delivers, others leave the subscription alone; after a crash it is taken up again then. */
const leaseSeconds = 120;
const firstRetrySeconds = 5;
const retrySecondsMax = 3_600;

type Claimed = {
  id: number;
  workspace_id: number;
  segment_id: number;
  destination_id: number;
  columns: AudienceColumn[];
  delivered_through: string;
  attempts: number;
};
type ChangeRow = { id: string; profile_id: string; entered: boolean; at: Date };

/**
 * Tells destinations who entered and left since they were told last: in order, each change in one batch with a key that stays the
 * same when it is sent again. Returns how many changes were delivered.
 */
export async function deliverChanges(
  stores: Stores,
  workspaceOf: (workspaceId: Workspace['id']) => Promise<Workspace>,
  signal: AbortSignal,
): Promise<number> {
  let delivered = 0;
  for (;;) {
    signal.throwIfAborted();
    const claimed = await claim(stores);
    if (!claimed) return delivered;
    delivered += await deliver(stores, await workspaceOf(asWorkspaceId(claimed.workspace_id)), claimed, signal);
  }
}

async function claim(stores: Stores): Promise<Claimed | undefined> {
  const [row] = await stores.control.query<Claimed>(
    `update segment_subscriptions set retry_at = now() + interval '${leaseSeconds} seconds'
     where id = (
       select s.id from segment_subscriptions s
       where s.enabled and (s.retry_at is null or s.retry_at <= now())
         and exists (select from segment_changes c
           where c.workspace_id = s.workspace_id and c.segment_id = s.segment_id and c.id > s.delivered_through)
       order by s.retry_at nulls first, s.id limit 1 for update of s skip locked)
     returning id, workspace_id, segment_id, destination_id, columns, delivered_through, attempts`,
  );
  return row;
}

async function deliver(stores: Stores, workspace: Workspace, claimed: Claimed, signal: AbortSignal): Promise<number> {
  const own = stores.control.of(workspace.id);
  const changes = await own.query<ChangeRow>(
    `select id, profile_id, entered, at from segment_changes
     where workspace_id = $1 and segment_id = $2 and id > $3 order by id limit ${changesAtOnce}`,
    [claimed.segment_id, claimed.delivered_through],
  );
  const last = changes.at(-1);
  if (!last) return 0;
  try {
    const destination = await openDestination(stores, workspace.id, claimed.destination_id);
    const people = [...new Set(changes.map((change) => asProfileId(change.profile_id)))];
    const rows = await readAudienceRows(stores, workspace, people, [
      'profile_id',
      ...claimed.columns.filter((one) => one !== 'profile_id'),
    ]);
    const rowOf = new Map(rows.map((row) => [row.profile_id, row]));
    const batch = {
      key: `changes-${workspace.id}-${claimed.id}-${last.id}`,
      about: { type: 'segment.changes', segment_id: claimed.segment_id },
      rows: changes.map((change) => ({
        change_id: change.id,
        change: change.entered ? 'entered' : 'left',
        changed_at: change.at.toISOString(),
        ...rowOf.get(change.profile_id),
      })),
    };
    await sendBatch(destination, batch, { signal, attemptsMax: 1 });
  } catch (cause) {
    if (signal.aborted) throw cause;
    const waitSeconds = Math.min(firstRetrySeconds * 2 ** claimed.attempts, retrySecondsMax);
    await own.query(
      `update segment_subscriptions set attempts = attempts + 1, error = $3, retry_at = now() + make_interval(secs => $4)
       where workspace_id = $1 and id = $2`,
      [claimed.id, sentenceOf(cause), waitSeconds],
    );
    return 0;
  }
  await own.query(
    `update segment_subscriptions set delivered_through = $3, delivered_at = now(), attempts = 0, error = null, retry_at = null
     where workspace_id = $1 and id = $2`,
    [claimed.id, last.id],
  );
  return changes.length;
}
