import { expect } from 'vitest';
import { type GraphNode, resolveGraph } from '../clean/identity/resolve-graph.ts';
import type { IdentityKind } from '../domain/identity.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Stores } from '../storage/stores.ts';

/** As the platform decides when nobody changed the settings. */
const limits = { identifiersPerProfileMax: 50, mergesPerProfileMax: 100, peoplePerIdentifierMax: 20 };

/**
 * Who is who, kept bit by bit through all interruptions, is what deciding it from scratch gives; both stores know the same; and
 * whoever an event names is registered.
 */
export async function checkPeople({ events, control }: Stores, workspaceId: WorkspaceId): Promise<void> {
  const workspace = control.of(workspaceId);
  const identities = await workspace.query<{ id: string; kind: IdentityKind; at: Date }>(
    'select identity_id as id, kind, first_seen_at as at from identities where workspace_id = $1',
  );
  const edges = await workspace.query<{ low: string; high: string; at: Date; refused: string | null }>(
    'select low_id as low, high_id as high, first_seen_at as at, refused from identity_edges where workspace_id = $1 and cut_at is null',
  );
  const links = await workspace.query<{ identity_id: string; profile_id: string; pushed: boolean }>(
    'select identity_id, profile_id, pushed from profile_links where workspace_id = $1',
  );
  const nodes = new Map<string, GraphNode>(
    identities.map(({ id, kind, at }) => [id, { id, kind, firstSeenAt: at.getTime() }]),
  );
  const { profileOf, refused } = resolveGraph(
    nodes,
    edges.map(({ low, high, at }) => ({ lowId: low, highId: high, firstSeenAt: at.getTime() })),
    limits,
  );
  expect(edges.filter(({ low, high }) => !nodes.has(low) || !nodes.has(high))).toEqual([]);
  const linked = new Map(links.map((row) => [row.identity_id, row.profile_id]));
  const different = [...profileOf].filter(([id, profile]) => (linked.get(id) ?? id) !== profile);
  expect(different.slice(0, 5), 'profiles differ from those decided from scratch').toEqual([]);
  const refusals = new Set(edges.filter((edge) => edge.refused !== null).map(({ low, high }) => `${low}-${high}`));
  expect(refusals).toEqual(new Set(refused.keys()));
  expect(profileOf.size - new Set(profileOf.values()).size, 'people were merged at all').toBeGreaterThan(10);

  const pushed = await events.read<{ identity_id: string; profile_id: string }>(workspaceId, {
    name: 'stored-links',
    sql: 'SELECT identity_id, profile_id FROM @profile_links',
  });
  expect(new Map(pushed.rows.map((row) => [row.identity_id, row.profile_id]))).toEqual(linked);
  expect(links.filter((row) => !row.pushed)).toEqual([]);

  const named = await events.read<{ id: string }>(workspaceId, {
    name: 'stored-identities',
    sql: 'SELECT DISTINCT identity_id AS id FROM @events',
  });
  expect(named.rows.filter(({ id }) => !nodes.has(id)).slice(0, 5), 'unknown people').toEqual([]);
  const [unkept] = await workspace.query<{ count: string }>(
    `select count(*) from identities where workspace_id = $1
     and not exists (select from vault_keys where vault_keys.workspace_id = identities.workspace_id and vault_keys.identity_id = identities.identity_id)`,
  );
  expect(unkept?.count, 'identities without a key in the vault').toBe('0');
}
