import type { Stores } from '../../../storage/stores.ts';
import type { ImportPlan } from '../import-plan.ts';

export type JournalCounts = {
  readonly total: number;
  readonly valid: number;
  readonly duplicate: number;
  readonly reasons: readonly (readonly [string, number])[];
};

/** What cleaning has counted for an import so far. */
export async function readJournalCounts(stores: Stores, plan: ImportPlan): Promise<JournalCounts> {
  const rows = await stores.control
    .of(plan.workspace.id)
    .query<{ outcome: string; reason: string; records: string }>(
      'select outcome, reason, records from import_counts where workspace_id = $1 and import_id = $2',
      [plan.importId],
    );
  const of = (outcome: string) =>
    rows.filter((row) => row.outcome === outcome).reduce((sum, row) => sum + Number(row.records), 0);
  return {
    total: rows.reduce((sum, row) => sum + Number(row.records), 0),
    valid: of('valid'),
    duplicate: of('duplicate'),
    reasons: rows
      .filter((row) => row.outcome === 'quarantined')
      .map((row) => [row.reason, Number(row.records)] as const),
  };
}
