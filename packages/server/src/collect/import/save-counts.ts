import type { ImportReport } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { dayOf } from '../../domain/calendar.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import type { ImportRow } from './import-rows.ts';

/** Rows that did not pass the journal: nobody else counts them. */
export type DirectCounts = {
  readonly valid: number;
  readonly duplicate: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly repairs: Readonly<Record<string, number>>;
};

/** Ends an import: counts for the balance, the report and `done`, in one transaction. */
export async function saveCounts(
  stores: Stores,
  workspace: Workspace,
  row: ImportRow,
  report: ImportReport,
  at: Date,
  direct: DirectCounts,
): Promise<void> {
  const outcomes: [outcome: string, reason: string, records: number][] = [
    ['valid', '', direct.valid],
    ['duplicate', '', direct.duplicate],
    ...Object.entries(direct.reasons).map(([reason, records]): [string, string, number] => [
      'quarantined',
      reason,
      records,
    ]),
  ];
  const day = dayOf(at, workspace.timeZone);
  await stores.control.transaction(async (session) => {
    const changed = await session.of(workspace.id).query(
      `update imports set state = 'done', report = $3, received_direct = $4, progress = '{}', error = null, ended_at = now()
         where workspace_id = $1 and id = $2 and state in ('running', 'queued') returning id`,
      [row.id, JSON.stringify(report), outcomes.reduce((sum, [, , records]) => sum + records, 0)],
    );
    if (changed.length === 0) throw new AppError('conflict', `import ${row.id}: was ended meanwhile`);
    for (const [outcome, reason, records] of outcomes) {
      if (records > 0) await addCount(session, workspace, row, { day, outcome, reason, records });
    }
    for (const [repair, records] of Object.entries(direct.repairs)) {
      await session.of(workspace.id).query(
        `insert into repair_counts (workspace_id, source_id, day, repair, records) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, source_id, day, repair) do update set records = repair_counts.records + excluded.records`,
        [row.sourceId, day, repair, records],
      );
    }
  });
}

async function addCount(
  session: ControlSession,
  workspace: Workspace,
  row: ImportRow,
  count: { day: string; outcome: string; reason: string; records: number },
): Promise<void> {
  const own = session.of(workspace.id);
  await own.query(
    `insert into ingest_counts (workspace_id, source_id, day, outcome, reason, records) values ($1, $2, $3, $4, $5, $6)
     on conflict (workspace_id, source_id, day, outcome, reason) do update set records = ingest_counts.records + excluded.records`,
    [row.sourceId, count.day, count.outcome, count.reason, count.records],
  );
  await own.query(
    `insert into import_counts (workspace_id, import_id, outcome, reason, records) values ($1, $2, $3, $4, $5)
     on conflict (workspace_id, import_id, outcome, reason) do update set records = import_counts.records + excluded.records`,
    [row.id, count.outcome, count.reason, count.records],
  );
}
