/** Cells as the event store sends them (64-bit integers, decimals and instants as text) → values of the program. */

/** 'YYYY-MM-DD hh:mm:ss.sss' in UTC → RFC 3339. */
export function toInstant(cell: string): string {
  return `${cell.replace(' ', 'T')}Z`;
}

/** The same, where the engine's zero instant means "never". */
export function toInstantOrNull(cell: string | null): string | null {
  return cell === null || cell.startsWith('1970-01-01 00:00:00') ? null : toInstant(cell);
}

export function toNumber(cell: string | number | null): number {
  return Number(cell ?? 0);
}
