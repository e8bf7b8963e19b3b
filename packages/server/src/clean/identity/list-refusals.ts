import type { Page, Refusal } from '@zhiyin/contract';
import type { IdentityId } from '../../domain/ids.ts';
import { maskIdentifier } from '../../domain/mask-identifier.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { decodeCursor, encodeCursor } from '../quarantine/cursor.ts';

type Row = {
  low_id: IdentityId;
  high_id: IdentityId;
  reason: Refusal['reason'];
  first_seen_at: Date;
  low_profile: string;
  high_profile: string;
};

/** Merges that were not made, and those an operator took back, newest first. */
export async function listRefusals(
  stores: Stores,
  workspace: Workspace,
  query: { readonly cursor?: string | undefined; readonly limit: number },
  view: { readonly reveal: boolean },
): Promise<Page<Refusal>> {
  const [at, low, high] = decodeCursor(query.cursor, 3);
  const rows = await stores.control.of(workspace.id).query<Row>(
    `select edge.low_id, edge.high_id, case when edge.cut_at is not null then 'cut' else edge.refused end as reason,
       edge.first_seen_at, coalesce(low.profile_id, edge.low_id) as low_profile, coalesce(high.profile_id, edge.high_id) as high_profile
     from identity_edges as edge
     left join profile_links as low on low.workspace_id = $1 and low.identity_id = edge.low_id
     left join profile_links as high on high.workspace_id = $1 and high.identity_id = edge.high_id
     where edge.workspace_id = $1 and (edge.refused is not null or edge.cut_at is not null)
       and ($2::timestamptz is null or (edge.first_seen_at, edge.low_id, edge.high_id) < ($2::timestamptz, $3::bigint, $4::bigint))
     order by edge.first_seen_at desc, edge.low_id desc, edge.high_id desc limit $5`,
    [at ?? null, low ?? null, high ?? null, query.limit],
  );
  const vault = await stores.vault.of(workspace.id);
  const ids = [...new Set(rows.flatMap((row) => [row.low_id, row.high_id]))];
  const labels = new Map(
    (await vault.revealIdentities(ids)).map(({ identityId, kind, value }) => [
      identityId,
      `${kind}: ${view.reveal ? value : maskIdentifier(kind, value)}`,
    ]),
  );
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => ({
      lowId: row.low_id,
      highId: row.high_id,
      lowLabel: labels.get(row.low_id) ?? '',
      highLabel: labels.get(row.high_id) ?? '',
      lowProfileId: row.low_profile,
      highProfileId: row.high_profile,
      reason: row.reason,
      seenAt: row.first_seen_at.toISOString(),
    })),
    nextCursor:
      rows.length === query.limit && last
        ? encodeCursor([last.first_seen_at.toISOString(), last.low_id, last.high_id])
        : null,
    total: null,
  };
}
