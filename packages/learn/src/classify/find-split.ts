import type { BinnedFeature, BinnedFeatures } from './bin-features.ts';

export type SplitRules = {
  /** λ added to the curvature of a leaf. */
  readonly lambda: number;
  /** γ: gain below which a split is not worth a leaf. */
  readonly gainMin: number;
  readonly rowsPerLeafMin: number;
  readonly curvaturePerLeafMin: number;
};

export type Split = {
  readonly feature: number;
  readonly gain: number;
  /** Per bin of the feature: 1 goes left. Bin 0 is "not known". */
  readonly goesLeft: Uint8Array;
  /** Numbers: last bin that goes left; -1 for categories. */
  readonly lastLeftBin: number;
};

type Sums = { readonly gradient: number; readonly curvature: number; readonly rows: number };

/** A level needs this many rows in the node to be placed by its own gradient; the others go right. */
const rowsPerLevelMin = 10;
/** Pulls the order of rare levels towards the middle. */
const levelSmoothing = 10;

/**
 * gain = ½ [G_L²/(H_L+λ) + G_R²/(H_R+λ) − G²/(H+λ)] − γ (Chen and Guestrin 2016), over all cuts of all usable features. Categories
 * are cut in the order of their mean gradient, which is the best two-way grouping (Fisher 1958; Ke et al. 2017).
 * Cost: O(total bins), plus the sort of levels.
 */
export function findBestSplit(
  binned: BinnedFeatures,
  histogram: Float64Array,
  offsets: Uint32Array,
  usable: Uint8Array,
  sums: Sums,
  rules: SplitRules,
): Split | undefined {
  let best: Split | undefined;
  binned.features.forEach((feature, f) => {
    if (!usable[f] || feature.bins < 2) return;
    const scan = { feature, f, histogram, offset: offsets[f], sums, rules };
    const found = feature.kind === 'number' ? splitNumber(scan) : splitCategory(scan);
    if (found && (!best || found.gain > best.gain)) best = found;
  });
  return best;
}

type Scan = {
  readonly feature: BinnedFeature;
  readonly f: number;
  readonly histogram: Float64Array;
  readonly offset: number;
  readonly sums: Sums;
  readonly rules: SplitRules;
};

/** Bins in the order of their values. */
const ascending = Uint16Array.from({ length: 256 }, (_, bin) => bin);

function splitNumber(scan: Scan): Split | undefined {
  const { feature, histogram, offset } = scan;
  const hasMissing = histogram[offset + 2] > 0;
  const walk = ascending.subarray(1, feature.bins);
  const cuts = (hasMissing ? [true, false] : [false]).map((missingLeft) => ({
    missingLeft,
    cut: findBestCut(scan, walk, missingLeft),
  }));
  const best = cuts.reduce((a, b) => (gainOf(b.cut) > gainOf(a.cut) ? b : a));
  if (!best.cut) return undefined;
  // With nothing missing here, "not known" follows the larger side.
  const missingLeft = hasMissing ? best.missingLeft : best.cut.leftRows * 2 >= scan.sums.rows;
  const goesLeft = new Uint8Array(feature.bins);
  goesLeft.fill(1, 1, best.cut.last + 2);
  goesLeft[0] = missingLeft ? 1 : 0;
  return { feature: scan.f, gain: best.cut.gain, goesLeft, lastLeftBin: best.cut.last + 1 };
}

function splitCategory(scan: Scan): Split | undefined {
  const { feature, histogram, offset } = scan;
  const bins: number[] = [];
  for (let bin = 0; bin < feature.bins; bin++) if (histogram[offset + bin * 3 + 2] >= rowsPerLevelMin) bins.push(bin);
  if (bins.length < 2) return undefined;
  const order = (bin: number) => histogram[offset + bin * 3] / (histogram[offset + bin * 3 + 1] + levelSmoothing);
  bins.sort((a, b) => order(a) - order(b) || a - b);
  // Levels too rare for their own order stay right, whichever end the left side grows from.
  const cuts = [bins, [...bins].reverse()].map((walk) => ({ walk, cut: findBestCut(scan, walk, false) }));
  const { walk, cut } = cuts.reduce((a, b) => (gainOf(b.cut) > gainOf(a.cut) ? b : a));
  if (!cut) return undefined;
  const goesLeft = new Uint8Array(feature.bins);
  for (const bin of walk.slice(0, cut.last + 1)) goesLeft[bin] = 1;
  return { feature: scan.f, gain: cut.gain, goesLeft, lastLeftBin: -1 };
}

type Cut = {
  readonly gain: number /** Place in the walk of the last bin on the left. */;
  readonly last: number;
  readonly leftRows: number;
};

const gainOf = (cut: Cut | undefined): number => cut?.gain ?? Number.NEGATIVE_INFINITY;

/** The best place to cut the bins of `walk` in two; undefined when none gains enough. */
function findBestCut(
  { histogram, offset, sums, rules }: Scan,
  walk: ArrayLike<number>,
  missingLeft: boolean,
): Cut | undefined {
  let gradient = missingLeft ? histogram[offset] : 0;
  let curvature = missingLeft ? histogram[offset + 1] : 0;
  let rows = missingLeft ? histogram[offset + 2] : 0;
  const whole = sums.gradient ** 2 / (sums.curvature + rules.lambda);
  let bestGain = rules.gainMin;
  let last = -1;
  let leftRows = 0;
  for (let i = 0; i < walk.length - 1; i++) {
    const at = offset + walk[i] * 3;
    if (histogram[at + 2] === 0) continue;
    gradient += histogram[at];
    curvature += histogram[at + 1];
    rows += histogram[at + 2];
    if (rows < rules.rowsPerLeafMin || curvature < rules.curvaturePerLeafMin) continue;
    if (sums.rows - rows < rules.rowsPerLeafMin || sums.curvature - curvature < rules.curvaturePerLeafMin) break;
    const gain =
      0.5 *
      (gradient ** 2 / (curvature + rules.lambda) +
        (sums.gradient - gradient) ** 2 / (sums.curvature - curvature + rules.lambda) -
        whole);
    if (gain > bestGain) {
      bestGain = gain;
      last = i;
      leftRows = rows;
    }
  }
  return last < 0 ? undefined : { gain: bestGain, last, leftRows };
}
