import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { SeenEdge } from '../rows/chunk-rows.ts';
import { edgeKey } from './resolve-graph.ts';

/** Keeps the earliest sight of each pair. Gives the identifiers whose edges are new or earlier than known. */
export async function addEdges(
  session: ControlSession,
  workspaceId: WorkspaceId,
  edges: readonly SeenEdge[],
): Promise<string[]> {
  if (edges.length === 0) return [];
  const earliest = new Map<string, SeenEdge>();
  for (const edge of edges) {
    const key = edgeKey(edge);
    const known = earliest.get(key);
    if (!known || edge.firstSeenAt < known.firstSeenAt) earliest.set(key, edge);
  }
  const list = [...earliest.values()];
  const changed = await session.of(workspaceId).query<{ low_id: string; high_id: string }>(
    `insert into identity_edges as known (workspace_id, low_id, high_id, first_seen_at, source_id)
     select $1, low_id, high_id, first_seen_at, source_id
     from unnest($2::bigint[], $3::bigint[], $4::timestamptz[], $5::integer[]) as seen (low_id, high_id, first_seen_at, source_id)
     on conflict (workspace_id, low_id, high_id) do update
       set first_seen_at = excluded.first_seen_at, source_id = excluded.source_id
       where excluded.first_seen_at < known.first_seen_at
     returning low_id, high_id`,
    [
      list.map((edge) => edge.lowId),
      list.map((edge) => edge.highId),
      list.map((edge) => edge.firstSeenAt),
      list.map((edge) => edge.sourceId),
    ],
  );
  return changed.flatMap((row) => [row.low_id, row.high_id]);
}
