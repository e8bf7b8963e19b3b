import { asIdentityId, asProfileId, type IdentityId, type ProfileId, type WorkspaceId } from '../domain/ids.ts';
import type { Stores } from '../storage/stores.ts';

/** The profile an id belongs to now: ids of merged profiles lead to what they became. */
export async function currentProfile(stores: Stores, workspaceId: WorkspaceId, id: string): Promise<ProfileId> {
  const rows = await stores.control
    .of(workspaceId)
    .query<{ profile_id: string }>(
      'select profile_id from profile_links where workspace_id = $1 and identity_id = $2',
      [id],
    );
  return asProfileId(rows[0]?.profile_id ?? id);
}

/** Identities → profiles, those without a link being their own. */
export async function profilesOf(
  stores: Stores,
  workspaceId: WorkspaceId,
  identityIds: readonly IdentityId[],
): Promise<Map<IdentityId, ProfileId>> {
  const profiles = new Map(identityIds.map((id) => [id, asProfileId(id)]));
  if (identityIds.length === 0) return profiles;
  const links = await stores.control
    .of(workspaceId)
    .query<{ identity_id: string; profile_id: string }>(
      'select identity_id, profile_id from profile_links where workspace_id = $1 and identity_id = any($2::bigint[])',
      [[...identityIds]],
    );
  for (const link of links) profiles.set(asIdentityId(link.identity_id), asProfileId(link.profile_id));
  return profiles;
}

/** Every identity of each profile; the profile's own id is always among them. */
export async function identitiesOf(
  stores: Stores,
  workspaceId: WorkspaceId,
  profileIds: readonly ProfileId[],
): Promise<Map<ProfileId, IdentityId[]>> {
  const identities = new Map(profileIds.map((id) => [id, [asIdentityId(id)]]));
  if (profileIds.length === 0) return identities;
  const links = await stores.control.of(workspaceId).query<{ identity_id: string; profile_id: string }>(
    `select identity_id, profile_id from profile_links
       where workspace_id = $1 and profile_id = any($2::bigint[]) and identity_id <> profile_id
       order by identity_id`,
    [[...profileIds]],
  );
  for (const link of links) identities.get(asProfileId(link.profile_id))?.push(asIdentityId(link.identity_id));
  return identities;
}
