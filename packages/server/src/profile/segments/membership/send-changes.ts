import { createHash } from 'node:crypto';
import { asWorkspaceId, type WorkspaceId } from '../../../domain/ids.ts';
import type { Stores } from '../../../storage/stores.ts';

const changesAtOnce = 5_000;
const rowsAtOnce = 10_000;

/**
 * Everybody who entered or left becomes an event, exactly once: a batch is fixed in the control store first and sent with its number as
 * token, so that one that was sent and not noted is sent again and changes nothing.
 */
export async function sendChanges(
  stores: Pick<Stores, 'control' | 'events'>,
  workspaceId: WorkspaceId,
): Promise<number> {
  let sent = 0;
  for (;;) {
    const batch = (await findOpenBatch(stores, workspaceId)) ?? (await fixBatch(stores, workspaceId));
    if (batch === undefined) return sent;
    const rows = await stores.control.of(workspaceId).query<ChangeRow>(
      `select c.id, c.segment_id, coalesce(s.name, '') as segment_name, c.profile_id, c.entered, c.at, c.cause
       from segment_changes c left join segments s on s.workspace_id = $1 and s.id = c.segment_id
       where c.workspace_id = $1 and c.batch = $2 order by c.id`,
      [batch],
    );
    await stores.events.append(
      'events',
      rows.map((row) => toEvent(workspaceId, row)),
      `segment-changes:${workspaceId}:${batch}`,
    );
    await stores.control
      .of(workspaceId)
      .query('delete from segment_batches where workspace_id = $1 and batch = $2', [batch]);
    sent += rows.length;
  }
}

type ChangeRow = {
  id: string;
  segment_id: number;
  segment_name: string;
  profile_id: string;
  entered: boolean;
  at: Date;
  cause: string;
};

async function findOpenBatch(stores: Pick<Stores, 'control'>, workspaceId: WorkspaceId): Promise<string | undefined> {
  const [open] = await stores.control
    .of(workspaceId)
    .query<{ batch: string }>('select batch from segment_batches where workspace_id = $1 order by batch limit 1');
  return open?.batch;
}

async function fixBatch(stores: Pick<Stores, 'control'>, workspaceId: WorkspaceId): Promise<string | undefined> {
  return stores.control.transaction(async (session) => {
    const scoped = session.of(workspaceId);
    const [fixed] = await scoped.query<{ batch: string }>(
      `with chosen as (
         select id from segment_changes where workspace_id = $1 and batch is null order by id limit ${changesAtOnce}
         for update skip locked
       ), numbered as (select nextval('segment_batch') as batch where exists (select from chosen)),
       marked as (
         update segment_changes set batch = numbered.batch from chosen, numbered
         where segment_changes.workspace_id = $1 and segment_changes.id = chosen.id
       )
       insert into segment_batches (batch, workspace_id) select batch, $1 from numbered returning batch`,
    );
    return fixed?.batch;
  });
}

function toEvent(workspaceId: WorkspaceId, row: ChangeRow): Record<string, unknown> {
  const at = row.at.toISOString().replace('T', ' ').slice(0, 23);
  return {
    workspace_id: workspaceId,
    source_id: 0,
    message_key: keyOf(workspaceId, row.id),
    identity_id: row.profile_id,
    type: 'segment',
    name: row.entered ? 'segment_entered' : 'segment_left',
    occurred_at: at,
    received_at: at,
    properties: { segment_id: row.segment_id, segment_name: row.segment_name, cause: row.cause },
    context: {},
    repairs: [],
    import_id: 0,
  };
}

/** The same change always has the same key. */
function keyOf(workspaceId: WorkspaceId, changeId: string): string {
  const hex = createHash('sha256').update(`segment change ${workspaceId} ${changeId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** The copy in the event store. Repeatable: the highest version of each person stands. */
export async function pushMemberships(
  stores: Pick<Stores, 'control' | 'events'>,
  workspaceId: WorkspaceId,
): Promise<number> {
  let pushed = 0;
  for (;;) {
    const rows = await stores.control
      .of(workspaceId)
      .query<{ profile_id: string; segments: number[]; version: string }>(
        `select profile_id, segment_ids as segments, changed as version from profile_segments
         where workspace_id = $1 and not pushed order by changed limit ${rowsAtOnce}`,
      );
    if (rows.length === 0) return pushed;
    await stores.events.append(
      'segment_memberships',
      rows.map((row) => ({ workspace_id: workspaceId, ...row })),
      `memberships:${workspaceId}:${rows[0]!.version}:${rows.at(-1)!.version}:${rows.length}`,
    );
    await stores.control.of(workspaceId).query(
      `update profile_segments set pushed = true
       from unnest($2::bigint[], $3::bigint[]) as sent (profile_id, changed)
       where workspace_id = $1 and profile_segments.profile_id = sent.profile_id and profile_segments.changed = sent.changed`,
      [rows.map((row) => row.profile_id), rows.map((row) => row.version)],
    );
    pushed += rows.length;
  }
}

/** Brands for which something waits: people to look at, people whose time has come, changes or copies to be sent. */
export async function listWaiting(
  stores: Pick<Stores, 'control'>,
  now: Date,
): Promise<{ workspaceId: WorkspaceId; work: boolean; due: boolean; unsent: boolean }[]> {
  const rows = await stores.control.query<{ id: number; work: boolean; due: boolean; unsent: boolean }>(
    `select id, work, due, unsent from (
       select id,
         exists (select from segment_work w where w.workspace_id = workspaces.id) as work,
         exists (select from profile_segments p where p.workspace_id = workspaces.id and p.next_due_at <= $1) as due,
         exists (select from segment_changes c where c.workspace_id = workspaces.id and c.batch is null)
           or exists (select from segment_batches b where b.workspace_id = workspaces.id)
           or exists (select from profile_segments p where p.workspace_id = workspaces.id and not p.pushed) as unsent
       from workspaces
     ) as waiting
     where work or due or unsent order by id`,
    [now],
  );
  return rows.map(({ id, ...waits }) => ({ workspaceId: asWorkspaceId(id), ...waits }));
}
