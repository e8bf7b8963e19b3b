import type { PurchaseFamily } from './purchase-family.ts';

/** Everybody goes on buying as before: own repeats over own age. No parameters. The simplest baseline. */
export const averageRate: PurchaseFamily = {
  parameterNames: ['rate'],
  alive: () => 1,
  expected: (_, repeats, _recency, age, horizon) => (repeats === 0 ? 0 : (repeats / age) * horizon),
  expectedOfNewcomer: ([rate], time) => rate * time,
};

/**
 * Who has been silent for longer than `silence` has left; the others go on buying as before. The managers' rule.
 * Source: Wübben & von Wangenheim (2008), Journal of Marketing 72(3), 82-93 (the hiatus heuristic).
 */
export const recencyRule: PurchaseFamily = {
  parameterNames: ['rate', 'silence'],
  alive: ([, silence], _, recency, age) => (age - recency <= silence ? 1 : 0),
  expected: ([, silence], repeats, recency, age, horizon) =>
    repeats === 0 || age - recency > silence ? 0 : (repeats / age) * horizon,
  expectedOfNewcomer: ([rate], time) => rate * time,
};

/** Silence beyond this many typical gaps between purchases counts as gone. */
const typicalGaps = 3;

/** Repeats per unit of time over all customers. */
export function computeRate(histories: { repeats: Float64Array; age: Float64Array; weight: Float64Array }): number {
  let repeats = 0;
  let age = 0;
  for (let row = 0; row < histories.weight.length; row++) {
    repeats += histories.weight[row] * histories.repeats[row];
    age += histories.weight[row] * histories.age[row];
  }
  return repeats / age;
}

/** Three times the median over repeat customers of their mean gap between purchases. */
export function computeSilence(histories: {
  repeats: Float64Array;
  recency: Float64Array;
  weight: Float64Array;
}): number {
  const gaps: { gap: number; weight: number }[] = [];
  let total = 0;
  for (let row = 0; row < histories.weight.length; row++) {
    if (histories.repeats[row] === 0) continue;
    gaps.push({ gap: histories.recency[row] / histories.repeats[row], weight: histories.weight[row] });
    total += histories.weight[row];
  }
  gaps.sort((one, other) => one.gap - other.gap);
  let passed = 0;
  for (const { gap, weight } of gaps) {
    passed += weight;
    if (passed >= total / 2) return typicalGaps * gap;
  }
  return 0;
}
