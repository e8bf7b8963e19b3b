import { type IdentityKind, knownKinds } from '../../domain/identity.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import { edgeKey, type GraphEdge, type GraphNode } from './resolve-graph.ts';

/** More than this around one person is a fault of the data; what lies beyond keeps the links it has. */
const nodesMax = 50_000;
/** Read per identifier, earliest first. An edge beyond is still seen from its other end. */
const edgesPerNodeMax = 1_000;

export type StoredEdge = GraphEdge & { readonly refused: string | null };
export type Affected = {
  readonly nodes: Map<string, GraphNode>;
  readonly edges: Map<string, StoredEdge>;
  readonly shared: Set<string>;
};

/**
 * Everything that can be reached from some identifiers over edges that were not cut. Shared identifiers are reached but not passed:
 * they join nothing, so what lies behind them is not affected. When one has just become shared, those it held together are.
 */
export async function loadAffected(
  session: ControlSession,
  workspaceId: WorkspaceId,
  seeds: readonly string[],
  peopleMax: number,
): Promise<Affected> {
  const affected: Affected = { nodes: new Map(), edges: new Map(), shared: new Set() };
  const visited = new Set<string>();
  let frontier = [...new Set(seeds)];
  while (frontier.length > 0 && visited.size < nodesMax) {
    for (const id of frontier) visited.add(id);
    const found = await loadEdges(session, workspaceId, frontier);
    await loadNodes(session, workspaceId, affected.nodes, [...frontier, ...endsOf(found)]);
    frontier = [...new Set(follow(frontier, found, affected, peopleMax))].filter((id) => !visited.has(id));
  }
  return affected;
}

type FoundEdge = StoredEdge & { readonly fromId: string };

async function loadEdges(
  session: ControlSession,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<FoundEdge[]> {
  const rows = await session.of(workspaceId).query<{
    from_id: string;
    low_id: string;
    high_id: string;
    first_seen_at: Date;
    refused: string | null;
  }>(
    `select frontier.id as from_id, edge.* from unnest($2::bigint[]) as frontier (id)
     cross join lateral (
       (select low_id, high_id, first_seen_at, refused from identity_edges
        where workspace_id = $1 and low_id = frontier.id and cut_at is null)
       union all
       (select low_id, high_id, first_seen_at, refused from identity_edges
        where workspace_id = $1 and high_id = frontier.id and cut_at is null)
       order by first_seen_at, low_id, high_id limit ${edgesPerNodeMax}
     ) as edge`,
    [ids],
  );
  return rows.map((row) => ({
    fromId: row.from_id,
    lowId: row.low_id,
    highId: row.high_id,
    firstSeenAt: row.first_seen_at.getTime(),
    refused: row.refused,
  }));
}

const endsOf = (edges: readonly FoundEdge[]): string[] => edges.flatMap((edge) => [edge.lowId, edge.highId]);

async function loadNodes(
  session: ControlSession,
  workspaceId: WorkspaceId,
  nodes: Map<string, GraphNode>,
  ids: readonly string[],
): Promise<void> {
  const missing = [...new Set(ids)].filter((id) => !nodes.has(id));
  if (missing.length === 0) return;
  const rows = await session
    .of(workspaceId)
    .query<{ identity_id: string; kind: IdentityKind; first_seen_at: Date }>(
      'select identity_id, kind, first_seen_at from identities where workspace_id = $1 and identity_id = any($2::bigint[])',
      [missing],
    );
  for (const row of rows) {
    nodes.set(row.identity_id, { id: row.identity_id, kind: row.kind, firstSeenAt: row.first_seen_at.getTime() });
  }
}

/** Notes what was found; gives the identifiers to go on from. */
function follow(
  frontier: readonly string[],
  found: readonly FoundEdge[],
  affected: Affected,
  peopleMax: number,
): string[] {
  const byNode = new Map<string, FoundEdge[]>(frontier.map((id) => [id, []]));
  for (const edge of found) {
    // An end that is not in `identities` was erased meanwhile: nothing to join.
    if (affected.nodes.has(edge.lowId) && affected.nodes.has(edge.highId)) byNode.get(edge.fromId)!.push(edge);
  }
  const next: string[] = [];
  for (const [id, edges] of byNode) {
    const others = edges.map((edge) => (edge.lowId === id ? edge.highId : edge.lowId));
    const people = others.filter((other) => knownKinds.includes(affected.nodes.get(other)!.kind));
    const isShared = people.length > peopleMax;
    if (isShared) affected.shared.add(id);
    for (const [i, edge] of edges.entries()) {
      // Of a shared identifier only edges that are not yet marked matter.
      if (isShared && edge.refused === 'shared_identifier') continue;
      affected.edges.set(edgeKey(edge), edge);
      next.push(others[i]!);
    }
  }
  return next;
}
