import { randomBytes } from 'node:crypto';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlStore } from '../control/control-store.ts';
import { deriveKey, deriveWorkspaceKeys } from './derive-keys.ts';
import { open, seal } from './seal.ts';
import type { Vault, WorkspaceVault } from './vault.ts';
import { createWorkspaceVault } from './workspace-vault.ts';

/** How long a change of the workspace's telephone country may go unnoticed. */
const settingsAgeMaxMs = 30_000;
const workspaceKeyPlace = 'workspace-key';

export type VaultOptions = { readonly control: ControlStore; readonly masterKey: Buffer };

export function openVault({ control, masterKey }: VaultOptions): Vault {
  const wrapKey = deriveKey(masterKey, 'master-wrap');
  const opened = new Map<WorkspaceId, { vault: WorkspaceVault; country: string; checkedAt: number; sealed: Buffer }>();

  async function openWorkspace(workspaceId: WorkspaceId): Promise<WorkspaceVault> {
    const known = opened.get(workspaceId);
    if (known && Date.now() - known.checkedAt < settingsAgeMaxMs) return known.vault;
    const [row] = await control.query<{ key_sealed: Buffer; country: string | null }>(
      `select key_sealed, settings->>'phoneCountry' as country from workspaces where id = $1`,
      [workspaceId],
    );
    if (!row) throw new AppError('not_found', `vault: there is no workspace ${workspaceId}`);
    const country = row.country ?? 'CN';
    if (known && known.country === country && known.sealed.equals(row.key_sealed)) {
      known.checkedAt = Date.now();
      return known.vault;
    }
    const keys = deriveWorkspaceKeys(openWorkspaceKey(row.key_sealed, workspaceId));
    const vault = createWorkspaceVault({ control, workspaceId, keys, phoneCountry: country });
    opened.set(workspaceId, { vault, country, checkedAt: Date.now(), sealed: row.key_sealed });
    return vault;
  }

  function openWorkspaceKey(sealed: Buffer, workspaceId: WorkspaceId): Buffer {
    try {
      return open(wrapKey, sealed, workspaceKeyPlace);
    } catch (cause) {
      throw new AppError('config.invalid', `vault: the master key does not open the key of workspace ${workspaceId}`, {
        cause,
        details: {
          field: 'ZHIYIN_MASTER_KEY',
          fix: 'Use the master key this data was made with: data/keys/master.key of the same installation, or the variable set then.',
        },
      });
    }
  }

  return {
    of: openWorkspace,
    newWorkspaceKey: () => seal(wrapKey, randomBytes(32), workspaceKeyPlace),
  };
}
