import type { WorkspaceId } from '../domain/ids.ts';
import type { ControlSession } from '../storage/control/control-store.ts';
import { auditHeadName, type ChainedEntry, chainHash, emptyHash, queryChain } from './audit.ts';

type AuditRow = {
  id: string;
  workspace_id: number | null;
  at: Date;
  actor_kind: string;
  actor_id: number | null;
  action: string;
  target_kind: string;
  target_id: string;
  details: unknown;
  previous_hash: Buffer;
  hash: Buffer;
};

export type AuditVerified = { entries: number; brokenAt: string | null };

const batchRows = 2_000;

/** Recomputes the chain of a workspace and of the installation. `brokenAt` is the first entry that does not fit. */
export async function verifyAudit(control: ControlSession, workspaceId: WorkspaceId): Promise<AuditVerified> {
  const own = await verifyChain(control, workspaceId);
  if (own.brokenAt !== null) return own;
  const platform = await verifyChain(control, null);
  return { entries: own.entries + platform.entries, brokenAt: platform.brokenAt };
}

async function verifyChain(control: ControlSession, workspaceId: WorkspaceId | null): Promise<AuditVerified> {
  let previous: Buffer = emptyHash;
  let entries = 0;
  let after = '0';
  for (;;) {
    const rows = await queryChain<AuditRow>(
      control,
      workspaceId,
      (inChain) => `
        select id, workspace_id, at, actor_kind, actor_id, action, target_kind, target_id, details, previous_hash, hash
        from audit_log where ${inChain} and id > $2::bigint order by id limit ${batchRows}`,
      [after],
    );
    for (const row of rows) {
      const expected = chainHash(previous, chainedOf(row));
      if (!row.previous_hash.equals(previous) || !row.hash.equals(expected)) return { entries, brokenAt: row.id };
      previous = row.hash;
      after = row.id;
      entries++;
    }
    if (rows.length < batchRows) break;
  }
  const [head] = await control.query<{ value: { hash: string; entries: number } }>(
    'select value from platform_facts where name = $1',
    [auditHeadName(workspaceId)],
  );
  const endFits = head ? head.value.hash === previous.toString('hex') && head.value.entries === entries : entries === 0;
  return { entries, brokenAt: endFits ? null : `after ${after}` };
}

function chainedOf(row: AuditRow): ChainedEntry {
  return {
    workspaceId: row.workspace_id,
    at: row.at.toISOString(),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    targetKind: row.target_kind,
    targetId: row.target_id,
    details: row.details,
  };
}
