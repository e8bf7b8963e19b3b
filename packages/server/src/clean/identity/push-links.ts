import { asWorkspaceId, type WorkspaceId } from '../../domain/ids.ts';
import type { Stores } from '../../storage/stores.ts';

const rowsPerPushMax = 10_000;

/**
 * Carries changed links to the event store. Repeatable: the event store keeps the highest version of each, so a push that
 * happened and was not noted is harmless.
 */
export async function pushLinks(stores: Pick<Stores, 'control' | 'events'>, workspaceId: WorkspaceId): Promise<number> {
  let pushed = 0;
  for (;;) {
    const rows = await stores.control
      .of(workspaceId)
      .query<{ identity_id: string; profile_id: string; version: string }>(
        `select identity_id, profile_id, version from profile_links
         where workspace_id = $1 and not pushed order by version limit ${rowsPerPushMax}`,
      );
    if (rows.length === 0) return pushed;
    const token = `links:${workspaceId}:${rows[0]!.version}:${rows.at(-1)!.version}:${rows.length}`;
    await stores.events.append(
      'profile_links',
      rows.map((row) => ({ workspace_id: workspaceId, ...row })),
      token,
    );
    await stores.control.of(workspaceId).query(
      `update profile_links set pushed = true
       from unnest($2::bigint[], $3::bigint[]) as sent (identity_id, version)
       where workspace_id = $1 and profile_links.identity_id = sent.identity_id and profile_links.version = sent.version`,
      [rows.map((row) => row.identity_id), rows.map((row) => row.version)],
    );
    pushed += rows.length;
  }
}

/** After a start: what an earlier process had decided and could not carry over any more. */
export async function pushAllLinks(stores: Pick<Stores, 'control' | 'events'>): Promise<void> {
  for (const { id } of await stores.control.query<{ id: number }>('select id from workspaces')) {
    await pushLinks(stores, asWorkspaceId(id));
  }
}
