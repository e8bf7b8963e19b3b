import { incompleteGamma } from '@zhiyin/learn';

/** An amount a person: `variance` about the mean of these people, not of a sample of them. */
export type Amounts = { readonly people: number; readonly mean: number; readonly variance: number };
/** How many of so many people. */
export type Part = { readonly of: number; readonly people: number };

/** `strength`: the correlation with the side, 0 to 1, as if both sides had equally many people: comparable between measures. */
export type Effect = {
  readonly effect: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly strength: number;
  /** No difference at all is outside of what 95 % allow. */
  readonly isClear: boolean;
};

const z95 = 1.959963984540054;
const chanceMost = 0.05;

/** The same amounts with everybody else of `people` at 0. */
export function withZeros({ people: some, mean, variance }: Amounts, people: number): Amounts {
  const meanOfAll = (some * mean) / people;
  return { people, mean: meanOfAll, variance: Math.max(0, (some * (variance + mean ** 2)) / people - meanOfAll ** 2) };
}

/**
 * Cohen's d: difference of means in standard deviations within both sides, with the large-sample interval of Hedges & Olkin
 * (1985). Null when nobody differs within the sides: then it has no size.
 */
export function cohensD(here: Amounts, there: Amounts): Effect {
  const difference = here.mean - there.mean;
  const people = here.people + there.people;
  const within = (here.people * here.variance + there.people * there.variance) / (people - 2);
  const scale = Math.max(here.mean ** 2, there.mean ** 2);
  if (difference ** 2 <= 1e-24 * scale) return { effect: 0, low: null, high: null, strength: 0, isClear: false };
  if (within <= 1e-24 * scale) return { effect: null, low: null, high: null, strength: 1, isClear: true };
  const effect = difference / Math.sqrt(within);
  const half = z95 * Math.sqrt(people / (here.people * there.people) + effect ** 2 / (2 * people));
  return {
    effect,
    low: effect - half,
    high: effect + half,
    strength: Math.abs(effect) / Math.sqrt(effect ** 2 + 4),
    isClear: Math.abs(effect) > half,
  };
}

/**
 * Ratio of two shares with the interval of its logarithm (Katz et al. 1978). Where nobody did it on a side, half a person is added to
 * every count, so that the ratio is a number.
 */
export function rateRatio(here: Part, there: Part): Effect {
  if (here.of + there.of === 0) return { effect: null, low: null, high: null, strength: 0, isClear: false };
  const added = here.of === 0 || there.of === 0 ? 0.5 : 0;
  const rate = ({ of, people }: Part) => (of + added) / (people + added);
  const inverse = ({ of, people }: Part) => 1 / (of + added) - 1 / (people + added);
  const effect = rate(here) / rate(there);
  const half = z95 * Math.sqrt(Math.max(0, inverse(here) + inverse(there)));
  const shares = ({ of, people }: Part) => [of / people, 1 - of / people];
  return {
    effect,
    low: effect * Math.exp(-half),
    high: effect * Math.exp(half),
    strength: strengthOfShares(shares(here), shares(there)),
    isClear: Math.abs(Math.log(effect)) > half,
  };
}

/**
 * Cramér's V of two sides and several values, from how many people of each side have each value. Clear when Pearson's chi-squared
 * would be as large by chance in fewer than one of twenty cases.
 */
export function cramersV(here: readonly number[], there: readonly number[]): Effect {
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const [ofHere, ofThere] = [sum(here), sum(there)];
  const people = ofHere + ofThere;
  let chiSquared = 0;
  let values = 0;
  for (const [i, count] of here.entries()) {
    const both = count + there[i]!;
    if (both === 0) continue;
    values += 1;
    const expectedHere = (both * ofHere) / people;
    const expectedThere = (both * ofThere) / people;
    chiSquared += (count - expectedHere) ** 2 / expectedHere + (there[i]! - expectedThere) ** 2 / expectedThere;
  }
  const chance = values < 2 ? 1 : 1 - incompleteGamma((values - 1) / 2, chiSquared / 2);
  return {
    effect: Math.sqrt(chiSquared / people),
    low: null,
    high: null,
    strength: strengthOfShares(
      here.map((count) => count / ofHere),
      there.map((count) => count / ofThere),
    ),
    isClear: chance < chanceMost,
  };
}

/** Cramér's V with both sides weighing the same. */
function strengthOfShares(here: readonly number[], there: readonly number[]): number {
  const squares = here.map((share, i) => {
    const both = share + there[i]!;
    return both > 0 ? (share - there[i]!) ** 2 / (2 * both) : 0;
  });
  return Math.min(1, Math.sqrt(squares.reduce((all, square) => all + square, 0)));
}
