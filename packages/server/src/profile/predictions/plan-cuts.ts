const dayMs = 86_400_000;
/** Features need a past to look at. */
const historyDaysMin = 28;
const cutsMax = 4;

/**
 * Instants at which people are looked at as if it were then, oldest first: each horizon after one is over before the next begins, so
 * that nothing of what is to be foretold is known. The last one's horizon ends at `until`.
 */
export function planCuts(from: Date, until: Date, horizonDays: number): Date[] {
  const cuts: Date[] = [];
  for (let back = 1; back <= cutsMax; back += 1) {
    const at = until.getTime() - back * horizonDays * dayMs;
    if (at - from.getTime() < historyDaysMin * dayMs) break;
    cuts.unshift(new Date(at));
  }
  return cuts;
}

/** Days of data needed for one cut. */
export const daysNeeded = (horizonDays: number): number => horizonDays + historyDaysMin;
