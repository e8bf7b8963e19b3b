import type { Json } from '../../domain/events.ts';
import type { IdentityKind } from '../../domain/identity.ts';
import type { IdentityId, MessageKey, SourceId, WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../control/control-store.ts';

/**
 * The one place where direct identifiers live. Master key → wraps one key per workspace → from which a surrogate key, a message
 * key and a record key are derived (HKDF-SHA-256), and which wraps one data key per identity (AES-256-GCM, AAD = workspace,
 * identity, field). Destroying an identity's data key makes everything about it unreadable, backups included.
 */
export interface Vault {
  of(workspaceId: WorkspaceId): Promise<WorkspaceVault>;
  /** A fresh workspace key, wrapped by the master key: goes into `workspaces.key_sealed`. */
  newWorkspaceKey(): Buffer;
}

export type RememberedIdentity = {
  readonly identityId: IdentityId;
  readonly kind: IdentityKind;
  readonly value: string;
  readonly firstSeenAt: Date;
};

export type RememberedValue = {
  readonly identityId: IdentityId;
  /** `email`, `phone`, `name`, `address`, `first_name`, …: a trait's name. */
  readonly field: string;
  readonly value: Json;
  readonly occurredAt: Date;
  readonly sourceId: SourceId;
};

export interface WorkspaceVault {
  /** The same person's identifier gives the same surrogate however it was written: values are normalised per kind first. */
  surrogate(kind: IdentityKind, value: string): IdentityId;
  messageKey(sourceId: SourceId, messageId: string): MessageKey;
  /** Keys for doing the same inside the engine (imports). Hex; hand over as query parameters only. */
  engineKeys(): { readonly surrogateKey: string; readonly messageKey: string; readonly recordKey: string };

  /** For whole records in quarantine: AES-256-GCM with the record key; 12-byte nonce ‖ ciphertext ‖ 16-byte tag, as ClickHouse's tryDecrypt reads it. */
  sealRecord(record: Buffer): Buffer;
  openRecord(sealed: Buffer): Buffer;

  /** Writes what is new, in the caller's transaction; the latest value by `occurredAt` stays. */
  remember(
    session: ControlSession,
    identities: readonly RememberedIdentity[],
    values: readonly RememberedValue[],
  ): Promise<void>;

  revealIdentities(identityIds: readonly IdentityId[]): Promise<RememberedIdentity[]>;
  revealValues(identityIds: readonly IdentityId[], fields?: readonly string[]): Promise<RememberedValue[]>;
  /** Whole-value search over identifiers of every kind and over e-mail, phone and name in the vault. */
  find(text: string, limit: number): Promise<IdentityId[]>;
}
