import type { IdentityId, SourceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { RememberedIdentity, RememberedValue } from '../../storage/vault/vault.ts';
import { savePeople } from '../chunk/save-people.ts';
import { pushLinks } from './push-links.ts';
import { lockIdentities } from './resolve-affected.ts';

export type SeenPeople = {
  readonly sourceId: SourceId;
  readonly people: readonly RememberedIdentity[];
  readonly pairs: readonly { readonly lowId: IdentityId; readonly highId: IdentityId; readonly firstSeenAt: Date }[];
  readonly values?: readonly RememberedValue[];
};

/** For imports, which never pass the journal: vault and graph learn of people and of who was seen with whom. Repeatable. */
export async function registerPeople(stores: Stores, workspace: Workspace, seen: SeenPeople): Promise<void> {
  const { timeZone, currency, settings } = workspace;
  const vault = await stores.vault.of(workspace.id);
  const edges = seen.pairs.map((pair) => ({ ...pair, workspaceId: workspace.id, sourceId: seen.sourceId }));
  const people = { identities: seen.people, edges, values: seen.values ?? [] };
  const cleanSettings = { workspace: { timeZone, currency, settings }, rules: [], policies: [] };
  await stores.control.transaction(async (session) => {
    await lockIdentities(session, workspace.id);
    await savePeople(session, workspace.id, people, cleanSettings, vault);
  });
  await pushLinks(stores, workspace.id);
}
