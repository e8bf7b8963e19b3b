import type { ProfileId, WorkspaceId } from '../../../domain/ids.ts';
import type { ControlSession } from '../../../storage/control/control-store.ts';
import { earlier, type Membership } from './evaluate-people.ts';
import { loadSegments } from './load-segments.ts';

export type ChangeCause = 'event' | 'time' | 'rule' | 'merge' | 'archive';

export type Evaluated = {
  /** Taken before anything was read: of two evaluations of a person the one that began later stands. */
  readonly version: string;
  /** Of the rules it was made with. */
  readonly revision: string;
  readonly at: Date;
  /** Null: all of them. Else the row keeps what it says of others. */
  readonly segmentIds: readonly number[] | null;
  readonly cause: Exclude<ChangeCause, 'merge' | 'archive'>;
  /** Everybody who was looked at; null: nothing is known of the person any more. */
  readonly people: ReadonlyMap<ProfileId, Membership | null>;
};

/** First half of the advisory lock that lets one transaction at a time write a brand's memberships. */
const membershipLockClass = 7_706;

type Row = { profile_id: string; segment_ids: number[]; next_due_at: Date | null; version: string };
type Change = {
  readonly segmentId: number;
  readonly profileId: string;
  readonly entered: boolean;
  readonly cause: ChangeCause;
};

export async function takeVersion(session: ControlSession): Promise<string> {
  const [row] = await session.query<{ version: string }>("select nextval('segment_version') as version");
  return row!.version;
}

/**
 * Writes who is in what now, and everybody who entered or left, at once.
 * @returns how many entered or left; undefined when the rules were changed meanwhile: nothing is written, evaluate again.
 */
export async function saveMemberships(
  session: ControlSession,
  workspaceId: WorkspaceId,
  evaluated: Evaluated,
): Promise<number | undefined> {
  const scoped = session.of(workspaceId);
  await lockMemberships(session, workspaceId);
  if ((await loadSegments(session, workspaceId)).revision !== evaluated.revision) return undefined;
  const profileIds = [...evaluated.people.keys()];
  const known = await scoped.query<Row>(
    `select profile_id, segment_ids, next_due_at, version from profile_segments
     where workspace_id = $1 and profile_id = any($2::bigint[])`,
    [profileIds],
  );
  const before = new Map(known.map((row) => [row.profile_id, row]));
  const gone: string[] = [];
  const written: { profileId: string; segmentIds: number[]; dueAt: Date | null; version: string }[] = [];
  const changes: Change[] = [];
  for (const [profileId, membership] of evaluated.people) {
    const row = before.get(profileId);
    if (row && BigInt(row.version) >= BigInt(evaluated.version)) continue;
    const next = nextRow(row, membership, evaluated);
    if (!row && next.segmentIds.length === 0 && next.dueAt === null) continue;
    const cause: ChangeCause = membership === null ? 'merge' : evaluated.cause;
    const own = differences(row?.segment_ids ?? [], next.segmentIds).map((one) => ({ ...one, profileId, cause }));
    changes.push(...own);
    if (membership === null) gone.push(profileId);
    else if (own.length > 0 || !row || !sameInstant(row.next_due_at, next.dueAt) || next.version !== row.version) {
      written.push({ profileId, ...next });
    }
  }
  if (gone.length > 0) {
    // The row stays, empty, so that the copy learns of it.
    for (const profileId of gone) written.push({ profileId, segmentIds: [], dueAt: null, version: evaluated.version });
  }
  if (written.length > 0) {
    await scoped.query(
      `insert into profile_segments (workspace_id, profile_id, segment_ids, next_due_at, version, changed)
       select $1, profile_id, segment_ids::integer[], next_due_at, version, nextval('segment_version')
       from unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::bigint[]) as made (profile_id, segment_ids, next_due_at, version)
       on conflict (workspace_id, profile_id) do update
         set segment_ids = excluded.segment_ids, next_due_at = excluded.next_due_at, version = excluded.version,
           changed = case when profile_segments.segment_ids = excluded.segment_ids then profile_segments.changed else excluded.changed end,
           pushed = profile_segments.pushed and profile_segments.segment_ids = excluded.segment_ids`,
      [
        written.map(({ profileId }) => profileId),
        written.map(({ segmentIds }) => `{${segmentIds.join(',')}}`),
        written.map(({ dueAt }) => dueAt),
        written.map(({ version }) => version),
      ],
    );
  }
  await saveChanges(session, workspaceId, changes, evaluated.at);
  return changes.length;
}

export async function lockMemberships(session: ControlSession, workspaceId: WorkspaceId): Promise<void> {
  await session.query('select pg_advisory_xact_lock($1::integer, $2::integer)', [membershipLockClass, workspaceId]);
}

function nextRow(row: Row | undefined, membership: Membership | null, evaluated: Evaluated) {
  const { segmentIds, version } = evaluated;
  if (segmentIds === null || membership === null) {
    return { segmentIds: [...(membership?.segments ?? [])], dueAt: membership?.dueAt ?? null, version };
  }
  const asked = new Set(segmentIds);
  const others = (row?.segment_ids ?? []).filter((id) => !asked.has(id));
  return {
    segmentIds: [...others, ...membership.segments].sort((a, b) => a - b),
    // An instant that is too early costs a look; one that is too late would be wrong.
    dueAt: earlier(row?.next_due_at ?? null, membership.dueAt),
    version: row?.version ?? '0',
  };
}

function differences(before: readonly number[], after: readonly number[]) {
  const was = new Set(before);
  const is = new Set(after);
  return [
    ...after.filter((id) => !was.has(id)).map((segmentId) => ({ segmentId, entered: true })),
    ...before.filter((id) => !is.has(id)).map((segmentId) => ({ segmentId, entered: false })),
  ];
}

const sameInstant = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime();

export async function saveChanges(
  session: ControlSession,
  workspaceId: WorkspaceId,
  changes: readonly Change[],
  at: Date,
): Promise<void> {
  if (changes.length === 0) return;
  const scoped = session.of(workspaceId);
  await scoped.query(
    `insert into segment_changes (workspace_id, segment_id, profile_id, entered, at, cause)
     select $1, segment_id, profile_id, entered, $6, cause
     from unnest($2::integer[], $3::bigint[], $4::boolean[], $5::text[]) as made (segment_id, profile_id, entered, cause)`,
    [
      changes.map(({ segmentId }) => segmentId),
      changes.map(({ profileId }) => profileId),
      changes.map(({ entered }) => entered),
      changes.map(({ cause }) => cause),
      at,
    ],
  );
  const sums = new Map<number, number>();
  for (const { segmentId, entered } of changes) sums.set(segmentId, (sums.get(segmentId) ?? 0) + (entered ? 1 : -1));
  await scoped.query(
    `update segments set people = segments.people + moved.sum, changed_at = $4
     from unnest($2::integer[], $3::integer[]) as moved (id, sum)
     where workspace_id = $1 and segments.id = moved.id`,
    [[...sums.keys()], [...sums.values()], at],
  );
}
