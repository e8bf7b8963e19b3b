import { DomainError, ShapeError } from '../errors.ts';
import { digamma, logGamma } from '../numerics/gamma.ts';
import { minimise, type SearchReport, type SmoothFunction } from '../numerics/minimise.ts';
import { computeParameterIntervals, type ParameterInterval } from './parameter-intervals.ts';

/** Mean value of `repeats` purchases per customer, in any one currency. Entries without repeats say nothing and are skipped. */
export type SpendHistories = {
  readonly repeats: ArrayLike<number>;
  readonly meanSpend: ArrayLike<number>;
};

export type SpendModel = {
  readonly kind: 'gamma-gamma';
  readonly version: 1;
  readonly parameters: { readonly p: number; readonly q: number; readonly v: number };
  readonly intervals?: Readonly<Record<'p' | 'q' | 'v', ParameterInterval>>;
  readonly logLikelihood: number;
  readonly report: SearchReport;
  /** Customers with repeats: those the model learned from. */
  readonly customers: number;
  /** Of repeats and mean spend. The model assumes none: far from 0, values of eager customers are wrong in its direction. */
  readonly correlation: number;
};

/**
 * Gamma-Gamma: what a purchase of a customer is worth.
 *
 * Assumes 1) the value of a customer's purchases varies as Gamma(p, nu); 2) nu varies over customers as Gamma(q, v); 3) value
 * and frequency are independent (see `correlation`).
 *
 * @param histories two vectors of length n (customers).
 * @returns parameters and a report; not converging is reported, not thrown.
 * @throws ShapeError when lengths differ; DomainError when repeats is not a whole number from 0, when meanSpend of somebody with
 * repeats is not above 0 (take refunds off first), or for fewer than two such customers.
 * Cost: O(n) per iteration. Source: Fader, Hardie, Lee (2005), Journal of Marketing Research 42(4), 415-430; Fader & Hardie
 * (2013), "The Gamma-Gamma model of monetary value".
 */
export function fitGammaGamma(
  histories: SpendHistories,
  options: { readonly intervalLevel?: number; readonly iterationsMax?: number } = {},
): SpendModel {
  const { intervalLevel = 0.95, iterationsMax = 300 } = options;
  if (!(intervalLevel > 0 && intervalLevel < 1)) {
    throw new DomainError(`fitGammaGamma: intervalLevel must be between 0 and 1, got ${intervalLevel}`);
  }
  checkSpend(histories, 'fitGammaGamma');
  const merged = mergeSpend(histories);
  if (merged.customers < 2) {
    throw new DomainError(
      `fitGammaGamma: repeats is above 0 for ${merged.customers} customer(s), at least 2 with repeats are needed`,
    );
  }
  const meanSpend = merged.spend.reduce((sum, spend, row) => sum + merged.weight[row] * spend, 0) / merged.customers;
  // Money in mean spends: the search sees the same numbers in any currency.
  const loss = buildLoss({ ...merged, spend: merged.spend.map((spend) => spend / meanSpend) });
  const found = minimise(loss, [2, 3, 1].map(Math.log), { iterationsMax });
  const intervals = found.report.converged
    ? computeParameterIntervals(loss, found.point, merged.customers, intervalLevel)
    : undefined;
  const [p, q, shareV] = found.point.map(Math.exp);
  return {
    kind: 'gamma-gamma',
    version: 1,
    parameters: { p, q, v: shareV * meanSpend },
    ...(intervals ? { intervals: { p: intervals[0], q: intervals[1], v: intervalOfV(intervals[2], meanSpend) } } : {}),
    logLikelihood: -merged.customers * (found.value + Math.log(meanSpend)),
    report: found.report,
    customers: merged.customers,
    correlation: computeCorrelation(merged),
  };
}

/**
 * Mean value expected of a customer's future purchases: own mean, pulled towards everybody's, the more the fewer the repeats.
 * Length n. With q at or below 1 the mean over customers does not exist, so there is none to give to somebody without repeats.
 * @throws ShapeError, DomainError as `fitGammaGamma`; DomainError when p · repeats + q <= 1 for somebody.
 */
export function predictSpend(model: Pick<SpendModel, 'parameters'>, histories: SpendHistories): Float64Array {
  checkSpend(histories, 'predictSpend');
  const { p, q, v } = model.parameters;
  return Float64Array.from({ length: histories.repeats.length }, (_, i) => {
    const repeats = histories.repeats[i];
    const own = repeats === 0 ? 0 : histories.meanSpend[i];
    const evidence = p * repeats;
    if (!(evidence + q > 1)) {
      throw new DomainError(
        `predictSpend: with q ${q} the mean value of a purchase does not exist for customer ${i} (repeats ${repeats})`,
      );
    }
    return (p * (v + repeats * own)) / (evidence + q - 1);
  });
}

/** Log-likelihood of histories under given parameters. @throws as `fitGammaGamma`. */
export function computeSpendLogLikelihood(model: Pick<SpendModel, 'parameters'>, histories: SpendHistories): number {
  checkSpend(histories, 'computeSpendLogLikelihood');
  const merged = mergeSpend(histories);
  const { p, q, v } = model.parameters;
  return (
    -buildLoss(merged)(Float64Array.of(Math.log(p), Math.log(q), Math.log(v)), new Float64Array(3)) * merged.customers
  );
}

const intervalOfV = ({ low, high }: ParameterInterval, meanSpend: number): ParameterInterval => ({
  low: low * meanSpend,
  high: high * meanSpend,
});

type MergedSpend = {
  customers: number;
  counts: Float64Array;
  countWeight: Float64Array;
  rowCount: Uint32Array;
  spend: Float64Array;
  weight: Float64Array;
};

/** Distinct (repeats, mean spend) of customers with repeats. */
function mergeSpend({ repeats, meanSpend }: SpendHistories): MergedSpend {
  const rowsOfCount = new Map<number, Map<number, number>>();
  let customers = 0;
  for (let i = 0; i < repeats.length; i++) {
    if (repeats[i] === 0) continue;
    customers++;
    let rows = rowsOfCount.get(repeats[i]);
    if (!rows) {
      rows = new Map();
      rowsOfCount.set(repeats[i], rows);
    }
    rows.set(meanSpend[i], (rows.get(meanSpend[i]) ?? 0) + 1);
  }
  const parts = [...rowsOfCount.values()];
  return {
    customers,
    counts: Float64Array.from(rowsOfCount.keys()),
    countWeight: Float64Array.from(parts, (rows) => [...rows.values()].reduce((sum, weight) => sum + weight, 0)),
    rowCount: Uint32Array.from(parts.flatMap((rows, count) => Array.from(rows, () => count))),
    spend: Float64Array.from(parts.flatMap((rows) => [...rows.keys()])),
    weight: Float64Array.from(parts.flatMap((rows) => [...rows.values()])),
  };
}

/** ln L = ln Γ(px+q) − ln Γ(px) − ln Γ(q) + q ln v + (px−1) ln m + px ln x − (px+q) ln(xm+v), x repeats of mean value m. */
function buildLoss({ customers, counts, countWeight, rowCount, spend, weight }: MergedSpend): SmoothFunction {
  return (point, gradient) => {
    const [p, q, v] = point.map(Math.exp);
    let total = customers * (q * point[2] - logGamma(q));
    let [slopeP, slopeQ, slopeV] = [0, customers * (point[2] - digamma(q)), (customers * q) / v];
    for (let count = 0; count < counts.length; count++) {
      const [x, n] = [counts[count], countWeight[count]];
      total += n * (logGamma(p * x + q) - logGamma(p * x) + p * x * Math.log(x));
      const shared = digamma(p * x + q);
      slopeP += n * x * (shared - digamma(p * x) + Math.log(x));
      slopeQ += n * shared;
    }
    for (let row = 0; row < spend.length; row++) {
      const [x, n] = [counts[rowCount[row]], weight[row]];
      const logSpend = Math.log(spend[row]);
      const scale = x * spend[row] + v;
      const logScale = Math.log(scale);
      total += n * ((p * x - 1) * logSpend - (p * x + q) * logScale);
      slopeP += n * x * (logSpend - logScale);
      slopeQ -= n * logScale;
      slopeV -= (n * (p * x + q)) / scale;
    }
    gradient[0] = (-slopeP * p) / customers;
    gradient[1] = (-slopeQ * q) / customers;
    gradient[2] = (-slopeV * v) / customers;
    return -total / customers;
  };
}

function checkSpend({ repeats, meanSpend }: SpendHistories, who: string): void {
  if (repeats.length !== meanSpend.length || repeats.length === 0) {
    throw new ShapeError(
      `${who}: repeats and meanSpend must have one length above 0, got ${repeats.length} and ${meanSpend.length}`,
    );
  }
  for (let i = 0; i < repeats.length; i++) {
    if (!(repeats[i] >= 0 && Number.isSafeInteger(repeats[i]))) {
      throw new DomainError(`${who}: repeats must be whole numbers from 0, got ${repeats[i]} for customer ${i}`);
    }
    if (repeats[i] > 0 && !(meanSpend[i] > 0 && meanSpend[i] < Number.POSITIVE_INFINITY)) {
      throw new DomainError(
        `${who}: meanSpend must be above 0 and finite where repeats is above 0, got ${meanSpend[i]} for customer ${i}`,
      );
    }
  }
}

function computeCorrelation({ customers, counts, rowCount, spend, weight }: MergedSpend): number {
  const mean = (value: (row: number) => number) => weight.reduce((sum, n, row) => sum + n * value(row), 0) / customers;
  const repeats = (row: number) => counts[rowCount[row]];
  const [meanRepeats, meanValue] = [mean(repeats), mean((row) => spend[row])];
  const together = mean((row) => (repeats(row) - meanRepeats) * (spend[row] - meanValue));
  const spread = mean((row) => (repeats(row) - meanRepeats) ** 2) * mean((row) => (spend[row] - meanValue) ** 2);
  return spread > 0 ? together / Math.sqrt(spread) : 0;
}
