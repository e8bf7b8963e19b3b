import type { RfmSettings } from '@zhiyin/contract';
import { currencyExponents } from '../../domain/currencies.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type ComputedRow, saveComputedTraits } from '../computed-traits/index.ts';
import { rfmParameters, rfmSql } from './rfm-sql.ts';

type Row = {
  profile_id: string;
  recency_days: number;
  orders: string;
  spent_minor: string;
  score: string;
  group8: string;
  group11: string;
};

/** What is kept of each customer, and how it is read from a row. Money in major units, as rules are written. */
const traits = {
  'rfm.recency': (row) => row.recency_days,
  'rfm.frequency': (row) => Number(row.orders),
  'rfm.monetary': (row, scale) => Number(row.spent_minor) / scale,
  'rfm.score': (row) => row.score,
  'rfm.group8': (row) => row.group8,
  'rfm.group11': (row) => row.group11,
} satisfies Record<string, (row: Row, scale: number) => string | number>;

/** Gives every customer their scores and groups as computed traits; who is no customer any more loses them. */
export async function saveRfm(
  stores: Pick<Stores, 'events'>,
  workspace: Workspace,
  settings: RfmSettings,
  options: {
    readonly at: Date;
    readonly signal: AbortSignal;
    readonly progress: (done: number) => void;
  },
): Promise<{ people: number }> {
  const { at, signal, progress } = options;
  const question = {
    name: 'rfm-people',
    parameters: { ...rfmParameters(workspace, settings), at },
    sql: `
      SELECT profile_id, recency_days, orders, spent_minor, concat(toString(r), toString(f), toString(m)) AS score, group8, group11
      FROM (${rfmSql(settings)})`,
  };
  // Read once and written name by name: six numbers a person fit in memory for millions of people.
  const rows: Row[] = [];
  for await (const part of stores.events.stream<Row>(workspace.id, question, { timeoutMs: 600_000, signal })) {
    for (const row of part) rows.push(row);
  }
  const scale = 10 ** (currencyExponents.get(workspace.currency) ?? 2);
  const names = Object.entries(traits);
  for (const [index, [name, read]] of names.entries()) {
    await saveComputedTraits(stores, workspace, {
      name,
      source: 'rfm',
      computedAt: at,
      covers: 'everyone',
      rows: valuesOf(rows, (row) => read(row, scale)),
      signal,
    });
    progress((index + 1) / names.length);
  }
  return { people: rows.length };
}

function* valuesOf(rows: readonly Row[], read: (row: Row) => string | number): Iterable<ComputedRow> {
  for (const row of rows) yield { profileId: row.profile_id, value: read(row) };
}
