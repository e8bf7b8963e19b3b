import type { AuditEntry, Page } from '@zhiyin/contract';
import type { WorkspaceId } from '../domain/ids.ts';
import type { ControlSession } from '../storage/control/control-store.ts';

type Row = {
  id: string;
  at: Date;
  actor_kind: AuditEntry['actor']['kind'];
  actor_id: number | null;
  actor_name: string | null;
  action: string;
  target_kind: string;
  target_id: string;
  details: Record<string, unknown>;
};

/** Newest first: what happened in the workspace, and what its members did outside of it (signing in, changing their password). */
export async function listAudit(
  control: ControlSession,
  workspaceId: WorkspaceId,
  query: { cursor?: string | undefined; limit: number; action?: string | undefined },
): Promise<Page<AuditEntry>> {
  const before = query.cursor && /^\d{1,18}$/.test(query.cursor) ? query.cursor : null;
  const rows = await control.of(workspaceId).query<Row>(
    `select a.id, a.at, a.actor_kind, a.actor_id, a.action, a.target_kind, a.target_id, a.details,
            case a.actor_kind when 'operator' then o.name when 'api_key' then k.name end as actor_name
     from audit_log a
     left join operators o on a.actor_kind = 'operator' and o.id = a.actor_id
     left join api_keys k on a.actor_kind = 'api_key' and k.id = a.actor_id and k.workspace_id = $1
     where (a.workspace_id = $1 or (a.workspace_id is null and a.actor_kind = 'operator'
              and a.actor_id in (select operator_id from memberships where workspace_id = $1)))
       and ($2::bigint is null or a.id < $2::bigint)
       and ($3::text is null or a.action like $3::text || '%')
     order by a.id desc limit $4`,
    [before, query.action?.replaceAll(/[%_\\]/g, '\\$&') ?? null, query.limit + 1],
  );
  const page = rows.slice(0, query.limit);
  return {
    rows: page.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name ?? row.actor_kind },
      action: row.action,
      target: { kind: row.target_kind, id: row.target_id },
      details: row.details,
    })),
    nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
    total: null,
  };
}
