import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import { noteChangedPeople } from '../../storage/control/note-changed-people.ts';
import { type Affected, loadAffected } from './load-affected.ts';
import { edgeKey, type GraphLimits, type Resolution, resolveGraph } from './resolve-graph.ts';

/** First half of the advisory lock that lets one transaction at a time decide who is who in a workspace. */
const identityLockClass = 7_702;

/** Must be the first thing in a transaction that changes edges: two that see half of each other's would both decide wrongly. */
export async function lockIdentities(session: ControlSession, workspaceId: WorkspaceId): Promise<void> {
  await session.query('select pg_advisory_xact_lock($1::integer, $2::integer)', [identityLockClass, workspaceId]);
}

/**
 * Decides again who is who around some identifiers and keeps what changed, as unpushed rows of `profile_links` with rising
 * versions. The result is the same as deciding the whole workspace from scratch.
 */
export async function resolveAffected(
  session: ControlSession,
  workspaceId: WorkspaceId,
  seeds: readonly string[],
  limits: GraphLimits,
): Promise<number> {
  if (seeds.length === 0) return 0;
  const affected = await loadAffected(session, workspaceId, seeds, limits.peoplePerIdentifierMax);
  const resolution = resolveGraph(affected.nodes, [...affected.edges.values()], limits, affected.shared);
  await saveRefusals(session, workspaceId, affected, resolution);
  return saveLinks(session, workspaceId, resolution);
}

async function saveRefusals(
  session: ControlSession,
  workspaceId: WorkspaceId,
  affected: Affected,
  resolution: Resolution,
): Promise<void> {
  const changed = [...affected.edges.values()].filter(
    (edge) => (resolution.refused.get(edgeKey(edge)) ?? null) !== edge.refused,
  );
  if (changed.length === 0) return;
  await session.of(workspaceId).query(
    `update identity_edges set refused = nullif(decided.refused, '')
     from unnest($2::bigint[], $3::bigint[], $4::text[]) as decided (low_id, high_id, refused)
     where workspace_id = $1 and identity_edges.low_id = decided.low_id and identity_edges.high_id = decided.high_id`,
    [
      changed.map((edge) => edge.lowId),
      changed.map((edge) => edge.highId),
      changed.map((edge) => resolution.refused.get(edgeKey(edge)) ?? ''),
    ],
  );
}

/** A link back to oneself is kept as a row: the event store must learn that the old one is over. */
async function saveLinks(session: ControlSession, workspaceId: WorkspaceId, resolution: Resolution): Promise<number> {
  const workspace = session.of(workspaceId);
  const ids = [...resolution.profileOf.keys()];
  const rows = await workspace.query<{ identity_id: string; profile_id: string }>(
    'select identity_id, profile_id from profile_links where workspace_id = $1 and identity_id = any($2::bigint[])',
    [ids],
  );
  const linked = new Map(rows.map((row) => [row.identity_id, row.profile_id]));
  const changed = [...resolution.profileOf].filter(([id, profile]) => (linked.get(id) ?? id) !== profile);
  if (changed.length === 0) return 0;
  await workspace.query(
    `insert into profile_links (workspace_id, identity_id, profile_id, version)
     select $1, identity_id, profile_id, nextval('profile_link_version')
     from unnest($2::bigint[], $3::bigint[]) as decided (identity_id, profile_id)
     on conflict (workspace_id, identity_id) do update
       set profile_id = excluded.profile_id, version = excluded.version, pushed = false`,
    [changed.map(([id]) => id), changed.map(([, profile]) => profile)],
  );
  // Whoever an identity leaves and whomever it joins are not who they were.
  await noteChangedPeople(
    session,
    workspaceId,
    changed.flatMap(([id, profile]) => [id, profile, linked.get(id) ?? id]),
  );
  return changed.length;
}
