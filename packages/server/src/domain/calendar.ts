/** Calendar days in a time zone ↔ instants. Half-open ranges; days are `YYYY-MM-DD`. */

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The instant at which a calendar day begins in a time zone (after a gap at midnight: the first instant of that day). */
export function startOfDay(day: string, timeZone: string): Date {
  const utcMidnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(utcMidnight)) throw new RangeError(`startOfDay: day must be YYYY-MM-DD, got ${day}`);
  // Two rounds: the offset at the guess may differ from the offset at the answer when clocks change that day.
  let instant = utcMidnight - offsetMs(utcMidnight, timeZone);
  instant = utcMidnight - offsetMs(instant, timeZone);
  return new Date(dayOf(new Date(instant), timeZone) < day ? instant + 3_600_000 : instant);
}

const quarterMs = 15 * 60_000;
const knownDays = new Map<string, string>();
const knownDaysMax = 10_000;

/** The calendar day on which an instant falls in a time zone. Looked up once a quarter of an hour, the finest step of offsets. */
export function dayOf(instant: Date, timeZone: string): string {
  const quarter = Math.floor(instant.getTime() / quarterMs);
  const key = `${quarter}${timeZone}`;
  const known = knownDays.get(key);
  if (known !== undefined) return known;
  const parts = partsOf(quarter * quarterMs, timeZone);
  const day = `${parts.year}-${parts.month}-${parts.day}`;
  if (knownDays.size >= knownDaysMax) knownDays.clear();
  knownDays.set(key, day);
  return day;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

function offsetMs(instantMs: number, timeZone: string): number {
  const parts = partsOf(instantMs, timeZone);
  const wall = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`);
  return wall - Math.floor(instantMs / 1000) * 1000;
}

function partsOf(instantMs: number, timeZone: string): Record<string, string> {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return Object.fromEntries(formatter.formatToParts(instantMs).map((part) => [part.type, part.value]));
}
