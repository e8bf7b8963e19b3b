import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import { RecentCache } from '../../storage/vault/index.ts';
import type { RememberedIdentity, RememberedValue, WorkspaceVault } from '../../storage/vault/vault.ts';
import type { CleanSettings } from '../clean-settings.ts';
import { addEdges } from '../identity/add-edges.ts';
import { graphLimits } from '../identity/graph-limits.ts';
import { resolveAffected } from '../identity/resolve-affected.ts';
import { edgeKey } from '../identity/resolve-graph.ts';
import type { SeenEdge } from '../rows/chunk-rows.ts';
import type { PreparedRecord } from './chunk.ts';

const knownMax = 200_000;
/** Long enough to save nearly all work, short enough that what another process removed is soon written again. */
const knownForMs = 5 * 60_000;

/**
 * What the control store is known to hold already: identities and edges with their earliest sight. Filled only after a
 * commit. Most events name people and pairs seen before; they cost nothing more than a look here.
 */
export class KnownPeople {
  readonly #firstSeen = new RecentCache<number>(knownMax);
  #clearedAt = Date.now();

  isKnown(workspaceId: WorkspaceId, key: string, firstSeenAt: Date): boolean {
    const known = this.#firstSeen.find(`${workspaceId}:${key}`);
    return known !== undefined && known <= firstSeenAt.getTime();
  }

  note(workspaceId: WorkspaceId, people: NewPeople): void {
    if (Date.now() - this.#clearedAt > knownForMs) {
      this.#firstSeen.clear();
      this.#clearedAt = Date.now();
    }
    for (const { identityId, firstSeenAt } of people.identities) {
      this.#firstSeen.put(`${workspaceId}:${identityId}`, firstSeenAt.getTime());
    }
    for (const edge of people.edges) this.#firstSeen.put(`${workspaceId}:${edgeKey(edge)}`, edge.firstSeenAt.getTime());
  }
}

export type NewPeople = {
  readonly identities: readonly RememberedIdentity[];
  readonly edges: readonly SeenEdge[];
  readonly values: readonly RememberedValue[];
};

/** What of a chunk's people is not known yet; each identity and edge once, with its earliest sight. */
export function collectPeople(
  workspaceId: WorkspaceId,
  records: readonly PreparedRecord[],
  known: KnownPeople,
): NewPeople {
  const identities = new Map<string, RememberedIdentity>();
  const edges = new Map<string, SeenEdge>();
  const values: RememberedValue[] = [];
  for (const { verdict, kept } of records) {
    if (verdict.kind !== 'valid' || !kept) continue;
    for (const identity of kept.identities) keepEarliest(identities, identity.identityId, identity, known, workspaceId);
    for (const edge of kept.edges) keepEarliest(edges, edgeKey(edge), edge, known, workspaceId);
    for (const value of kept.values) values.push(value);
  }
  return { identities: [...identities.values()], edges: [...edges.values()], values };
}

function keepEarliest<Seen extends { readonly firstSeenAt: Date }>(
  into: Map<string, Seen>,
  key: string,
  seen: Seen,
  known: KnownPeople,
  workspaceId: WorkspaceId,
): void {
  const held = into.get(key);
  if (held ? held.firstSeenAt <= seen.firstSeenAt : known.isKnown(workspaceId, key, seen.firstSeenAt)) return;
  into.set(key, seen);
}

/** Identifiers into the vault, pairs into the graph, and who is who decided again where that changes something. */
export async function savePeople(
  session: ControlSession,
  workspaceId: WorkspaceId,
  people: NewPeople,
  settings: CleanSettings,
  vault: WorkspaceVault,
): Promise<number> {
  const lowered = await findLowered(session, workspaceId, people.identities);
  await vault.remember(session, people.identities, people.values);
  const changed = await addEdges(session, workspaceId, people.edges);
  // An identity seen earlier than known may now give its name to the profile.
  return resolveAffected(session, workspaceId, [...changed, ...lowered], graphLimits(settings.workspace.settings));
}

async function findLowered(
  session: ControlSession,
  workspaceId: WorkspaceId,
  identities: readonly RememberedIdentity[],
): Promise<string[]> {
  if (identities.length === 0) return [];
  const rows = await session.of(workspaceId).query<{ identity_id: string }>(
    `select known.identity_id from identities as known
     join unnest($2::bigint[], $3::timestamptz[]) as seen (identity_id, first_seen_at) using (identity_id)
     where known.workspace_id = $1 and seen.first_seen_at < known.first_seen_at`,
    [identities.map((identity) => identity.identityId), identities.map((identity) => identity.firstSeenAt)],
  );
  return rows.map((row) => row.identity_id);
}
