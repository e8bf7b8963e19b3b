import { identityKinds } from '../../domain/identity.ts';
import type { IdentityId } from '../../domain/ids.ts';
import { blindHashes } from './blind-index.ts';
import type { VaultContext } from './workspace-vault.ts';

/** Who has exactly this identifier, e-mail, phone or name, however it is written. */
export async function findIdentities(context: VaultContext, text: string, limit: number): Promise<IdentityId[]> {
  if (text.trim() === '') return [];
  const surrogates = identityKinds.map((kind) => context.surrogate(kind, text));
  const rows = await context.control.of(context.workspaceId).query<{ identity_id: IdentityId }>(
    `select identity_id from identities where workspace_id = $1 and identity_id = any($2::bigint[])
     union
     select identity_id from vault_index where workspace_id = $1 and value_hash = any($3::bigint[])
     limit $4`,
    [surrogates, blindHashes(context, text), limit],
  );
  return rows.map((row) => row.identity_id);
}
