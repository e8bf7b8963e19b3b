declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A tenant: one brand. Small integer, the same in both stores. */
export type WorkspaceId = Branded<number, 'WorkspaceId'>;
/** Where events come from: a site, an app, a server, an import. */
export type SourceId = Branded<number, 'SourceId'>;
/**
 * Surrogate of one identifier (user id, e-mail, device, …): a 63-bit keyed hash as a decimal string.
 * It fits PostgreSQL `bigint` and ClickHouse `UInt64`, and says nothing about the person without the workspace's key.
 */
export type IdentityId = Branded<string, 'IdentityId'>;
/** A person: the identity id of the strongest identifier in their identity graph. */
export type ProfileId = Branded<string, 'ProfileId'>;
export type OperatorId = Branded<number, 'OperatorId'>;
export type ImportId = Branded<number, 'ImportId'>;
/** One message of one source, 128 bits as a UUID string. The key of duplicate detection. */
export type MessageKey = Branded<string, 'MessageKey'>;

export const asWorkspaceId = (value: number): WorkspaceId => value as WorkspaceId;
export const asSourceId = (value: number): SourceId => value as SourceId;
export const asIdentityId = (value: string): IdentityId => value as IdentityId;
export const asProfileId = (value: string): ProfileId => value as ProfileId;
export const asOperatorId = (value: number): OperatorId => value as OperatorId;
export const asImportId = (value: number): ImportId => value as ImportId;
export const asMessageKey = (value: string): MessageKey => value as MessageKey;
