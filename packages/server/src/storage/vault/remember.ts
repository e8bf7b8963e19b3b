import type { ControlSession } from '../control/control-store.ts';
import { blindHash, indexedFields } from './blind-index.ts';
import { seal } from './seal.ts';
import type { RememberedIdentity, RememberedValue } from './vault.ts';
import type { VaultContext } from './workspace-vault.ts';

/** The field under which an identifier's own value is sealed; no trait can have this name. */
export const identifierField = '$identifier';

export const sealedPlace = (workspaceId: number, identityId: string, field: string): string =>
  `${workspaceId}/${identityId}/${field}`;

/** Writes what is new, whatever arrives twice or late: identities keep the earliest sight, values the latest fact. */
export async function remember(
  context: VaultContext,
  session: ControlSession,
  identities: readonly RememberedIdentity[],
  values: readonly RememberedValue[],
): Promise<void> {
  const earliest = earliestPerIdentity(identities);
  const latest = latestPerField(values);
  const fresh = await lowerFirstSeen(context, session, [...earliest.values()]);
  const needKeys = new Set<string>(fresh.map((identity) => identity.identityId));
  for (const value of latest) needKeys.add(value.identityId);
  const keys = await context.dataKeys.loadOrMake(session, [...needKeys]);
  await insertIdentities(context, session, fresh, keys);
  await insertValues(context, session, latest, keys);
}

function earliestPerIdentity(identities: readonly RememberedIdentity[]): Map<string, RememberedIdentity> {
  const earliest = new Map<string, RememberedIdentity>();
  for (const identity of identities) {
    const known = earliest.get(identity.identityId);
    if (!known || identity.firstSeenAt < known.firstSeenAt) earliest.set(identity.identityId, identity);
  }
  return earliest;
}

/** In the order of (identity, field): two transactions that touch the same rows take them in one order. */
function latestPerField(values: readonly RememberedValue[]): RememberedValue[] {
  const latest = new Map<string, RememberedValue>();
  for (const value of values) {
    const key = `${value.identityId}\0${value.field}`;
    const known = latest.get(key);
    if (!known || value.occurredAt >= known.occurredAt) latest.set(key, value);
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** Gives back the identities that are not there yet. */
async function lowerFirstSeen(
  context: VaultContext,
  session: ControlSession,
  identities: readonly RememberedIdentity[],
): Promise<RememberedIdentity[]> {
  if (identities.length === 0) return [];
  const workspace = session.of(context.workspaceId);
  const rows = await workspace.query<{ identity_id: string; first_seen_at: Date }>(
    'select identity_id, first_seen_at from identities where workspace_id = $1 and identity_id = any($2::bigint[])',
    [identities.map((identity) => identity.identityId)],
  );
  const known = new Map(rows.map((row) => [row.identity_id, row.first_seen_at]));
  const earlier = identities
    .filter((identity) => identity.firstSeenAt < (known.get(identity.identityId) ?? identity.firstSeenAt))
    .sort(byIdentity);
  if (earlier.length > 0) {
    await workspace.query(
      `update identities set first_seen_at = seen.first_seen_at
       from unnest($2::bigint[], $3::timestamptz[]) as seen (identity_id, first_seen_at)
       where identities.workspace_id = $1 and identities.identity_id = seen.identity_id
         and seen.first_seen_at < identities.first_seen_at`,
      [earlier.map((identity) => identity.identityId), earlier.map((identity) => identity.firstSeenAt)],
    );
  }
  return identities.filter((identity) => !known.has(identity.identityId)).sort(byIdentity);
}

const byIdentity = (a: RememberedIdentity, b: RememberedIdentity): number => (a.identityId < b.identityId ? -1 : 1);

async function insertIdentities(
  context: VaultContext,
  session: ControlSession,
  identities: readonly RememberedIdentity[],
  keys: ReadonlyMap<string, Buffer>,
): Promise<void> {
  if (identities.length === 0) return;
  await session.of(context.workspaceId).query(
    `insert into identities (workspace_id, identity_id, kind, value_sealed, first_seen_at)
     select $1, identity_id, kind, value_sealed, first_seen_at
     from unnest($2::bigint[], $3::text[], $4::bytea[], $5::timestamptz[]) as seen (identity_id, kind, value_sealed, first_seen_at)
     on conflict (workspace_id, identity_id) do update
       set first_seen_at = least(identities.first_seen_at, excluded.first_seen_at)`,
    [
      identities.map((identity) => identity.identityId),
      identities.map((identity) => identity.kind),
      identities.map((identity) =>
        seal(
          keys.get(identity.identityId)!,
          Buffer.from(identity.value, 'utf8'),
          sealedPlace(context.workspaceId, identity.identityId, identifierField),
        ),
      ),
      identities.map((identity) => identity.firstSeenAt),
    ],
  );
}

async function insertValues(
  context: VaultContext,
  session: ControlSession,
  values: readonly RememberedValue[],
  keys: ReadonlyMap<string, Buffer>,
): Promise<void> {
  if (values.length === 0) return;
  const workspace = session.of(context.workspaceId);
  const changed = await workspace.query<{ identity_id: string; field: string }>(
    `insert into vault_values (workspace_id, identity_id, field, value_sealed, occurred_at, source_id)
     select $1, identity_id, field, value_sealed, occurred_at, source_id
     from unnest($2::bigint[], $3::text[], $4::bytea[], $5::timestamptz[], $6::integer[])
       as seen (identity_id, field, value_sealed, occurred_at, source_id)
     on conflict (workspace_id, identity_id, field) do update
       set value_sealed = excluded.value_sealed, occurred_at = excluded.occurred_at, source_id = excluded.source_id
       where excluded.occurred_at >= vault_values.occurred_at
     returning identity_id, field`,
    [
      values.map((value) => value.identityId),
      values.map((value) => value.field),
      values.map((value) =>
        seal(
          keys.get(value.identityId)!,
          Buffer.from(JSON.stringify(value.value), 'utf8'),
          sealedPlace(context.workspaceId, value.identityId, value.field),
        ),
      ),
      values.map((value) => value.occurredAt),
      values.map((value) => value.sourceId),
    ],
  );
  const changedKeys = new Set(changed.map((row) => `${row.identity_id}\0${row.field}`));
  await updateBlindIndex(
    context,
    session,
    values.filter((value) => changedKeys.has(`${value.identityId}\0${value.field}`)),
  );
}

async function updateBlindIndex(
  context: VaultContext,
  session: ControlSession,
  values: readonly RememberedValue[],
): Promise<void> {
  const indexed = values.filter((value) => indexedFields.has(value.field));
  if (indexed.length === 0) return;
  const identityIds = indexed.map((value) => value.identityId);
  const fields = indexed.map((value) => value.field);
  const hashes = indexed.map((value) => blindHash(context, value.field, String(value.value)));
  const workspace = session.of(context.workspaceId);
  await workspace.query(
    `delete from vault_index using unnest($2::bigint[], $3::text[], $4::bigint[]) as latest (identity_id, field, value_hash)
     where vault_index.workspace_id = $1 and vault_index.identity_id = latest.identity_id
       and vault_index.field = latest.field and vault_index.value_hash <> latest.value_hash`,
    [identityIds, fields, hashes],
  );
  await workspace.query(
    `insert into vault_index (workspace_id, value_hash, identity_id, field)
     select $1, value_hash, identity_id, field
     from unnest($2::bigint[], $3::text[], $4::bigint[]) as latest (identity_id, field, value_hash)
     on conflict do nothing`,
    [identityIds, fields, hashes],
  );
}
