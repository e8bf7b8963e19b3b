import {
  type CustomerNote,
  type Rfm,
  type RfmGroup8,
  type RfmGroup11,
  type RfmSettings,
  rfmGroups8,
  rfmGroups11,
} from '@zhiyin/contract';
import { toNumber } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { valueScoreSql } from './rfm-groups.ts';
import { rfmParameters, rfmSql } from './rfm-sql.ts';

const timeoutMs = 60_000;
/** Below so many customers fifths say more about chance than about people. */
const peopleMin = 25;

/** The customers as of an instant: groups, cells of the map, what each score stands for, and what was odd about the orders. */
export async function readRfm(
  stores: Pick<Stores, 'events'>,
  workspace: Workspace,
  settings: RfmSettings,
  at: Date,
): Promise<Omit<Rfm, 'savedAt'>> {
  const question = {
    name: 'rfm',
    parameters: { ...rfmParameters(workspace, settings), at },
    // Five scores each: at most 125 rows, whatever the number of people.
    sql: `
      SELECT r, f, m, any(group8) AS group8, any(group11) AS group11, any(${valueScoreSql}) AS value, count() AS people, sum(spent_minor) AS spent,
        sum(recency_days) AS recency, sum(orders) AS all_orders, min(recency_days) AS recency_least, max(recency_days) AS recency_most,
        min(orders) AS orders_least, max(orders) AS orders_most, min(spent_minor) AS spent_least, max(spent_minor) AS spent_most
      FROM (${rfmSql(settings)})
      GROUP BY r, f, m
      ORDER BY r, f, m`,
  };
  const [answer, notes] = await Promise.all([
    stores.events.read<Row>(workspace.id, question, { timeoutMs }),
    readNotes(stores, workspace, at),
  ]);
  const rows = answer.rows.map(toCell);
  const people = rows.reduce((sum, row) => sum + row.people, 0);
  const spent = rows.reduce((sum, row) => sum + row.spent, 0);
  const summed = (cells: readonly Cell[]) => sumCells(cells, people, spent);
  return {
    at: at.toISOString(),
    people,
    currency: workspace.currency,
    groups8: rfmGroups8.map((group) => ({ group, ...summed(rows.filter((row) => row.group8 === group)) })),
    groups11: rfmGroups11.map((group) => ({ group, ...summed(rows.filter((row) => row.group11 === group)) })),
    cells: [1, 2, 3, 4, 5].flatMap((recency) =>
      [1, 2, 3, 4, 5].map((value) => ({
        recency,
        value,
        people: rows
          .filter((row) => row.r === recency && row.value === value)
          .reduce((sum, row) => sum + row.people, 0),
      })),
    ),
    scores: [1, 2, 3, 4, 5].map((score) => ({
      score,
      recencyDays: rangeOf(
        rows.filter((row) => row.r === score),
        'recency_least',
        'recency_most',
      ),
      orders: rangeOf(
        rows.filter((row) => row.f === score),
        'orders_least',
        'orders_most',
      ),
      spentMinor: rangeOf(
        rows.filter((row) => row.m === score),
        'spent_least',
        'spent_most',
      ),
    })),
    notes: [
      ...(people === 0 ? [{ code: 'no_orders' as const, count: 0, names: [] }] : []),
      ...(people > 0 && people < peopleMin ? [{ code: 'few_people' as const, count: people, names: [] }] : []),
      ...equalValues(rows, settings),
      ...notes,
    ],
    query: {
      statement: answer.statement,
      parameters: { ...question.parameters, at: at.toISOString() },
      elapsedMs: answer.elapsedMs,
      rowsRead: answer.rowsRead,
    },
  };
}

type Row = Record<'group8' | 'group11', string> & Record<Exclude<keyof Cell, 'group8' | 'group11'>, string | number>;
type Cell = {
  r: number;
  f: number;
  m: number;
  group8: RfmGroup8;
  group11: RfmGroup11;
  value: number;
  people: number;
  spent: number;
  recency: number;
  all_orders: number;
  recency_least: number;
  recency_most: number;
  orders_least: number;
  orders_most: number;
  spent_least: number;
  spent_most: number;
};

const toCell = (row: Row): Cell =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, key.startsWith('group') ? value : toNumber(value)]),
  ) as Cell;

function sumCells(cells: readonly Cell[], everyone: number, spent: number) {
  const sum = (key: 'people' | 'spent' | 'recency' | 'all_orders') => cells.reduce((all, cell) => all + cell[key], 0);
  const people = sum('people');
  return {
    people,
    share: everyone > 0 ? people / everyone : 0,
    spentMinor: sum('spent'),
    spentShare: spent > 0 ? sum('spent') / spent : 0,
    recencyDays: people > 0 ? sum('recency') / people : 0,
    orders: people > 0 ? sum('all_orders') / people : 0,
    spentEachMinor: people > 0 ? sum('spent') / people : 0,
  };
}

function rangeOf(cells: readonly Cell[], least: keyof Cell, most: keyof Cell): { from: number; to: number } | null {
  if (cells.length === 0) return null;
  return {
    from: Math.min(...cells.map((cell) => Number(cell[least]))),
    to: Math.max(...cells.map((cell) => Number(cell[most]))),
  };
}

/** Fifths are no fifths where many people have the same value: said rather than hidden behind an arbitrary cut. */
function equalValues(rows: readonly Cell[], settings: RfmSettings): CustomerNote[] {
  if (settings.cuts || rows.length === 0) return [];
  const names = (
    [
      ['recency', 'r'],
      ['frequency', 'f'],
      ['money', 'm'],
    ] as const
  )
    .filter(([, score]) => new Set(rows.map((row) => row[score])).size < 5)
    .map(([name]) => name);
  return names.length > 0 ? [{ code: 'equal_values', count: names.length, names }] : [];
}

/** What does not count, and how often it was there. */
async function readNotes(stores: Pick<Stores, 'events'>, workspace: Workspace, at: Date): Promise<CustomerNote[]> {
  const { rows } = await stores.events.read<Record<string, string>>(
    workspace.id,
    {
      name: 'rfm-notes',
      parameters: { at, currency: workspace.currency },
      sql: `
        SELECT
          countIf(last_at >= {at:DateTime64(3)}) AS future_orders,
          countIf(own = 0) AS other_currency,
          countIf(own > 0 AND sold > 0 AND net < 0) AS refunds_exceed_orders,
          countIf(own > 0 AND sold = 0) AS refunds_without_order
        FROM
        (
          SELECT profile_id, order_id, max(occurred_at) AS last_at, countIf(currency = {currency:String}) AS own,
            countIf(kind = 'sale' AND currency = {currency:String}) AS sold, sumIf(amount_minor, currency = {currency:String}) AS net
          FROM @person_order_lines
          GROUP BY profile_id, order_id
        )`,
    },
    { timeoutMs },
  );
  const found = rows[0] ?? {};
  return (['future_orders', 'other_currency', 'refunds_exceed_orders', 'refunds_without_order'] as const)
    .map((code) => ({ code, count: toNumber(found[code] ?? 0), names: [] }))
    .filter(({ count }) => count > 0);
}
