export type SimplexMinimum = {
  readonly point: Float64Array;
  readonly value: number;
  readonly report: { readonly converged: boolean; readonly iterations: number; readonly evaluations: number };
};

export type SimplexOptions = {
  readonly iterationsMax?: number;
  /** Length of the first simplex along each axis. */
  readonly step?: number;
  /** The search ends when values and coordinates of the simplex differ by no more than this. */
  readonly tolerance?: number;
};

/**
 * Nelder-Mead: needs no slopes, for functions of up to about ten variables. A value that is not finite counts as very high.
 * Factors adapt to the number of variables.
 *
 * @returns the lowest point and a report; not converging is reported, not thrown.
 * Source: Nelder & Mead (1965), Computer Journal 7; Gao & Han (2012), Computational Optimization and Applications 51, 259-277.
 */
export function minimiseSimplex(
  f: (point: Float64Array) => number,
  start: ArrayLike<number>,
  options: SimplexOptions = {},
): SimplexMinimum {
  const { iterationsMax = 400 * start.length, step = 0.5, tolerance = 1e-10 } = options;
  const n = start.length;
  const expansion = 1 + 2 / Math.max(n, 2);
  const contraction = 0.75 - 1 / (2 * Math.max(n, 2));
  const shrinkage = 1 - 1 / Math.max(n, 2);
  let evaluations = 0;
  const corner = (point: Float64Array) => {
    evaluations++;
    const value = f(point);
    return { point, value: Number.isFinite(value) ? value : Number.MAX_VALUE };
  };
  const corners = Array.from({ length: n + 1 }, (_, k) =>
    corner(Float64Array.from(start, (x, i) => x + (i === k - 1 ? step : 0))),
  );
  let converged = false;
  let iteration = 0;
  for (; iteration < iterationsMax; iteration++) {
    corners.sort((a, b) => a.value - b.value);
    const [best, worst] = [corners[0], corners[n]];
    const width = Math.max(
      ...corners.map(({ point }) => Math.max(...point.map((x, i) => Math.abs(x - best.point[i])))),
    );
    converged = worst.value - best.value <= tolerance * (1 + Math.abs(best.value)) && width <= Math.sqrt(tolerance);
    if (converged) break;
    const centre = new Float64Array(n);
    for (const { point } of corners.slice(0, n)) for (let i = 0; i < n; i++) centre[i] += point[i] / n;
    const at = (share: number) => corner(centre.map((x, i) => x + share * (worst.point[i] - x)));
    const reflected = at(-1);
    if (reflected.value < best.value) {
      const expanded = at(-expansion);
      corners[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < corners[n - 1].value) {
      corners[n] = reflected;
    } else {
      const contracted = at(reflected.value < worst.value ? -contraction : contraction);
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[n] = contracted;
      else {
        for (let k = 1; k <= n; k++) {
          corners[k] = corner(corners[k].point.map((x, i) => best.point[i] + shrinkage * (x - best.point[i])));
        }
      }
    }
  }
  corners.sort((a, b) => a.value - b.value);
  return {
    point: corners[0].point,
    value: corners[0].value,
    report: { converged, iterations: iteration, evaluations },
  };
}
