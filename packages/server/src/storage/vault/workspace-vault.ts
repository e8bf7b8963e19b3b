import type { IdentityKind } from '../../domain/identity.ts';
import { asIdentityId, asMessageKey, type IdentityId, type WorkspaceId } from '../../domain/ids.ts';
import type { ControlStore } from '../control/control-store.ts';
import { DataKeys } from './data-keys.ts';
import type { WorkspaceKeys } from './derive-keys.ts';
import { findIdentities } from './find-identities.ts';
import { normaliseIdentifier } from './normalise-identifier.ts';
import { RecentCache } from './recent-cache.ts';
import { remember } from './remember.ts';
import { revealIdentities, revealValues } from './reveal.ts';
import { open, seal } from './seal.ts';
import { computeMessageKey, computeSurrogate } from './surrogate.ts';
import type { WorkspaceVault } from './vault.ts';

const surrogatesCachedMax = 100_000;

/** What the vault's parts share about one workspace. */
export type VaultContext = {
  readonly control: ControlStore;
  readonly workspaceId: WorkspaceId;
  readonly keys: WorkspaceKeys;
  readonly dataKeys: DataKeys;
  readonly phoneCountry: string;
  readonly surrogate: (kind: IdentityKind, value: string) => IdentityId;
};

export type WorkspaceVaultOptions = {
  readonly control: ControlStore;
  readonly workspaceId: WorkspaceId;
  readonly keys: WorkspaceKeys;
  readonly phoneCountry: string;
};

export function createWorkspaceVault(options: WorkspaceVaultOptions): WorkspaceVault {
  const { control, workspaceId, keys, phoneCountry } = options;
  const surrogates = new RecentCache<IdentityId>(surrogatesCachedMax);

  function surrogate(kind: IdentityKind, value: string): IdentityId {
    const cacheKey = `${kind}\0${value}`;
    const cached = surrogates.find(cacheKey);
    if (cached !== undefined) return cached;
    const computed = asIdentityId(
      computeSurrogate(keys.surrogate, kind, normaliseIdentifier(kind, value, phoneCountry)),
    );
    surrogates.put(cacheKey, computed);
    return computed;
  }

  const context: VaultContext = {
    control,
    workspaceId,
    keys,
    dataKeys: new DataKeys(workspaceId, keys.wrap),
    phoneCountry,
    surrogate,
  };
  return {
    surrogate,
    messageKey: (sourceId, messageId) => asMessageKey(computeMessageKey(keys.message, sourceId, messageId)),
    engineKeys: () => ({
      surrogateKey: keys.surrogate.toString('hex'),
      messageKey: keys.message.toString('hex'),
      recordKey: keys.record.toString('hex'),
    }),
    sealRecord: (record) => seal(keys.record, record),
    openRecord: (sealed) => open(keys.record, sealed),
    remember: (session, identities, values) => remember(context, session, identities, values),
    revealIdentities: (identityIds) => revealIdentities(context, identityIds),
    revealValues: (identityIds, fields) => revealValues(context, identityIds, fields),
    find: (text, limit) => findIdentities(context, text, limit),
  };
}
