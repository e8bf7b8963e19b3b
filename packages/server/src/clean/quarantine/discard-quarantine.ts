import type { QuarantineFilter } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { quarantineFilterSql } from './quarantine-filter.ts';
import { countQuarantine } from './read-quarantine.ts';

/** Called inside the transaction of a change, so that the audit entry is there exactly when the change is. */
export type CleanAct = {
  readonly audit: (
    session: ControlSession,
    details?: Record<string, string | number | boolean | null>,
  ) => Promise<void>;
};

/** Takes records off the list without keeping them. They stay counted as quarantined, and readable until retention removes them. */
export async function discardQuarantine(
  stores: Stores,
  workspace: Workspace,
  filter: QuarantineFilter,
  act?: CleanAct,
): Promise<{ records: number; jobId: null }> {
  const vault = await stores.vault.of(workspace.id);
  const open = { ...filter, state: 'open' as const };
  const records = await countQuarantine(stores.events, workspace.id, vault, open);
  const { where, parameters } = quarantineFilterSql(open, vault);
  if (records > 0) {
    await stores.events.transform(workspace.id, {
      name: 'discard-quarantine',
      sql: `insert into @into(quarantine) select * replace ('discarded' as state, {version:UInt64} as version)
            from (select * from @quarantine where ${where})`,
      parameters: { ...parameters, version: Date.now() },
    });
  }
  await act?.audit(stores.control, { records });
  return { records, jobId: null };
}
