import type { EventRow } from '@zhiyin/contract';

/** What a page can hold and a reader can still scroll. */
export const liveRowsMax = 500;

/** Newest first, each once (the stream repeats what it is unsure of after a reconnect), at most `max`. */
export function mergeEvents(rows: readonly EventRow[], incoming: readonly EventRow[], max = liveRowsMax): EventRow[] {
  if (incoming.length === 0) return rows as EventRow[];
  const known = new Set(rows.map(({ messageKey }) => messageKey));
  const fresh: EventRow[] = [];
  for (const row of incoming) {
    if (known.has(row.messageKey)) continue;
    known.add(row.messageKey);
    fresh.push(row);
  }
  if (fresh.length === 0) return rows as EventRow[];
  return [...fresh, ...rows].toSorted((a, b) => Date.parse(b.receivedAt) - Date.parse(a.receivedAt)).slice(0, max);
}
