export { loadMasterKey } from './load-master-key.ts';
export { normaliseIdentifier } from './normalise-identifier.ts';
export { openVault, type VaultOptions } from './open-vault.ts';
export { RecentCache } from './recent-cache.ts';
export type { RememberedIdentity, RememberedValue, Vault, WorkspaceVault } from './vault.ts';
export {
  messageKeySql,
  normalisedEmailSql,
  normalisedPhoneSql,
  openRecordSql,
  sealRecordSql,
  surrogateSql,
  trimmedSql,
} from './vault-sql.ts';
