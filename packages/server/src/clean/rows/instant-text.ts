/** `YYYY-MM-DD hh:mm:ss.sss` in UTC, as the event store takes it. */
export function instantText(at: Date): string {
  const iso = at.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}
