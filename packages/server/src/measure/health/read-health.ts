import type { Health, RangeQuery } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import { ask } from '../../storage/control/ask.ts';
import { sourceNames } from '../../storage/control/source-names.ts';
import type { Stores } from '../../storage/stores.ts';

type Count = {
  day: string;
  source_id: number;
  outcome: 'valid' | 'duplicate' | 'quarantined';
  reason: string;
  records: string;
};

/** How clean the data is: the balance, and what became of what came in, by day, source and reason. */
export async function readHealth(
  stores: Stores,
  workspace: Workspace,
  range: RangeQuery,
  whole: Pick<Health, 'balance' | 'oldestPendingMs'> & { readonly query: Health['queries']['balance'] },
): Promise<Health> {
  const { balance, oldestPendingMs } = whole;
  const [outcomes, repairs, sources] = await Promise.all([
    ask<Count>(
      stores.control,
      workspace.id,
      `select to_char(day, 'YYYY-MM-DD') as day, source_id, outcome, reason, records from ingest_counts
       where workspace_id = $1 and day >= $2::date and day < $3::date`,
      [range.from, range.to],
    ),
    ask<{ repair: string; records: string }>(
      stores.control,
      workspace.id,
      `select repair, sum(records)::text as records from repair_counts
       where workspace_id = $1 and day >= $2::date and day < $3::date
       group by repair order by sum(records) desc limit 100`,
      [range.from, range.to],
    ),
    sourceNames(stores.control, workspace.id),
  ]);
  const counts = outcomes.rows;
  const nameOf = (sourceId: number) => sources.get(sourceId) ?? '';
  return {
    balance,
    oldestPendingMs,
    days: [...tally(counts, (row) => row.day)]
      .map(([day, sums]) => ({ day, ...sums }))
      .toSorted((a, b) => a.day.localeCompare(b.day)),
    sources: [...tally(counts, (row) => row.source_id)].map(([sourceId, sums]) => ({
      sourceId,
      name: nameOf(sourceId),
      ...sums,
    })),
    reasons: counts
      .filter((row) => row.outcome === 'quarantined' && row.reason !== '' && Number(row.records) > 0)
      .map((row) => ({
        reason: row.reason,
        sourceId: row.source_id,
        source: nameOf(row.source_id),
        day: row.day,
        records: Number(row.records),
      })),
    repairs: repairs.rows.map((row) => ({ repair: row.repair, records: Number(row.records) })),
    queries: { balance: whole.query, outcomes: outcomes.query, repairs: repairs.query },
    asOf: new Date().toISOString(),
  };
}

type Sums = { valid: number; duplicate: number; quarantined: number };

function tally<Key>(counts: readonly Count[], keyOf: (row: Count) => Key): Map<Key, Sums> {
  const sums = new Map<Key, Sums>();
  for (const row of counts) {
    const of = sums.get(keyOf(row)) ?? { valid: 0, duplicate: 0, quarantined: 0 };
    of[row.outcome] += Number(row.records);
    sums.set(keyOf(row), of);
  }
  return sums;
}
