import type { PersonRow } from '@zhiyin/contract';
import type { ProfileId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { NameOptions } from '../display-name.ts';
import { toPeople } from '../list-people.ts';
import { type PersonTotals, peoplePageQuestion } from '../people-questions.ts';
import { identitiesOf } from '../profile-identities.ts';

/** These people in this order; who has traits and no event yet is among them, with nothing done. */
export async function readPeopleRows(
  stores: Stores,
  workspace: Workspace,
  profileIds: readonly ProfileId[],
  view: NameOptions,
): Promise<PersonRow[]> {
  return toPeople(stores, workspace, await readTotals(stores, workspace, profileIds), view);
}

/** What these people did in all, in the order of the ids. */
export async function readTotals(
  stores: Pick<Stores, 'events' | 'control'>,
  workspace: Workspace,
  profileIds: readonly ProfileId[],
): Promise<PersonTotals[]> {
  if (profileIds.length === 0) return [];
  const identities = await identitiesOf(stores as Stores, workspace.id, profileIds);
  const { rows } = await stores.events.read<PersonTotals>(
    workspace.id,
    peoplePageQuestion({
      sort: 'last_seen',
      currency: workspace.currency,
      limit: profileIds.length,
      identityIds: [...identities.values()].flat(),
    }),
    { timeoutMs: 60_000 },
  );
  const found = new Map(rows.map((row) => [row.profile_id, row]));
  return profileIds.map((profileId) => found.get(profileId) ?? { ...nothing, profile_id: profileId });
}

const never = '1970-01-01 00:00:00.000';
const nothing = { first_seen: never, last_seen: never, events: '0', orders: '0', revenue: '0' };
