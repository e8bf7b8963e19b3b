import type { HistoryEntries } from './history-entries.ts';

/** The low frequencies of the graph: score_i = targetScale_i Σ_f itemFactors_if gains_f Σ_j w_j sourceScale_j itemFactors_jf. */
export type Spectrum = {
  readonly factors: number;
  /** items × factors, orthonormal columns. */
  readonly itemFactors: Float32Array;
  readonly gains: Float32Array;
  readonly sourceScale: Float32Array;
  readonly targetScale: Float32Array;
};

/** A history in the coordinates of the spectrum, gains included. Cost: O(entries · factors). */
export function coordinatesInto(
  { factors, itemFactors, gains, sourceScale }: Spectrum,
  entries: HistoryEntries,
  coordinates: Float64Array,
): Float64Array {
  coordinates.fill(0);
  for (let h = 0; h < entries.item.length; h++) {
    const from = entries.item[h] * factors;
    const weight = entries.weight[h] * sourceScale[entries.item[h]];
    for (let f = 0; f < factors; f++) coordinates[f] += weight * itemFactors[from + f];
  }
  for (let f = 0; f < factors; f++) coordinates[f] *= gains[f];
  return coordinates;
}

/** The same for many, row by row. */
export function scaledCoordinates(
  spectrum: Spectrum,
  rows: readonly HistoryEntries[],
  people: Float32Array,
): Float32Array {
  const one = new Float64Array(spectrum.factors);
  rows.forEach((entries, row) => {
    people.set(coordinatesInto(spectrum, entries, one), row * spectrum.factors);
  });
  return people;
}

/** Adds the low frequencies to `scores`. Four sums side by side keep the processor busy. Cost: O(items · factors). */
export function addSpectrumInto(
  { factors, itemFactors, targetScale }: Spectrum,
  coordinates: Float64Array,
  scores: Float32Array,
): void {
  const whole = factors & ~3;
  for (let item = 0; item < scores.length; item++) {
    const from = item * factors;
    let [a, b, c, d] = [0, 0, 0, 0];
    let f = 0;
    for (; f < whole; f += 4) {
      a += itemFactors[from + f] * coordinates[f];
      b += itemFactors[from + f + 1] * coordinates[f + 1];
      c += itemFactors[from + f + 2] * coordinates[f + 2];
      d += itemFactors[from + f + 3] * coordinates[f + 3];
    }
    for (; f < factors; f++) a += itemFactors[from + f] * coordinates[f];
    scores[item] += targetScale[item] * (a + b + (c + d));
  }
}
