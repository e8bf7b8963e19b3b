import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../control/control-store.ts';
import { RecentCache } from './recent-cache.ts';
import { open, seal } from './seal.ts';

const keysCachedMax = 10_000;

/**
 * One data key per identity, made when first needed. Destroying its row makes all values of the identity unreadable.
 *
 * The cache only saves the unwrapping: every use still reads the wrapped key, so that neither a transaction that was rolled back
 * nor a key destroyed by another process leaves a key in use that nobody can read again.
 */
export class DataKeys {
  readonly #workspaceId: WorkspaceId;
  readonly #wrapKey: KeyObject;
  readonly #unwrapped = new RecentCache<{ sealed: Buffer; key: Buffer }>(keysCachedMax);

  constructor(workspaceId: WorkspaceId, wrapKey: Buffer) {
    this.#workspaceId = workspaceId;
    this.#wrapKey = createSecretKey(wrapKey);
  }

  /** Keys that exist. An identity without one is absent: its values are gone or were never there. */
  async load(session: ControlSession, identityIds: readonly string[]): Promise<Map<string, Buffer>> {
    const keys = new Map<string, Buffer>();
    if (identityIds.length === 0) return keys;
    const rows = await session
      .of(this.#workspaceId)
      .query<{ identity_id: string; key_sealed: Buffer }>(
        'select identity_id, key_sealed from vault_keys where workspace_id = $1 and identity_id = any($2::bigint[])',
        [identityIds],
      );
    for (const row of rows) keys.set(row.identity_id, this.#unwrap(row.identity_id, row.key_sealed));
    return keys;
  }

  /** Keys of all the given identities; missing ones are made in the caller's transaction. */
  async loadOrMake(session: ControlSession, identityIds: readonly string[]): Promise<Map<string, Buffer>> {
    const keys = await this.load(session, identityIds);
    // Ascending, so that two transactions that make the same keys wait for each other in one order.
    const missing = identityIds.filter((id) => !keys.has(id)).sort();
    if (missing.length === 0) return keys;
    const sealed = missing.map((id) => this.#make(id));
    await session.of(this.#workspaceId).query(
      `insert into vault_keys (workspace_id, identity_id, key_sealed)
       select $1, identity_id, key_sealed from unnest($2::bigint[], $3::bytea[]) as made (identity_id, key_sealed)
       on conflict do nothing`,
      [missing, sealed],
    );
    // Read back: where another process was first, its key is the one.
    for (const [id, key] of await this.load(session, missing)) keys.set(id, key);
    return keys;
  }

  #make(identityId: string): Buffer {
    const key = randomBytes(32);
    const sealed = seal(this.#wrapKey, key, this.#place(identityId));
    this.#unwrapped.put(identityId, { sealed, key });
    return sealed;
  }

  #unwrap(identityId: string, sealed: Buffer): Buffer {
    const cached = this.#unwrapped.find(identityId);
    if (cached?.sealed.equals(sealed)) return cached.key;
    const key = open(this.#wrapKey, sealed, this.#place(identityId));
    this.#unwrapped.put(identityId, { sealed, key });
    return key;
  }

  #place(identityId: string): string {
    return `${this.#workspaceId}/${identityId}/key`;
  }
}
