import { judgeOrder, keysOfOrder } from '../rows/order-keys.ts';
import type { PreparedOrder, PreparedRecord } from './chunk.ts';

/** Keys that a chunk wants: its messages', those of quarantined records it replays, and those of its orders. Each once. */
export function wantedKeys(prepared: readonly PreparedRecord[]): string[] {
  return [...new Set(prepared.flatMap(wantedBy))];
}

/**
 * Every key is good for one record: the first in the chunk, and only if no other chunk has taken it. A replay of what is not in
 * quarantine (any more), of the same record twice, or of a record that is refused again changes no counts. An order that was counted
 * before loses those lines and stays an event.
 */
export function judgeDuplicates(
  prepared: readonly PreparedRecord[],
  takenKeys: ReadonlySet<string>,
  inQuarantine: ReadonlyMap<string, string>,
): void {
  const used = new Set<string>();
  const isTaken = (key: string): boolean => takenKeys.has(key) || used.has(key);
  for (const record of prepared) {
    const { replayOf, kept } = record;
    if (replayOf && !(kept && inQuarantine.has(replayOf) && !isTaken(replayOf))) {
      record.verdict = { kind: 'ignored' };
      continue;
    }
    const held: string[] = replayOf ? [replayOf] : [];
    if (kept?.messageKey && isTaken(kept.messageKey)) record.verdict = { kind: 'duplicate' };
    else if (kept?.messageKey) held.push(kept.messageKey);
    if (kept?.order && record.verdict.kind === 'valid') held.push(...takeOrder(record, kept.order, isTaken));
    for (const key of held) used.add(key);
    record.held = held;
  }
}

/** Keys that were reserved for records and are not held by any that counts: refused by the store, not replayed, lines counted before. */
export function releasedKeys(prepared: readonly PreparedRecord[]): string[] {
  const isCounted = ({ verdict }: PreparedRecord) => verdict.kind === 'valid' || verdict.kind === 'duplicate';
  const held = new Set(prepared.filter(isCounted).flatMap((record) => record.held));
  // A duplicate's own key belongs to the message it repeats, also where that one came before keys were kept so long.
  for (const { verdict, kept } of prepared)
    if (verdict.kind === 'duplicate' && kept?.messageKey) held.add(kept.messageKey);
  return wantedKeys(prepared).filter((key) => !held.has(key));
}

function takeOrder(record: PreparedRecord, order: PreparedOrder, isTaken: (key: string) => boolean): readonly string[] {
  const { repeated, held } = judgeOrder(order.keys, isTaken);
  if (repeated !== 'none') record.kept = { ...order.without(repeated), order };
  return held;
}

function wantedBy({ replayOf, kept }: PreparedRecord): string[] {
  if (!kept) return [];
  return [
    ...(replayOf ? [replayOf] : []),
    ...(kept.messageKey ? [kept.messageKey] : []),
    ...(kept.order ? keysOfOrder(kept.order.keys) : []),
  ];
}
