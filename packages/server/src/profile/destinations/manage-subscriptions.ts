import type { AudienceColumn, Subscription } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Act, operatorOf } from '../audiences/act.ts';
import { assertMayReveal } from './manage-exports.ts';

type Row = {
  id: number;
  segment_id: number;
  destination_id: number;
  destination_name: string;
  columns: AudienceColumn[];
  enabled: boolean;
  delivered_at: Date | null;
  waiting: number;
  retry_at: Date | null;
  error: string | null;
};

export async function listSubscriptions(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
): Promise<Subscription[]> {
  return (await readRows(stores.control, workspace.id, { segmentId, id: null })).map(toSubscription);
}

/** From now on: who is in the segment already is sent by an export. */
export async function createSubscription(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  create: { destinationId: number; columns: readonly AudienceColumn[] },
  view: { readonly reveal: boolean },
  act: Act,
): Promise<Subscription> {
  const reveal = assertMayReveal(create.columns, view.reveal);
  return stores.control.transaction(async (session) => {
    const own = session.of(workspace.id);
    const [found] = await own.query<{ segment: boolean; destination: boolean }>(
      `select exists (select from segments s where s.workspace_id = $1 and s.id = $2) as segment,
         exists (select from destinations d where d.workspace_id = $1 and d.id = $3) as destination`,
      [segmentId, create.destinationId],
    );
    if (!found?.segment || !found.destination) {
      const field = found?.segment ? 'destinationId' : 'segmentId';
      throw new AppError('not_found', `There is no such ${field.slice(0, -2)}.`, { details: { field } });
    }
    const [row] = await own.query<{ id: number }>(
      `insert into segment_subscriptions (workspace_id, segment_id, destination_id, columns, reveal, created_by, delivered_through)
       select $1, $2, $3, $4, $5, $6, coalesce((select max(c.id) from segment_changes c where c.workspace_id = $1), 0)
       on conflict (workspace_id, segment_id, destination_id) do nothing returning id`,
      [segmentId, create.destinationId, JSON.stringify(create.columns), reveal, operatorOf(act)],
    );
    if (!row) {
      throw new AppError('conflict', 'This destination hears of this segment already.', {
        details: { field: 'destinationId', fix: 'Remove the subscription there is, or choose another destination.' },
      });
    }
    await act.audit(session, { subscriptionId: row.id, destinationId: create.destinationId, columns: create.columns });
    return toSubscription((await readRows(session, workspace.id, { segmentId, id: row.id }))[0]!);
  });
}

/** Switched on again it goes on where it stopped, at once. */
export async function updateSubscription(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  id: number,
  update: { readonly enabled: boolean },
  act: Act,
): Promise<Subscription> {
  return stores.control.transaction(async (session) => {
    const rows = await session.of(workspace.id).query(
      `update segment_subscriptions set enabled = $4, attempts = 0, retry_at = null, error = null
       where workspace_id = $1 and segment_id = $2 and id = $3 returning id`,
      [segmentId, id, update.enabled],
    );
    if (rows.length === 0) throw notThere(id);
    await act.audit(session, { enabled: update.enabled });
    return toSubscription((await readRows(session, workspace.id, { segmentId, id }))[0]!);
  });
}

export async function deleteSubscription(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  id: number,
  act: Act,
): Promise<void> {
  await stores.control.transaction(async (session) => {
    const rows = await session
      .of(workspace.id)
      .query('delete from segment_subscriptions where workspace_id = $1 and segment_id = $2 and id = $3 returning id', [
        segmentId,
        id,
      ]);
    if (rows.length === 0) throw notThere(id);
    await act.audit(session);
  });
}

const notThere = (id: number): AppError =>
  new AppError('not_found', `There is no subscription ${id} of this segment.`, {
    details: { field: 'subscriptionId' },
  });

function readRows(
  control: ControlSession,
  workspaceId: WorkspaceId,
  wanted: { segmentId: number; id: number | null },
): Promise<Row[]> {
  return control.of(workspaceId).query<Row>(
    `select s.id, s.segment_id, s.destination_id, d.name as destination_name, s.columns, s.enabled, s.delivered_at, s.retry_at, s.error,
       (select count(*)::int from segment_changes c
        where c.workspace_id = $1 and c.segment_id = s.segment_id and c.id > s.delivered_through) as waiting
     from segment_subscriptions s join destinations d on d.workspace_id = s.workspace_id and d.id = s.destination_id
     where s.workspace_id = $1 and s.segment_id = $2 and ($3::int is null or s.id = $3)
     order by s.id`,
    [wanted.segmentId, wanted.id],
  );
}

const toSubscription = (row: Row): Subscription => ({
  id: row.id,
  segmentId: row.segment_id,
  destination: { id: row.destination_id, name: row.destination_name },
  columns: row.columns,
  enabled: row.enabled,
  deliveredAt: row.delivered_at?.toISOString() ?? null,
  waiting: row.waiting,
  retryAt: row.error === null ? null : (row.retry_at?.toISOString() ?? null),
  error: row.error,
});
