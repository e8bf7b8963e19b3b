import { asIdentityId, asProfileId, type ProfileId, type WorkspaceId } from '../../../domain/ids.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { ControlSession } from '../../../storage/control/control-store.ts';
import type { Stores } from '../../../storage/stores.ts';
import { identitiesOf, profilesOf } from '../../profile-identities.ts';
import { evaluatePeople } from './evaluate-people.ts';
import { loadSegments, ruleContext } from './load-segments.ts';
import { saveMemberships, takeVersion } from './save-memberships.ts';

const workRowsAtOnce = 500;
/** So many people in one question. */
const peopleAtOnce = 1_000;

export type Taken = { readonly people: number; readonly changes: number; readonly wantsEveryone: boolean };

/** Looks again at people of whom something new is known. All of it is one transaction: broken off, it is as if it had not begun. */
export async function takeWork(stores: Stores, workspace: Workspace, now: () => Date): Promise<Taken | undefined> {
  return stores.control.transaction(async (session) => {
    const rows = await session.of(workspace.id).query<{ id: string; identity_ids: string[] | null }>(
      `select id, identity_ids from segment_work where workspace_id = $1 order by id limit ${workRowsAtOnce}
       for update skip locked`,
    );
    if (rows.length === 0) return undefined;
    const identityIds = [...new Set(rows.flatMap((row) => row.identity_ids ?? []))].map(asIdentityId);
    const profiles = await profilesOf(stores, workspace.id, identityIds);
    // An identity may have been a profile of its own: whatever is kept of it then has to go.
    const people = new Set<ProfileId>([...profiles.values(), ...identityIds.map((id) => asProfileId(id))]);
    const changes = await evaluateAndSave(stores, session, workspace, { people: [...people], cause: 'event', now });
    await session
      .of(workspace.id)
      .query('delete from segment_work where workspace_id = $1 and id = any($2::bigint[])', [rows.map(({ id }) => id)]);
    return { people: people.size, changes, wantsEveryone: rows.some((row) => row.identity_ids === null) };
  });
}

/** Looks again at people whose time has come. */
export async function takeDue(stores: Stores, workspace: Workspace, now: () => Date): Promise<Taken | undefined> {
  return stores.control.transaction(async (session) => {
    const rows = await session.of(workspace.id).query<{ profile_id: string }>(
      `select profile_id from profile_segments where workspace_id = $1 and next_due_at <= $2
       order by next_due_at limit ${peopleAtOnce} for update skip locked`,
      [now()],
    );
    if (rows.length === 0) return undefined;
    const people = rows.map((row) => asProfileId(row.profile_id));
    const changes = await evaluateAndSave(stores, session, workspace, { people, cause: 'time', now });
    return { people: people.length, changes, wantsEveryone: false };
  });
}

const attemptsMax = 5;

async function evaluateAndSave(
  stores: Stores,
  session: ControlSession,
  workspace: Workspace,
  work: { readonly people: readonly ProfileId[]; readonly cause: 'event' | 'time'; readonly now: () => Date },
): Promise<number> {
  let changes = 0;
  for (let i = 0; i < work.people.length; i += peopleAtOnce) {
    const some = work.people.slice(i, i + peopleAtOnce);
    for (let attempt = 1; ; attempt += 1) {
      const saved = await evaluateSome(stores, session, workspace, { ...work, people: some });
      if (saved !== undefined) {
        changes += saved;
        break;
      }
      if (attempt >= attemptsMax) throw new Error(`segments of workspace ${workspace.id} change faster than people`);
    }
  }
  return changes;
}

async function evaluateSome(
  stores: Stores,
  session: ControlSession,
  workspace: Workspace,
  work: { readonly people: readonly ProfileId[]; readonly cause: 'event' | 'time'; readonly now: () => Date },
): Promise<number | undefined> {
  const version = await takeVersion(session);
  const { rules, revision } = await loadSegments(session, workspace.id);
  const merged = await findMerged(session, workspace.id, work.people);
  const own = work.people.filter((profileId) => !merged.has(profileId));
  const identities = await identitiesOf(stores, workspace.id, own);
  const at = work.now();
  const found = await evaluatePeople(stores.events, workspace.id, rules, identities, ruleContext(workspace, at));
  const people = new Map(work.people.map((profileId) => [profileId, found.get(profileId) ?? null]));
  return saveMemberships(session, workspace.id, { version, revision, at, segmentIds: null, cause: work.cause, people });
}

/** Of some ids those that are a part of another profile now. */
async function findMerged(
  session: ControlSession,
  workspaceId: WorkspaceId,
  profileIds: readonly ProfileId[],
): Promise<Set<string>> {
  const rows = await session.of(workspaceId).query<{ identity_id: string }>(
    `select identity_id from profile_links
     where workspace_id = $1 and identity_id = any($2::bigint[]) and profile_id <> identity_id`,
    [[...profileIds]],
  );
  return new Set(rows.map((row) => row.identity_id));
}
