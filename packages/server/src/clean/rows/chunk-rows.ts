import type { IdentityId, MessageKey, SourceId, WorkspaceId } from '../../domain/ids.ts';
import type { EventTable } from '../../storage/events/event-store.ts';
import type { RememberedIdentity, RememberedValue } from '../../storage/vault/vault.ts';
import type { OrderKeys } from './order-keys.ts';

export type Row = Record<string, unknown>;

export type SeenEdge = {
  readonly workspaceId: WorkspaceId;
  readonly lowId: IdentityId;
  readonly highId: IdentityId;
  readonly firstSeenAt: Date;
  readonly sourceId: SourceId;
};

/** All that one record leaves behind in the stores when it is kept. */
export type KeptRows = {
  readonly messageKey: MessageKey | undefined;
  readonly tables: readonly { readonly table: EventTable; readonly row: Row }[];
  readonly identities: readonly RememberedIdentity[];
  readonly values: readonly RememberedValue[];
  readonly edges: readonly SeenEdge[];
  readonly repairs: readonly string[];
  /** Of an order: what makes its lines count once. */
  readonly order?: OrderKeys | undefined;
};
