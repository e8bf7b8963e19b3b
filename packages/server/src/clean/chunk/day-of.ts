import { zoneOffsetMs } from '../parse-instant.ts';

const quarterMs = 15 * 60_000;
const known = new Map<string, string>();
const knownMax = 10_000;

/** Calendar day of an instant in a zone, `YYYY-MM-DD`. Offsets change on quarters of an hour at the finest. */
export function dayOf(at: Date, timeZone: string): string {
  const quarter = Math.floor(at.getTime() / quarterMs);
  const key = `${quarter}${timeZone}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const instant = quarter * quarterMs;
  // The offset at the wall time nearest to the instant; near a change of clocks it is tried once more.
  let offset = zoneOffsetMs(instant, timeZone);
  offset = zoneOffsetMs(instant + offset, timeZone);
  const day = new Date(instant + offset).toISOString().slice(0, 10);
  if (known.size >= knownMax) known.clear();
  known.set(key, day);
  return day;
}
