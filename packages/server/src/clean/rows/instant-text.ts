const dayMs = 86_400_000;
const twoDigits = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));
let lastDay = Number.NaN;
let lastDayText = '';

/** `YYYY-MM-DD hh:mm:ss.sss` in UTC, as the event store takes it. Put together by hand: it is needed twice per event. */
export function instantText(at: Date): string {
  const ms = at.getTime();
  const day = Math.floor(ms / dayMs);
  if (day !== lastDay) {
    lastDayText = at.toISOString().slice(0, 10);
    lastDay = day;
  }
  const inDay = ms - day * dayMs;
  const seconds = Math.floor(inDay / 1000);
  const minutes = Math.floor(seconds / 60);
  const hour = twoDigits[Math.floor(minutes / 60)];
  const fraction = inDay % 1000;
  const zeros = fraction < 10 ? '00' : fraction < 100 ? '0' : '';
  return `${lastDayText} ${hour}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}.${zeros}${fraction}`;
}
