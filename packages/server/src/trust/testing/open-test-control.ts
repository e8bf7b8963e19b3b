import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asWorkspaceId, type WorkspaceId } from '../../domain/ids.ts';
import { migrateControlStore, openControlStore, startEmbeddedPostgres } from '../../storage/control/index.ts';
import type { ControlStore } from '../../storage/index.ts';
import { logStatements } from '../../storage/log-statements.ts';
import { openVault, type Vault } from '../../storage/vault/index.ts';

export type TestControl = {
  readonly control: ControlStore;
  readonly vault: Vault;
  newWorkspace(): Promise<WorkspaceId>;
  close(): Promise<void>;
};

/** The real control store and vault, empty, on a PostgreSQL that lives as long as the test: nothing here needs the event store. */
export async function openTestControl(): Promise<TestControl> {
  const dir = mkdtempSync(path.join(tmpdir(), 'zhiyin-control-'));
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const postgres = await startEmbeddedPostgres({ dir: path.join(dir, 'postgres'), logger: silent });
  const address = { connectionString: postgres.connectionString, schema: 'trust_test', embedded: true };
  await migrateControlStore(address);
  const statementLog = process.env.ZHIYIN_STATEMENT_LOG;
  const control = openControlStore(address, statementLog ? { onStatement: logStatements(statementLog) } : {});
  const vault = openVault({ control, masterKey: randomBytes(32) });
  return {
    control,
    vault,
    async newWorkspace() {
      const [row] = await control.query<{ id: number }>(
        "insert into workspaces (name, key_sealed) values ('Tea House', $1) returning id",
        [vault.newWorkspaceKey()],
      );
      return asWorkspaceId(row?.id ?? 0);
    },
    async close() {
      await control.close();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
