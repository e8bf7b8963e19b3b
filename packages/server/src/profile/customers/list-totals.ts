import type { Locale, PersonRow } from '@zhiyin/contract';
import { asProfileId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { toPeople } from '../list-people.ts';
import { type PersonTotals, peoplePageQuestion } from '../people-questions.ts';
import { identitiesOf } from '../profile-identities.ts';

/** People by their ids, in the order of the ids, with names and totals. Ids of people who are gone are left out. */
export async function listTotals(
  stores: Stores,
  workspace: Workspace,
  profileIds: readonly string[],
  view: { readonly reveal: boolean; readonly locale: Locale },
): Promise<PersonRow[]> {
  if (profileIds.length === 0) return [];
  const identities = await identitiesOf(stores, workspace.id, profileIds.map(asProfileId));
  const { rows } = await stores.events.read<PersonTotals>(
    workspace.id,
    peoplePageQuestion({
      sort: 'revenue',
      currency: workspace.currency,
      limit: profileIds.length,
      identityIds: [...identities.values()].flat(),
    }),
  );
  const people = new Map((await toPeople(stores, workspace, rows, view)).map((person) => [person.profileId, person]));
  return profileIds.flatMap((id) => people.get(id) ?? []);
}
