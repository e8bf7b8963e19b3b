import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { computeAuc, computeCalibration, computeGains, evaluateClassifier } from './classification-metrics.ts';

describe('measures of a classifier', () => {
  it('AUC is the share of pairs in the right order, ties half', () => {
    const scores = Float64Array.from([0.1, 0.4, 0.4, 0.8]);
    const labels = Uint8Array.from([0, 0, 1, 1]);
    expect(computeAuc(scores, labels).auc).toBe((1 + 0.5 + 1 + 1) / 4);
  });

  it('AUC interval covers the truth about as often as it says', () => {
    const random = seededRandom(4);
    let covered = 0;
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      // Uniform against its square root: P(√u > v) = 2/3.
      const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2);
      const scores = Float64Array.from(labels, (label) => (label ? Math.sqrt(random()) : random()));
      const { aucInterval } = evaluateClassifier(scores, labels);
      if (aucInterval[0] <= 2 / 3 && 2 / 3 <= aucInterval[1]) covered++;
    }
    expect(Math.abs(covered / runs - 0.95)).toBeLessThan(0.04);
  });

  it('knows a perfect and a constant forecast', () => {
    const labels = Uint8Array.from([0, 1, 0, 1]);
    const perfect = evaluateClassifier(Float64Array.from(labels), labels);
    expect(perfect).toMatchObject({ auc: 1, brier: 0, averagePrecision: 1 });
    const constant = evaluateClassifier(new Float64Array(4).fill(0.5), labels);
    expect(constant.auc).toBe(0.5);
    expect(constant.logLoss).toBeCloseTo(Math.log(2), 12);
    expect(constant.averagePrecision).toBe(0.5);
  });

  it('calibration groups hold everybody once and gains end at all positives', () => {
    const random = seededRandom(8);
    const probabilities = Float64Array.from({ length: 1003 }, random);
    const labels = Uint8Array.from(probabilities, (p) => (random() < p ? 1 : 0));
    const groups = computeCalibration(probabilities, labels);
    expect(groups.reduce((sum, group) => sum + group.rows, 0)).toBe(1003);
    expect(evaluateClassifier(probabilities, labels).calibrationError).toBeLessThan(0.05);
    const gains = computeGains(probabilities, labels);
    expect(gains.at(-1)).toEqual({ people: 1, positives: 1 });
    expect(gains.every((point, i) => i === 0 || point.positives >= (gains[i - 1]?.positives ?? 0))).toBe(true);
  });

  it('says NaN, not a number, when one class is missing', () => {
    expect(computeAuc(Float64Array.from([0.5]), Uint8Array.from([1])).auc).toBeNaN();
  });
});
