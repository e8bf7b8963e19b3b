import type { Locale, Page, PeopleQuery, PersonRow } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { asProfileId, type IdentityId } from '../domain/ids.ts';
import { toInstantOrNull, toNumber } from '../domain/rows.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Stores } from '../storage/stores.ts';
import { displayNames } from './display-name.ts';
import { type PersonTotals, peopleCountQuestion, peoplePageQuestion } from './people-questions.ts';
import { identitiesOf, profilesOf } from './profile-identities.ts';

const searchHitsMax = 200;

/**
 * People, a page at a time. With `search`, the people to whom that whole identifier belongs (e-mail, phone, user id, name,
 * device, WeChat id, profile id): a look-up by keyed hash, so it does not slow down with the number of people.
 */
export async function listPeople(
  stores: Stores,
  workspace: Workspace,
  query: PeopleQuery,
  options: { reveal: boolean; locale: Locale },
): Promise<Page<PersonRow>> {
  const sort = query.sort ?? 'last_seen';
  const limit = Number(query.limit ?? 50);
  const found = query.search ? await identitiesFound(stores, workspace, query.search) : undefined;
  if (found?.length === 0) return { rows: [], nextCursor: null, total: 0 };

  const question = peoplePageQuestion({
    sort,
    currency: workspace.currency,
    limit: limit + 1,
    ...(query.cursor ? { after: parseCursor(query.cursor, sort) } : {}),
    ...(found ? { identityIds: found } : {}),
  });
  const [page, count] = await Promise.all([
    stores.events.read<PersonTotals>(workspace.id, question),
    found ? undefined : stores.events.read<{ people: string }>(workspace.id, peopleCountQuestion),
  ]);
  const totals = page.rows.slice(0, limit);
  const last = page.rows.length > limit ? totals.at(-1) : undefined;
  return {
    rows: await toPeople(stores, workspace, totals, options),
    nextCursor: last ? formatCursor(last, sort) : null,
    total: count ? toNumber(count.rows[0]?.people ?? 0) : null,
  };
}

export async function toPeople(
  stores: Stores,
  workspace: Workspace,
  totals: readonly PersonTotals[],
  options: { reveal: boolean; locale: Locale },
): Promise<PersonRow[]> {
  const identities = await identitiesOf(
    stores,
    workspace.id,
    totals.map((row) => asProfileId(row.profile_id)),
  );
  const names = await displayNames(stores, workspace.id, identities, options);
  return totals.map((row) => {
    const name = names.get(asProfileId(row.profile_id));
    return {
      profileId: row.profile_id,
      displayName: name?.displayName ?? row.profile_id,
      isKnown: name?.isKnown ?? false,
      firstSeenAt: toInstantOrNull(row.first_seen),
      lastSeenAt: toInstantOrNull(row.last_seen),
      events: toNumber(row.events),
      orders: toNumber(row.orders),
      revenueMinor: toNumber(row.revenue),
      currency: workspace.currency,
    };
  });
}

/** Every identity of every person to whom the search text belongs. */
async function identitiesFound(stores: Stores, workspace: Workspace, search: string): Promise<IdentityId[]> {
  const vault = await stores.vault.of(workspace.id);
  const hits = await vault.find(search, searchHitsMax);
  const isProfileId = /^\d{5,20}$/.test(search);
  const profiles = await profilesOf(stores, workspace.id, isProfileId ? [...hits, search as IdentityId] : hits);
  const identities = await identitiesOf(stores, workspace.id, [...new Set(profiles.values())]);
  return [...identities.values()].flat();
}

function formatCursor(row: PersonTotals, sort: keyof PersonTotals | string): string {
  const value = row[sort as keyof PersonTotals];
  return Buffer.from(JSON.stringify([sort, value, row.profile_id])).toString('base64url');
}

function parseCursor(cursor: string, sort: string): { value: string; profileId: string } {
  try {
    const [cursorSort, value, profileId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
    if (cursorSort !== sort || !/^[\d :.-]+$/.test(String(value)) || !/^\d+$/.test(String(profileId)))
      throw new Error('foreign cursor');
    return { value: String(value), profileId: String(profileId) };
  } catch (cause) {
    throw new AppError('input.invalid', 'cursor: not a cursor of this list with this order', {
      cause,
      details: { field: 'cursor', fix: 'Start again without a cursor, or keep the same sort.' },
    });
  }
}
