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
  const identities = new Map<IdentityId, RememberedIdentity>();
  for (const { kind, value } of identifiers) {
    const identityId = vault.surrogate(kind, value);
    if (!identities.has(identityId)) identities.set(identityId, { identityId, kind, value, firstSeenAt: occurredAt });
  }
  const list = [...identities.values()];
  const strongest = list[0];
  const edges = list.slice(1).map((other) => {
    const [lowId, highId] = inOrder(strongest!.identityId, other.identityId);
    return { workspaceId: arrival.workspaceId, lowId, highId, firstSeenAt: occurredAt, sourceId: arrival.sourceId };
  });
  return { identities: list, edges };
}

/** By number, as the database compares them: shorter decimal texts are smaller. */
export function inOrder(a: IdentityId, b: IdentityId): [IdentityId, IdentityId] {
  return compareIds(a, b) < 0 ? [a, b] : [b, a];
}

export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
