import type { Health } from '@zhiyin/contract';

export type ReasonSum = {
  readonly reason: string;
  readonly records: number;
  /** Of everything held back in the range. */
  readonly share: number;
  readonly sources: readonly { readonly sourceId: number; readonly name: string; readonly records: number }[];
  /** Records a day, for the days that had any. */
  readonly days: ReadonlyMap<string, number>;
};

/** Counts per reason, source and day brought together by reason, most first. */
export function sumReasons(rows: Health['reasons']): ReasonSum[] {
  const all = rows.reduce((sum, { records }) => sum + records, 0);
  const byReason = groupBy(rows, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, own]) => {
      const records = own.reduce((sum, row) => sum + row.records, 0);
      const days = new Map<string, number>();
      for (const row of own) days.set(row.day, (days.get(row.day) ?? 0) + row.records);
      const sources = [...groupBy(own, ({ sourceId }) => sourceId)]
        .map(([sourceId, of]) => ({
          sourceId,
          name: of[0]!.source,
          records: of.reduce((sum, row) => sum + row.records, 0),
        }))
        .toSorted((a, b) => b.records - a.records);
      return { reason, records, share: all > 0 ? records / all : 0, sources, days };
    })
    .toSorted((a, b) => b.records - a.records || a.reason.localeCompare(b.reason));
}

function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
