import { describe, expect, it } from 'vitest';
import { hasBank, readBank } from './bank.fixture.ts';
import { evaluateClassifier } from './classification-metrics.ts';
import type { FeatureTable } from './feature-table.ts';
import { explainLogistic, fitLogistic, logistic, scoreLogistic } from './fit-logistic.ts';

const oneNumber = (values: number[]): FeatureTable => ({
  rows: values.length,
  columns: [{ kind: 'number', name: 'x', values: Float64Array.from(values) }],
});

describe('logistic regression', () => {
  it('without a ridge gives the log odds of a two by two table, its closed form', () => {
    // x = 0: 30 of 100 positive; x = 1: 60 of 100.
    const values = [...new Array(100).fill(0), ...new Array(100).fill(1)];
    const labels = Uint8Array.from(values, (x, i) => (i % 100 < (x === 0 ? 30 : 60) ? 1 : 0));
    const table = oneNumber(values);
    const scores = scoreLogistic(fitLogistic(table, labels, { ridge: 0 }), table);
    expect(logistic(scores[0] ?? 0)).toBeCloseTo(0.3, 9);
    expect(logistic(scores[199] ?? 0)).toBeCloseTo(0.6, 9);
  });

  it('has an answer for separable classes, and grows surer with a weaker ridge', () => {
    const table = oneNumber([-2, -1, 1, 2]);
    const labels = Uint8Array.from([0, 0, 1, 1]);
    const sure = (ridge: number) => scoreLogistic(fitLogistic(table, labels, { ridge }), table)[3] ?? 0;
    expect(Number.isFinite(sure(1))).toBe(true);
    expect(sure(0.01)).toBeGreaterThan(sure(1));
  });

  it('explains a score by parts that add up to it', () => {
    const table = oneNumber([1, 2, 3, Number.NaN, 5, 6]);
    const model = fitLogistic(table, Uint8Array.from([0, 1, 0, 1, 1, 0]));
    const { base, contributions } = explainLogistic(model, table, table);
    scoreLogistic(model, table).forEach((score, row) => {
      expect(base + (contributions[row] ?? 0)).toBeCloseTo(score, 12);
    });
  });

  it('says nothing but the rate when every feature is constant', () => {
    const table = oneNumber([4, 4, 4, 4]);
    const model = fitLogistic(table, Uint8Array.from([0, 1, 0, 0]));
    expect([...scoreLogistic(model, table)].map((score) => Number(logistic(score).toFixed(9)))).toEqual([
      0.25, 0.25, 0.25, 0.25,
    ]);
  });

  it('refuses one class, infinities and a missing column, naming them', () => {
    expect(() => fitLogistic(oneNumber([1, 2]), Uint8Array.from([1, 1]))).toThrow(/all 2 labels are 1/);
    expect(() => fitLogistic(oneNumber([1, Infinity]), Uint8Array.from([1, 0]))).toThrow(/column x, row 1 is infinite/);
    const model = fitLogistic(oneNumber([1, 2]), Uint8Array.from([1, 0]));
    expect(() => scoreLogistic(model, { rows: 0, columns: [] })).toThrow(/needs a number column x, got none/);
  });

  it.skipIf(!hasBank)(
    'has the published intercept, AUC and log loss on bank marketing (skipped: data not present)',
    () => {
      // Intercept and figures of an exact solver at λ = 1; numbers z-scored, levels sorted, the first dropped.
      for (const [without, intercept, auc, logLoss] of [
        [[], -1.51100373, 0.908113, 0.243697],
        [['duration'], -1.38840601, 0.76723, 0.307403],
      ] as const) {
        const { train, trainLabels, test, testLabels } = readBank(without);
        const model = fitLogistic(train, trainLabels, { ridge: 1 });
        const report = evaluateClassifier(scoreLogistic(model, test).map(logistic), testLabels);
        expect(model.intercept).toBeCloseTo(intercept, 7);
        expect(report.auc).toBeCloseTo(auc, 6);
        expect(report.logLoss).toBeCloseTo(logLoss, 6);
      }
    },
  );
});
