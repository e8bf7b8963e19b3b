import type { ApiKey, Scope } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { asWorkspaceId, type WorkspaceId } from '../domain/ids.ts';
import type { ControlSession, ControlStore } from '../storage/control/control-store.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { hashToken, newToken } from './token.ts';

type Row = {
  id: number;
  name: string;
  prefix: string;
  scopes: Scope[];
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
};
const columns = 'id, name, prefix, scopes, created_at, last_used_at, revoked_at';
const keysMax = 200;

export async function listApiKeys(control: ControlSession, workspaceId: WorkspaceId): Promise<ApiKey[]> {
  const rows = await control
    .of(workspaceId)
    .query<Row>(
      `select ${columns} from api_keys where workspace_id = $1 order by revoked_at is not null, id desc limit ${keysMax}`,
    );
  return rows.map(formatKey);
}

/** The secret is in the answer and nowhere else. Nobody can give a key more than they may do themselves. */
export async function createApiKey(
  control: ControlStore,
  workspaceId: WorkspaceId,
  create: { name: string; scopes: readonly Scope[] },
  by: { actor: Actor; scopes: ReadonlySet<Scope> },
): Promise<{ key: ApiKey; secret: string }> {
  const scopes = [...new Set(create.scopes)];
  const beyond = scopes.filter((scope) => !by.scopes.has(scope));
  if (beyond.length > 0) {
    throw new AppError('auth.forbidden', `You cannot give a key what you may not do yourself: ${beyond.join(', ')}.`, {
      details: { field: 'scopes', fix: 'Leave these scopes out or ask an admin to make the key.' },
    });
  }
  const secret = `zy_${newToken()}`;
  return control.transaction(async (session) => {
    const [row] = await session.of(workspaceId).query<Row>(
      `insert into api_keys (workspace_id, name, prefix, key_hash, scopes, created_by)
       values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
      [create.name, secret.slice(0, 9), hashToken(secret), scopes, by.actor.kind === 'operator' ? by.actor.id : null],
    );
    await appendAudit(session, {
      workspaceId,
      actor: by.actor,
      action: 'api_key.create',
      target: { kind: 'api_key', id: row!.id },
      details: { scopes },
    });
    return { key: formatKey(row!), secret };
  });
}

/** Works at once, everywhere: keys are looked up on every request. */
export async function revokeApiKey(
  control: ControlStore,
  workspaceId: WorkspaceId,
  keyId: number,
  actor: Actor,
): Promise<void> {
  await control.transaction(async (session) => {
    const rows = await session
      .of(workspaceId)
      .query(
        'update api_keys set revoked_at = now() where workspace_id = $1 and id = $2 and revoked_at is null returning id',
        [keyId],
      );
    if (rows.length === 0) throw new AppError('not_found', `API key ${keyId} does not exist or is revoked already.`);
    await appendAudit(session, {
      workspaceId,
      actor,
      action: 'api_key.revoke',
      target: { kind: 'api_key', id: keyId },
    });
  });
}

export type KnownKey = { readonly keyId: number; readonly workspaceId: WorkspaceId; readonly scopes: readonly Scope[] };

export async function findApiKey(control: ControlSession, secret: string): Promise<KnownKey | undefined> {
  if (!secret.startsWith('zy_') || secret.length > 100) return undefined;
  const [row] = await control.query<{ id: number; workspace_id: number; scopes: Scope[]; stale: boolean }>(
    `select id, workspace_id, scopes, last_used_at is null or last_used_at < now() - interval '1 minute' as stale
     from api_keys where key_hash = $1 and revoked_at is null`,
    [hashToken(secret)],
  );
  if (!row) return undefined;
  const workspaceId = asWorkspaceId(row.workspace_id);
  if (row.stale) {
    await control
      .of(workspaceId)
      .query('update api_keys set last_used_at = now() where workspace_id = $1 and id = $2', [row.id]);
  }
  return { keyId: row.id, workspaceId, scopes: row.scopes };
}

function formatKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
