import type { Json } from '../../domain/events.ts';
import type { IdentityKind } from '../../domain/identity.ts';
import { asSourceId, type IdentityId } from '../../domain/ids.ts';
import { identifierField, sealedPlace } from './remember.ts';
import { open } from './seal.ts';
import type { RememberedIdentity, RememberedValue } from './vault.ts';
import type { VaultContext } from './workspace-vault.ts';

/** Identifiers in clear. Those whose data key was destroyed are left out: nobody can read them any more. */
export async function revealIdentities(
  context: VaultContext,
  identityIds: readonly IdentityId[],
): Promise<RememberedIdentity[]> {
  if (identityIds.length === 0) return [];
  const keys = await context.dataKeys.load(context.control, identityIds);
  const rows = await context.control
    .of(context.workspaceId)
    .query<{ identity_id: IdentityId; kind: IdentityKind; value_sealed: Buffer; first_seen_at: Date }>(
      `select identity_id, kind, value_sealed, first_seen_at from identities
       where workspace_id = $1 and identity_id = any($2::bigint[]) order by first_seen_at, identity_id`,
      [identityIds],
    );
  return rows.flatMap((row) => {
    const key = keys.get(row.identity_id);
    if (!key) return [];
    const place = sealedPlace(context.workspaceId, row.identity_id, identifierField);
    return {
      identityId: row.identity_id,
      kind: row.kind,
      value: open(key, row.value_sealed, place).toString('utf8'),
      firstSeenAt: row.first_seen_at,
    };
  });
}

/** Values in clear, of the given fields or of all. */
export async function revealValues(
  context: VaultContext,
  identityIds: readonly IdentityId[],
  fields?: readonly string[],
): Promise<RememberedValue[]> {
  if (identityIds.length === 0) return [];
  const keys = await context.dataKeys.load(context.control, identityIds);
  const rows = await context.control.of(context.workspaceId).query<{
    identity_id: IdentityId;
    field: string;
    value_sealed: Buffer;
    occurred_at: Date;
    source_id: number;
  }>(
    `select identity_id, field, value_sealed, occurred_at, source_id from vault_values
     where workspace_id = $1 and identity_id = any($2::bigint[]) and ($3::text[] is null or field = any($3::text[]))
     order by field, occurred_at`,
    [identityIds, fields ?? null],
  );
  return rows.flatMap((row) => {
    const key = keys.get(row.identity_id);
    if (!key) return [];
    const place = sealedPlace(context.workspaceId, row.identity_id, row.field);
    return {
      identityId: row.identity_id,
      field: row.field,
      value: JSON.parse(open(key, row.value_sealed, place).toString('utf8')) as Json,
      occurredAt: row.occurred_at,
      sourceId: asSourceId(row.source_id),
    };
  });
}
