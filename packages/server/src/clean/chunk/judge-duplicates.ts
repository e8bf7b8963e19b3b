import type { PreparedRecord } from './chunk.ts';

/** Keys that a chunk wants: its messages', and those of quarantined records it replays. Each once. */
export function wantedKeys(prepared: readonly PreparedRecord[]): string[] {
  const keys = new Set<string>();
  for (const { replayOf, kept } of prepared) {
    if (!kept) continue;
    if (replayOf) keys.add(replayOf);
    if (kept.messageKey) keys.add(kept.messageKey);
  }
  return [...keys];
}

/**
 * Every key is good for one record: the first in the chunk, and only if no other chunk has taken it. A replay of what is not in
 * quarantine (any more), of the same record twice, or of a record that is refused again changes no counts.
 */
export function judgeDuplicates(
  prepared: readonly PreparedRecord[],
  takenKeys: ReadonlySet<string>,
  inQuarantine: ReadonlyMap<string, string>,
): void {
  const used = new Set<string>();
  const take = (key: string): boolean => {
    if (takenKeys.has(key) || used.has(key)) return false;
    used.add(key);
    return true;
  };
  for (const record of prepared) {
    const { replayOf } = record;
    if (replayOf && !(record.kept && inQuarantine.has(replayOf) && take(replayOf)))
      record.verdict = { kind: 'ignored' };
    else if (record.kept?.messageKey && !take(record.kept.messageKey)) record.verdict = { kind: 'duplicate' };
  }
}
