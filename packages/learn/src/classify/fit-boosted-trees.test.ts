import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { hasBank, readBank } from './bank.fixture.ts';
import { scoreBoostedTrees } from './boosted-trees.ts';
import { evaluateClassifier } from './classification-metrics.ts';
import type { FeatureTable } from './feature-table.ts';
import { fitBoostedTrees } from './fit-boosted-trees.ts';
import { logistic } from './fit-logistic.ts';

const numbers = (name: string, values: number[]) => ({
  kind: 'number' as const,
  name,
  values: Float64Array.from(values),
});

describe('boosted trees', () => {
  it('one stump has the gain, cut and leaves of the formula', () => {
    // Squared loss from mean 2: gradients 2, 2, -2, -2; λ = 1: leaves ∓4/3.
    const table: FeatureTable = { rows: 4, columns: [numbers('x', [1, 2, 3, 4])] };
    const model = fitBoostedTrees(table, Float64Array.from([0, 0, 4, 4]), {
      objective: 'squared',
      rounds: 1,
      learningRate: 1,
      leavesMax: 2,
      rowsPerLeafMin: 1,
    });
    expect(model.base).toBe(2);
    expect(model.thresholdOf[0]).toBe(2.5);
    expect([...scoreBoostedTrees(model, table)]).toEqual([2 - 4 / 3, 2 - 4 / 3, 2 + 4 / 3, 2 + 4 / 3]);
    expect(model.gainOf[0]).toBeCloseTo(0.5 * (16 / 3 + 16 / 3 - 0), 12);
  });

  it('learns an interaction that no linear model sees', () => {
    const random = seededRandom(2);
    const x = Array.from({ length: 2000 }, () => random() - 0.5);
    const y = Array.from({ length: 2000 }, () => random() - 0.5);
    const table: FeatureTable = { rows: 2000, columns: [numbers('x', x), numbers('y', y)] };
    const labels = Uint8Array.from(x, (value, i) => (value * (y[i] ?? 0) > 0 ? 1 : 0));
    const scores = scoreBoostedTrees(fitBoostedTrees(table, labels, { rounds: 60, learningRate: 0.2 }), table);
    expect(evaluateClassifier(scores.map(logistic), labels).auc).toBeGreaterThan(0.98);
  });

  it('sends missing values where they belong', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? Number.NaN : i));
    const table: FeatureTable = { rows: 200, columns: [numbers('x', values)] };
    const labels = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0));
    const scores = scoreBoostedTrees(fitBoostedTrees(table, labels, { rounds: 20 }), table);
    expect(Math.min(...scores.filter((_, i) => i % 2 === 0))).toBeGreaterThan(
      Math.max(...scores.filter((_, i) => i % 2 === 1)),
    );
  });

  it('groups the levels of a category in one split, and takes a level it never saw as not known', () => {
    const levels = ['a', 'b', 'c', 'd', 'e', 'f'];
    const codes = Int32Array.from({ length: 600 }, (_, i) => i % 6);
    const labels = Uint8Array.from(codes, (code) => code % 2);
    const table: FeatureTable = { rows: 600, columns: [{ kind: 'category', name: 'z', levels, codes }] };
    const model = fitBoostedTrees(table, labels, { rounds: 1, leavesMax: 2, learningRate: 1 });
    const scores = scoreBoostedTrees(model, table);
    expect(new Set(scores).size).toBe(2);
    for (const [i, label] of labels.entries()) expect((scores[i] ?? 0) > 0).toBe(label === 1);
    const unseen: FeatureTable = {
      rows: 1,
      columns: [{ kind: 'category', name: 'z', levels: ['new'], codes: Int32Array.from([0]) }],
    };
    expect(Number.isFinite(scoreBoostedTrees(model, unseen)[0])).toBe(true);
  });

  it('stops when the validation part no longer gets better, is the same for the same seed, and ignores constants', () => {
    const random = seededRandom(6);
    const table = (): FeatureTable => ({
      rows: 300,
      columns: [numbers('noise', Array.from({ length: 300 }, random)), numbers('constant', new Array(300).fill(1))],
    });
    const draw = () => Uint8Array.from({ length: 300 }, () => (random() < 0.5 ? 1 : 0));
    const [train, labels, validation, targets] = [table(), draw(), table(), draw()];
    const fit = () =>
      fitBoostedTrees(train, labels, {
        rounds: 300,
        rowShare: 0.7,
        featureShare: 0.9,
        seed: 3,
        patience: 10,
        validation: { table: validation, targets },
      });
    const model = fit();
    expect(model.roundsBest).toBeLessThan(100);
    expect(fit()).toEqual(model);
    expect(model.gainOf[1]).toBe(0);
  });

  it('names what it cannot learn from', () => {
    const table: FeatureTable = { rows: 2, columns: [numbers('x', [1, 2])] };
    expect(() => fitBoostedTrees(table, Uint8Array.from([0, 0]))).toThrow(/all 2 labels are 0/);
    expect(() => fitBoostedTrees(table, Float64Array.from([1, Number.NaN]), { objective: 'squared' })).toThrow(
      /target 1 must be finite/,
    );
    expect(() => fitBoostedTrees(table, Uint8Array.from([0, 1]), { leavesMax: 64 })).toThrow(
      /leavesMax must be at most 32/,
    );
  });

  it.skipIf(!hasBank)(
    'reaches the AUC of a peer on bank marketing without duration: .7972 (skipped: data not present)',
    () => {
      const { train, trainLabels, test, testLabels } = readBank(['duration']);
      const model = fitBoostedTrees(train, trainLabels, { rounds: 200, depthMax: 4, leavesMax: 16 });
      const report = evaluateClassifier(scoreBoostedTrees(model, test).map(logistic), testLabels);
      expect(report.auc).toBeGreaterThan(0.7972);
      expect(report.logLoss).toBeLessThan(0.2907);
    },
  );
});
