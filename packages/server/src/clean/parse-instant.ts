export type ParsedInstant = {
  readonly at: Date;
  /** False when it was mended: written as a number, in another format or without an offset. */
  readonly isPlain: boolean;
};

const yearMin = 1900;
const yearMax = 2299;
const plain = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;
const loose =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,9}))?秒?)?分?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const rfc2822 =
  /^(?:[A-Z][a-z]{2},\s*)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\s+\d{2}:\d{2}(?::\d{2})?\s*(?:GMT|UTC|Z|[+-]\d{4})$/;

/**
 * An instant as senders write it: ISO 8601, seconds, milliseconds or microseconds since 1970 (number or text), `2026/1/2 10:00`,
 * `2026年1月2日`, RFC 2822. Without an offset it is a time in the workspace's zone. Undefined when it is none of these.
 */
export function parseInstant(value: unknown, timeZone: string): ParsedInstant | undefined {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (plain.test(value)) return within(Date.parse(value), true);
  const text = value.normalize('NFKC').trim();
  if (plain.test(text)) return within(Date.parse(text), false);
  if (/^\d{9,17}(?:\.\d{1,9})?$/.test(text)) return fromNumber(Number(text));
  if (rfc2822.test(text)) return within(Date.parse(text), false);
  return fromLooseText(text, timeZone);
}

function within(ms: number, isPlain: boolean): ParsedInstant | undefined {
  if (!Number.isFinite(ms)) return undefined;
  const at = new Date(ms);
  const year = at.getUTCFullYear();
  return year >= yearMin && year <= yearMax ? { at, isPlain } : undefined;
}

/** Seconds, milliseconds or microseconds, told apart by size: each covers 1973 to 5138 without overlap. */
function fromNumber(value: number): ParsedInstant | undefined {
  if (!Number.isFinite(value) || value < 1e8) return undefined;
  if (value < 1e11) return within(Math.round(value * 1000), false);
  if (value < 1e14) return within(Math.round(value), false);
  if (value < 1e17) return within(Math.round(value / 1000), false);
  return undefined;
}

function fromLooseText(text: string, timeZone: string): ParsedInstant | undefined {
  const match = loose.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const wall = Date.UTC(
    +year!,
    +month! - 1,
    +day!,
    +hour,
    +minute,
    +second,
    Math.floor(+`0.${fraction || '0'}` * 1000),
  );
  const check = new Date(wall);
  // Date.UTC turns 31 February into 3 March: refuse instead.
  if (check.getUTCMonth() !== +month! - 1 || check.getUTCDate() !== +day! || check.getUTCHours() !== +hour)
    return undefined;
  if (+minute > 59 || +second > 59) return undefined;
  return within(wall - (zone ? offsetOf(zone) : zoneOffsetMs(wall, timeZone)), false);
}

function offsetOf(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '');
  const ms = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return zone.startsWith('-') ? -ms : ms;
}

/** How far the zone is ahead of UTC when its clocks show `wall`. */
export function zoneOffsetMs(wall: number, timeZone: string): number {
  const first = offsetAt(wall, timeZone);
  const second = offsetAt(wall - first, timeZone);
  return second;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function offsetAt(instant: number, timeZone: string): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    formatters.set(timeZone, formatter);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(instant)) part[type] = Number(value);
  const wall = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
  return wall - Math.floor(instant / 1000) * 1000;
}
