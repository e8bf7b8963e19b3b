export type Rate = { readonly value: number; readonly low: number; readonly high: number };

/** Share of successes with its 95 % Wilson interval; null without trials. */
export function wilsonInterval(successes: number, trials: number): Rate | null {
  if (trials <= 0) return null;
  const z = 1.959963984540054;
  const share = Math.min(1, successes / trials);
  const middle = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const half = (z / (1 + z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return { value: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
