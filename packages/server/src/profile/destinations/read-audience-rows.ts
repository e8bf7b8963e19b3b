import { type AudienceColumn, identifierColumns } from '@zhiyin/contract';
import { currencyExponents } from '../../domain/currencies.ts';
import { asIdentityId, type IdentityId, type ProfileId } from '../../domain/ids.ts';
import { toInstantOrNull } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { readTotals } from '../audiences/read-people-rows.ts';
import { identitiesOf } from '../profile-identities.ts';

export type AudienceRow = Readonly<Record<string, unknown>>;

const isIdentifier = (column: string): boolean => (identifierColumns as readonly string[]).includes(column);

/** Columns that show who somebody is: only for those who may see that. */
export const identifiersIn = (columns: readonly string[]): string[] => columns.filter(isIdentifier);

/** These people as rows with these columns, in the order of both. */
export async function readAudienceRows(
  stores: Stores,
  workspace: Workspace,
  profileIds: readonly ProfileId[],
  columns: readonly AudienceColumn[],
): Promise<AudienceRow[]> {
  if (profileIds.length === 0) return [];
  const named = (prefix: string) =>
    columns.filter((column) => column.startsWith(prefix)).map((column) => column.slice(prefix.length));
  const wants = (...names: readonly string[]) => columns.some((column) => names.includes(column));
  const identities = await identitiesOf(stores, workspace.id, profileIds);
  const all = [...identities.values()].flat();
  const [totals, traits, computed, tags, identifiers] = await Promise.all([
    wants('first_seen_at', 'last_seen_at', 'events', 'orders', 'revenue')
      ? readTotals(stores, workspace, profileIds)
      : [],
    readTraits(stores, workspace, all, named('trait:')),
    readComputed(stores, workspace, profileIds, named('computed:')),
    wants('tags') ? readTags(stores, workspace, all) : new Map<string, string[]>(),
    columns.some(isIdentifier) ? readIdentifiers(stores, workspace, identities) : new Map(),
  ]);
  const totalsOf = new Map(totals.map((row) => [row.profile_id, row]));
  return profileIds.map((profileId) => {
    const total = totalsOf.get(profileId);
    const cell = (column: AudienceColumn): unknown => {
      if (column === 'profile_id') return profileId;
      if (column === 'first_seen_at') return total ? toInstantOrNull(total.first_seen) : null;
      if (column === 'last_seen_at') return total ? toInstantOrNull(total.last_seen) : null;
      if (column === 'events') return Number(total?.events ?? 0);
      if (column === 'orders') return Number(total?.orders ?? 0);
      if (column === 'revenue')
        return Number(total?.revenue ?? 0) / 10 ** (currencyExponents.get(workspace.currency) ?? 2);
      if (column === 'currency') return workspace.currency;
      if (column === 'tags') return tags.get(profileId) ?? [];
      if (column.startsWith('trait:')) return traits.get(profileId)?.get(column.slice('trait:'.length)) ?? null;
      if (column.startsWith('computed:')) return computed.get(profileId)?.get(column.slice('computed:'.length)) ?? null;
      return identifiers.get(profileId)?.[column] ?? null;
    };
    return Object.fromEntries(columns.map((column) => [column, cell(column)]));
  });
}

type Named = Map<string, Map<string, unknown>>;
type NamedRow = { profile_id: string; name: string; value: string };

function byPerson(rows: readonly NamedRow[]): Named {
  const people: Named = new Map();
  for (const { profile_id, name, value } of rows) {
    const own = people.get(profile_id) ?? new Map<string, unknown>();
    people.set(profile_id, own.set(name, JSON.parse(value)));
  }
  return people;
}

async function readTraits(stores: Stores, workspace: Workspace, identities: readonly IdentityId[], names: string[]) {
  if (names.length === 0) return new Map() as Named;
  const { rows } = await stores.events.read<NamedRow>(workspace.id, {
    name: 'audience-traits',
    parameters: { identities, names },
    sql: `
      SELECT profile_id, name, argMax(value, (occurred_at, message_key)) AS value
      FROM @person_traits
      WHERE identity_id IN {identities:Array(UInt64)} AND name IN {names:Array(String)}
      GROUP BY profile_id, name`,
  });
  return byPerson(rows);
}

async function readComputed(stores: Stores, workspace: Workspace, profiles: readonly ProfileId[], names: string[]) {
  if (names.length === 0) return new Map() as Named;
  const { rows } = await stores.events.read<NamedRow>(workspace.id, {
    name: 'audience-computed',
    parameters: { profiles, names },
    sql: `
      SELECT profile_id, name, value
      FROM @computed_traits
      WHERE name IN {names:Array(String)} AND profile_id IN {profiles:Array(UInt64)} AND deleted = 0`,
  });
  return byPerson(rows);
}

async function readTags(stores: Stores, workspace: Workspace, identities: readonly IdentityId[]) {
  const { rows } = await stores.events.read<{ profile_id: string; tags: string[] }>(workspace.id, {
    name: 'audience-tags',
    parameters: { identities },
    sql: `
      SELECT profile_id, arraySort(groupUniqArray(toString(tag))) AS tags
      FROM @person_tags
      WHERE identity_id IN {identities:Array(UInt64)}
      GROUP BY profile_id`,
  });
  return new Map(rows.map((row) => [row.profile_id, row.tags]));
}

/** Several of a kind stand beside one another. The name is the latest that somebody gave. */
async function readIdentifiers(
  stores: Stores,
  workspace: Workspace,
  identities: ReadonlyMap<ProfileId, readonly IdentityId[]>,
): Promise<Map<string, Record<string, string>>> {
  const vault = await stores.vault.of(workspace.id);
  const all = [...identities.values()].flat();
  const [identifiers, names] = await Promise.all([vault.revealIdentities(all), vault.revealValues(all, ['name'])]);
  const identifiersOf = Map.groupBy(identifiers, (row) => row.identityId);
  const namesOf = Map.groupBy(names, (row) => row.identityId);
  return new Map(
    [...identities].map(([profileId, ids]) => {
      const own = ids.flatMap((id) => identifiersOf.get(asIdentityId(id)) ?? []);
      const called = ids
        .flatMap((id) => namesOf.get(id) ?? [])
        .toSorted((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime())[0];
      const of = (kind: string) => own.flatMap((row) => (row.kind === kind ? [row.value] : [])).join('; ');
      const name = typeof called?.value === 'string' ? called.value : '';
      return [profileId, { name, email: of('email'), phone: of('phone'), user_id: of('user_id') }];
    }),
  );
}
