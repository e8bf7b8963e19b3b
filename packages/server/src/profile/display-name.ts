import type { Locale } from '@zhiyin/contract';
import { identityKinds } from '../domain/identity.ts';
import type { IdentityId, ProfileId, WorkspaceId } from '../domain/ids.ts';
import { maskIdentifier } from '../domain/mask-identifier.ts';
import type { Stores } from '../storage/stores.ts';
import type { RememberedIdentity, RememberedValue } from '../storage/vault/vault.ts';

export type NameOptions = { readonly reveal: boolean; readonly locale: Locale };

/** What to call people: name, else e-mail, else the strongest identifier, else "Visitor 4f2a". */
export async function displayNames(
  stores: Stores,
  workspaceId: WorkspaceId,
  identities: ReadonlyMap<ProfileId, readonly IdentityId[]>,
  options: NameOptions,
): Promise<Map<ProfileId, { displayName: string; isKnown: boolean }>> {
  const vault = await stores.vault.of(workspaceId);
  const everyone = [...identities.values()].flat();
  const [identifiers, values] = await Promise.all([
    vault.revealIdentities(everyone),
    vault.revealValues(everyone, ['name', 'first_name', 'last_name']),
  ]);
  const identifiersOf = Map.groupBy(identifiers, (row) => row.identityId);
  const valuesOf = Map.groupBy(values, (row) => row.identityId);
  return new Map(
    [...identities].map(([profileId, ids]) => [
      profileId,
      nameOf(
        profileId,
        ids.flatMap((id) => identifiersOf.get(id) ?? []),
        ids.flatMap((id) => valuesOf.get(id) ?? []),
        options,
      ),
    ]),
  );
}

export function nameOf(
  profileId: ProfileId,
  identifiers: readonly RememberedIdentity[],
  values: readonly RememberedValue[],
  { reveal, locale }: NameOptions,
): { displayName: string; isKnown: boolean } {
  const show = (kind: string, value: string) => (reveal ? value : maskIdentifier(kind, value));
  const known = identifiers.filter((row) => row.kind !== 'anonymous_id' && row.kind !== 'device_id');
  const fullName = fullNameOf(values);
  if (fullName) return { displayName: show('name', fullName), isKnown: true };
  const email = known.find((row) => row.kind === 'email');
  const best = email ?? known.toSorted((a, b) => identityKinds.indexOf(a.kind) - identityKinds.indexOf(b.kind))[0];
  if (best) return { displayName: show(best.kind, best.value), isKnown: true };
  return { displayName: `${locale === 'zh-CN' ? '访客' : 'Visitor'} ${shortMark(profileId)}`, isKnown: false };
}

/** Names written in Chinese characters run family name first, without a space. */
function fullNameOf(values: readonly RememberedValue[]): string {
  const latest = (field: string) => {
    const found = values
      .filter((row) => row.field === field)
      .toSorted((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime())[0];
    return typeof found?.value === 'string' ? found.value.trim() : '';
  };
  const name = latest('name');
  if (name) return name;
  const first = latest('first_name');
  const last = latest('last_name');
  return /\p{Script=Han}/u.test(first + last) ? `${last}${first}` : `${first} ${last}`.trim();
}

/** Four hexadecimal digits that tell visitors apart on a screen. */
export function shortMark(profileId: ProfileId): string {
  return (BigInt(profileId) & 0xffffn).toString(16).padStart(4, '0');
}
