import { type IdentityKind, identityKinds, knownKinds } from '../../domain/identity.ts';
import { compareIds } from '../rows/identities-and-edges.ts';

export type GraphNode = { readonly id: string; readonly kind: IdentityKind; readonly firstSeenAt: number };
export type GraphEdge = { readonly lowId: string; readonly highId: string; readonly firstSeenAt: number };
export type GraphLimits = {
  readonly identifiersPerProfileMax: number;
  readonly mergesPerProfileMax: number;
  readonly peoplePerIdentifierMax: number;
};
export type EdgeRefusal = 'two_known_people' | 'too_many_identifiers' | 'too_many_merges' | 'shared_identifier';
export type Resolution = {
  /** Of every node: its profile. */
  readonly profileOf: ReadonlyMap<string, string>;
  /** Edges that join nothing, by `edgeKey`, and why. */
  readonly refused: ReadonlyMap<string, EdgeRefusal>;
};

export const edgeKey = (edge: { readonly lowId: string; readonly highId: string }): string =>
  `${edge.lowId}-${edge.highId}`;

type Group = { members: string[]; known: string | undefined; merges: number };

/**
 * Who is who: a pure function of what was seen together. Edges are taken in the order of (first seen, low, high), whatever the
 * order of arrival, and each joins its two groups unless that would put two known people into one, or more identifiers or merges
 * than the limits allow. An identifier that too many known people share joins nothing.
 *
 * @param edges without those an operator cut.
 * @param shared nodes already known to be shared, where the edges given are not all of theirs.
 */
export function resolveGraph(
  nodes: ReadonlyMap<string, GraphNode>,
  edges: readonly GraphEdge[],
  limits: GraphLimits,
  shared: ReadonlySet<string> = findShared(nodes, edges, limits.peoplePerIdentifierMax),
): Resolution {
  const groupOf = new Map<string, Group>();
  for (const node of nodes.values()) {
    groupOf.set(node.id, {
      members: [node.id],
      known: knownKinds.includes(node.kind) ? node.id : undefined,
      merges: 0,
    });
  }
  const refused = new Map<string, EdgeRefusal>();
  for (const edge of [...edges].sort(compareEdges)) {
    const reason = join(edge, groupOf, limits, shared);
    if (reason) refused.set(edgeKey(edge), reason);
  }
  const profileOf = new Map<string, string>();
  for (const group of new Set(groupOf.values())) {
    const profile = nameProfile(group.members, nodes);
    for (const member of group.members) profileOf.set(member, profile);
  }
  return { profileOf, refused };
}

/** Nodes next to more known people than allowed. */
export function findShared(
  nodes: ReadonlyMap<string, GraphNode>,
  edges: readonly GraphEdge[],
  peopleMax: number,
): Set<string> {
  const people = new Map<string, Set<string>>();
  const note = (id: string, other: string) => {
    const kind = nodes.get(other)?.kind;
    if (!kind || !knownKinds.includes(kind)) return;
    const known = people.get(id);
    if (known) known.add(other);
    else people.set(id, new Set([other]));
  };
  for (const { lowId, highId } of edges) {
    note(lowId, highId);
    note(highId, lowId);
  }
  return new Set([...people].filter(([, known]) => known.size > peopleMax).map(([id]) => id));
}

export function compareEdges(a: GraphEdge, b: GraphEdge): number {
  return a.firstSeenAt - b.firstSeenAt || compareIds(a.lowId, b.lowId) || compareIds(a.highId, b.highId);
}

function join(
  edge: GraphEdge,
  groupOf: Map<string, Group>,
  limits: GraphLimits,
  shared: ReadonlySet<string>,
): EdgeRefusal | undefined {
  if (shared.has(edge.lowId) || shared.has(edge.highId)) return 'shared_identifier';
  const low = groupOf.get(edge.lowId)!;
  const high = groupOf.get(edge.highId)!;
  if (low === high) return undefined;
  if (low.known !== undefined && high.known !== undefined) return 'two_known_people';
  if (low.members.length + high.members.length > limits.identifiersPerProfileMax) return 'too_many_identifiers';
  // Adding one identifier to a group is no merge: it had no history of its own to move.
  const isMerge = low.members.length > 1 && high.members.length > 1;
  const merges = low.merges + high.merges + (isMerge ? 1 : 0);
  if (merges > limits.mergesPerProfileMax) return 'too_many_merges';
  const [larger, smaller] = low.members.length >= high.members.length ? [low, high] : [high, low];
  for (const member of smaller.members) {
    larger.members.push(member);
    groupOf.set(member, larger);
  }
  larger.known ??= smaller.known;
  larger.merges = merges;
  return undefined;
}

/** Strongest kind, then earliest seen, then smallest id. */
function nameProfile(members: readonly string[], nodes: ReadonlyMap<string, GraphNode>): string {
  let best = nodes.get(members[0]!)!;
  for (const id of members) {
    const node = nodes.get(id)!;
    const difference =
      identityKinds.indexOf(node.kind) - identityKinds.indexOf(best.kind) ||
      node.firstSeenAt - best.firstSeenAt ||
      compareIds(node.id, best.id);
    if (difference < 0) best = node;
  }
  return best.id;
}
