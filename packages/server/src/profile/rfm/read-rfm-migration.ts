import type { RfmMigration, RfmSettings } from '@zhiyin/contract';
import { toNumber } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { rfmParameters, rfmSql } from './rfm-sql.ts';

type Move = RfmMigration['moves'][number];

/** Who was in which group at one instant and is in which at a later one. Scores are of each instant's own customers. */
export async function readRfmMigration(
  stores: Pick<Stores, 'events'>,
  workspace: Workspace,
  settings: RfmSettings,
  range: { readonly from: Date; readonly to: Date },
): Promise<RfmMigration> {
  const question = {
    name: 'rfm-migration',
    parameters: { ...rfmParameters(workspace, settings), ...range },
    sql: `
      SELECT was.group11 AS from_group, became.group11 AS to_group, count() AS people
      FROM (SELECT profile_id, group11 FROM (${rfmSql(settings, 'from')})) AS was
      FULL OUTER JOIN (SELECT profile_id, group11 FROM (${rfmSql(settings, 'to')})) AS became ON was.profile_id = became.profile_id
      GROUP BY from_group, to_group
      ORDER BY people DESC, from_group, to_group`,
  };
  const answer = await stores.events.read<{ from_group: Move['from']; to_group: Move['to']; people: string }>(
    workspace.id,
    question,
    { timeoutMs: 60_000 },
  );
  const [from, to] = [range.from.toISOString(), range.to.toISOString()];
  return {
    from,
    to,
    moves: answer.rows.map((row) => ({ from: row.from_group, to: row.to_group, people: toNumber(row.people) })),
    query: {
      statement: answer.statement,
      parameters: { ...question.parameters, from, to },
      elapsedMs: answer.elapsedMs,
      rowsRead: answer.rowsRead,
    },
  };
}
