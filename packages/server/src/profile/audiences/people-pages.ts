import type { PeopleChoice } from '@zhiyin/contract';
import { asIdentityId, asProfileId, type ProfileId, type WorkspaceId } from '../../domain/ids.ts';
import type { Stores } from '../../storage/stores.ts';
import { profilesOf } from '../profile-identities.ts';

const peopleAtOnce = 5_000;

/** Whom a choice means now, page by page, each once. `after`: only those behind this profile, for work that goes on where it broke off. */
export async function* peoplePages(
  stores: Stores,
  workspaceId: WorkspaceId,
  choice: PeopleChoice,
  after = '0',
): AsyncGenerator<ProfileId[]> {
  if (choice.profileIds) {
    const profiles = await profilesOf(stores, workspaceId, choice.profileIds.map(asIdentityId));
    yield [...new Set(profiles.values())];
    return;
  }
  let last = after;
  for (;;) {
    const page =
      choice.segmentId !== undefined
        ? await readSegmentPage(stores, workspaceId, choice.segmentId, last)
        : await readListPage(stores, workspaceId, choice.listId!, last);
    if (page.length > 0) yield page;
    if (page.length < peopleAtOnce) return;
    last = page.at(-1)!;
  }
}

/** How many people a choice means. */
export async function countPeople(stores: Stores, workspaceId: WorkspaceId, choice: PeopleChoice): Promise<number> {
  if (choice.profileIds) return choice.profileIds.length;
  if (choice.segmentId !== undefined) {
    const [row] = await stores.control
      .of(workspaceId)
      .query<{ people: string }>(
        'select count(*) as people from profile_segments where workspace_id = $1 and segment_ids @> array[$2::int]',
        [choice.segmentId],
      );
    return Number(row?.people ?? 0);
  }
  const [row] = await readListCounts(stores, workspaceId, choice.listId);
  return row?.people ?? 0;
}

async function readSegmentPage(stores: Stores, workspaceId: WorkspaceId, segmentId: number, after: string) {
  const rows = await stores.control.of(workspaceId).query<{ profile_id: string }>(
    `select profile_id from profile_segments
     where workspace_id = $1 and segment_ids @> array[$2::int] and profile_id > $3
     order by profile_id limit ${peopleAtOnce}`,
    [segmentId, after],
  );
  return rows.map((row) => asProfileId(row.profile_id));
}

/**
 * Rows of lists with whether their person is known: joined with somebody, or seen in an event or a trait. A row that is not known is
 * an identifier that waits for its person.
 */
const knownMembers = (listId: number | undefined): string => `
  SELECT list_id, identity_id, profile_id, changed_at,
    identity_id != profile_id
      OR identity_id GLOBAL IN (SELECT profile_id FROM @profile_links)
      OR identity_id GLOBAL IN (SELECT identity_id FROM @events)
      OR identity_id GLOBAL IN (SELECT identity_id FROM @traits) AS known
  FROM @person_list_members
  ${listId === undefined ? '' : 'WHERE list_id = {list:UInt32}'}`;

async function readListPage(stores: Stores, workspaceId: WorkspaceId, listId: number, after: string) {
  const { rows } = await stores.events.read<{ profile_id: string }>(
    workspaceId,
    {
      name: 'list-people',
      parameters: { list: listId, after },
      sql: `
        SELECT DISTINCT profile_id
        FROM (${knownMembers(listId)})
        WHERE known AND profile_id > {after:UInt64}
        ORDER BY profile_id
        LIMIT ${peopleAtOnce}`,
    },
    { timeoutMs: 60_000 },
  );
  return rows.map((row) => asProfileId(row.profile_id));
}

export type ListCounts = {
  readonly listId: number;
  readonly people: number;
  readonly waiting: number;
  readonly changedAt: string;
};

export async function readListCounts(
  stores: Pick<Stores, 'events'>,
  workspaceId: WorkspaceId,
  listId?: number,
): Promise<ListCounts[]> {
  const { rows } = await stores.events.read<{ list_id: number; people: string; waiting: string; changed_at: string }>(
    workspaceId,
    {
      name: 'list-counts',
      parameters: listId === undefined ? {} : { list: listId },
      sql: `
        SELECT list_id, uniqExactIf(profile_id, known) AS people, uniqExactIf(identity_id, NOT known) AS waiting, max(changed_at) AS changed_at
        FROM (${knownMembers(listId)})
        GROUP BY list_id`,
    },
    { timeoutMs: 60_000 },
  );
  return rows.map((row) => ({
    listId: Number(row.list_id),
    people: Number(row.people),
    waiting: Number(row.waiting),
    changedAt: row.changed_at,
  }));
}
