const z = 1.959963984540054;

/**
 * Share of `hits` in `n` with its 95 % interval. Source: Wilson (1927), Journal of the American Statistical Association 22(158).
 * Without any trials nothing is known: 0 to 1.
 */
export function wilsonInterval(hits: number, n: number): { value: number; low: number; high: number } {
  if (n === 0) return { value: 0, low: 0, high: 1 };
  const share = hits / n;
  const centre = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
