import type { IdentityId } from '../../domain/ids.ts';
import type { RememberedIdentity, WorkspaceVault } from '../../storage/vault/vault.ts';
import type { Arrival, Identifier } from '../draft.ts';
import type { SeenEdge } from './chunk-rows.ts';

/**
 * The identifiers of one record as surrogates, strongest first, and "seen together" from the strongest to each other one.
 * A star is enough to hold them together, and it says the truth when one identifier turns out to be shared by many.
 */
export function identitiesAndEdges(
  identifiers: readonly Identifier[],
  arrival: Arrival,
  occurredAt: Date,
  vault: WorkspaceVault,
): { identities: RememberedIdentity[]; edges: SeenEdge[] } {
  const identities: RememberedIdentity[] = [];
  const edges: SeenEdge[] = [];
  for (const { kind, value } of identifiers) {
    const identityId = vault.surrogate(kind, value);
    if (identities.some((known) => known.identityId === identityId)) continue;
    identities.push({ identityId, kind, value, firstSeenAt: occurredAt });
    if (identities.length === 1) continue;
    const [lowId, highId] = inOrder(identities[0]!.identityId, identityId);
    edges.push({
      workspaceId: arrival.workspaceId,
      lowId,
      highId,
      firstSeenAt: occurredAt,
      sourceId: arrival.sourceId,
    });
  }
  return { identities, edges };
}

/** By number, as the database compares them: shorter decimal texts are smaller. */
export function inOrder(a: IdentityId, b: IdentityId): [IdentityId, IdentityId] {
  return compareIds(a, b) < 0 ? [a, b] : [b, a];
}

export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
