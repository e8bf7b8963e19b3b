import { createHash } from 'node:crypto';
import type { WorkspaceId } from '../domain/ids.ts';
import type { ControlSession, SqlValue } from '../storage/control/control-store.ts';
import type { Actor } from './actor.ts';
import { canonicalJson } from './canonical-json.ts';

export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly (string | number)[]>>;

export type AuditEntryInput = {
  /** null: something of the whole installation, such as a sign-in. */
  readonly workspaceId: WorkspaceId | null;
  readonly actor: Actor;
  /** noun.verb: `source.create`. */
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string | number };
  /** Names of changed fields, ids, roles, counts. Never personal data, free text or secrets. */
  readonly details?: AuditDetails;
};

export type ChainedEntry = {
  workspaceId: number | null;
  at: string;
  actorKind: string;
  actorId: number | null;
  action: string;
  targetKind: string;
  targetId: string;
  details: unknown;
};

export const emptyHash = Buffer.alloc(32);
/** Any constant; the second half of the lock is the chain. */
const auditLock = 41_187;

/**
 * Adds one entry to the chain of its workspace, in the caller's transaction, so that a change and its entry are there
 * together or not at all. A lock held until the transaction ends keeps the chain in one line.
 */
export async function appendAudit(session: ControlSession, entry: AuditEntryInput, now = new Date()): Promise<void> {
  const chain = entry.workspaceId ?? 0;
  await session.query('select pg_advisory_xact_lock($1, $2)', [auditLock, chain]);
  const [head] = await queryChain<{ hash: Buffer }>(
    session,
    entry.workspaceId,
    (inChain) => `select hash from audit_log where ${inChain} order by id desc limit 1`,
  );
  const previous = head?.hash ?? emptyHash;
  const chained: ChainedEntry = {
    workspaceId: entry.workspaceId,
    at: now.toISOString(),
    actorKind: entry.actor.kind,
    actorId: entry.actor.id,
    action: entry.action,
    targetKind: entry.target.kind,
    targetId: String(entry.target.id),
    details: withoutPersonal(entry.details ?? {}),
  };
  const hash = chainHash(previous, chained);
  await session.query(
    `insert into audit_log (workspace_id, at, actor_kind, actor_id, action, target_kind, target_id, details, previous_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      chained.workspaceId,
      now,
      chained.actorKind,
      chained.actorId,
      chained.action,
      chained.targetKind,
      chained.targetId,
      JSON.stringify(chained.details),
      previous,
      hash,
    ],
  );
  // The end of the chain is kept apart, so that cutting entries off the end shows too.
  await session.query(
    `insert into platform_facts (name, value) values ($1, $2)
     on conflict (name) do update
       set value = jsonb_build_object('hash', excluded.value->'hash', 'entries', (platform_facts.value->>'entries')::bigint + 1),
           updated_at = now()`,
    [auditHeadName(entry.workspaceId), JSON.stringify({ hash: hash.toString('hex'), entries: 1 })],
  );
}

/** Asks about one chain: a workspace's, or (null) the installation's. Written as two conditions so that the index serves both. */
export function queryChain<Row>(
  session: ControlSession,
  workspaceId: WorkspaceId | null,
  sql: (inChain: string) => string,
  values: readonly SqlValue[] = [],
): Promise<Row[]> {
  return workspaceId === null
    ? session.query<Row>(sql('workspace_id is null and $1::integer is null'), [null, ...values])
    : session.of(workspaceId).query<Row>(sql('workspace_id = $1'), values);
}

export const auditHeadName = (workspaceId: number | null) => `audit-head:${workspaceId ?? 'platform'}`;

export function chainHash(previous: Buffer, entry: ChainedEntry): Buffer {
  return createHash('sha256').update(previous).update(canonicalJson(entry)).digest();
}

/** A second fence: an address that a caller let slip must not become part of what can never be deleted. */
function withoutPersonal(details: AuditDetails): AuditDetails {
  const clean = (value: unknown) => (typeof value === 'string' && /@|zy_/.test(value) ? '[removed]' : value);
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [key, Array.isArray(value) ? value.map(clean) : clean(value)]),
  ) as AuditDetails;
}
