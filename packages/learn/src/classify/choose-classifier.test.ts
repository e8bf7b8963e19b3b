import { describe, expect, it } from 'vitest';
import { normalDraw, seededRandom } from '../numerics/random.ts';
import { calibrate, fitIsotonic, fitPlatt } from './calibrate.ts';
import { chooseClassifier } from './choose-classifier.ts';
import {
  computeImportance,
  computePartialDependence,
  explainClassifier,
  predictProbability,
  scoreClassifier,
} from './classifier.ts';
import { encodeTable, fitEncoding } from './design-matrix.ts';
import type { FeatureTable } from './feature-table.ts';
import { findSuspectedLeaks } from './find-leaks.ts';
import { logistic } from './fit-logistic.ts';
import { computeNetworkGradient, explainNetwork, fitNetwork, scoreNetwork } from './fit-network.ts';

const random = seededRandom(21);
const rows = 1500;
const column = (name: string, draw: () => number) => ({
  kind: 'number' as const,
  name,
  values: Float64Array.from({ length: rows }, draw),
});
const table: FeatureTable = {
  rows,
  columns: [column('x', () => normalDraw(random)), column('noise', () => normalDraw(random))],
};
const xs = (table.columns[0] as { values: Float64Array }).values;
const labels = Uint8Array.from(xs, (x) => (random() < logistic(1.5 * x - 1) ? 1 : 0));

describe('choosing a classifier', () => {
  it('takes one that comes near the true probabilities, and explains it exactly', () => {
    const chosen = chooseClassifier(table, labels, {
      seed: 1,
      names: ['base-rate', 'logistic', 'trees-small', 'stack'],
    });
    if (chosen.kind !== 'chosen') throw new Error(chosen.reason);
    expect(['logistic', 'stack']).toContain(chosen.name);
    const probabilities = predictProbability(chosen.model, table);
    const gap = probabilities.reduce((sum, p, i) => sum + Math.abs(p - logistic(1.5 * (xs[i] ?? 0) - 1)), 0) / rows;
    expect(gap).toBeLessThan(0.03);
    const { base, contributions, features } = explainClassifier(chosen.model, table, table);
    scoreClassifier(chosen.model, table).forEach((score, row) => {
      const sum = base + (contributions[row * features] ?? 0) + (contributions[row * features + 1] ?? 0);
      expect(sum).toBeCloseTo(score, 9);
    });
    expect(computeImportance(chosen.model, table)[0]?.feature).toBe('x');
    const curve = computePartialDependence(chosen.model, table, 'x', 6);
    expect(curve.at(-1)?.probability).toBeGreaterThan((curve[0]?.probability ?? 1) + 0.5);
  });

  it('lets the base rate serve where nothing can be learned', () => {
    const coin = Uint8Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0));
    const chosen = chooseClassifier(table, coin, { seed: 2, names: ['base-rate', 'trees'] });
    expect(chosen).toMatchObject({ kind: 'chosen', name: 'base-rate' });
    if (chosen.kind === 'chosen') expect(new Set(predictProbability(chosen.model, table)).size).toBe(1);
  });

  it('refuses too few of a class with the numbers, and does not crash on none', () => {
    const few = new Uint8Array(rows).fill(1, 0, 40);
    expect(chooseClassifier(table, few, { seed: 1 })).toEqual({
      kind: 'refused',
      reason: 'few_positives',
      found: 40,
      needed: 100,
    });
    expect(chooseClassifier(table, new Uint8Array(rows).fill(1), { seed: 1 })).toMatchObject({
      reason: 'few_negatives',
      found: 0,
    });
  });

  it('compares on the latest rows when it knows when they were', () => {
    const at = Float64Array.from({ length: rows }, (_, i) => i);
    const chosen = chooseClassifier(table, labels, { seed: 1, at, names: ['base-rate', 'logistic'] });
    expect(chosen).toMatchObject({ kind: 'chosen', name: 'logistic', backtest: 'latest' });
    if (chosen.kind === 'chosen') expect(chosen.candidates[0]?.report.rows).toBe(rows / 5);
  });

  it('names a feature that knows the answer', () => {
    const leaking: FeatureTable = {
      rows,
      columns: [
        ...table.columns,
        { kind: 'number', name: 'receipt', values: Float64Array.from(labels, (label) => label + 0.1 * random()) },
      ],
    };
    expect(findSuspectedLeaks(leaking, labels).map((leak) => leak.feature)).toEqual(['receipt']);
    expect(findSuspectedLeaks({ rows, columns: [table.columns[1]!] }, labels)).toEqual([]);
  });
});

describe('the network', () => {
  for (const activation of ['logistic', 'rectifier'] as const) {
    it(`has the gradient of its loss, by finite differences (${activation})`, () => {
      const small: FeatureTable = {
        rows: 12,
        columns: table.columns.map(
          (c) => ({ ...c, values: (c as { values: Float64Array }).values.slice(0, 12) }) as never,
        ),
      };
      const own = labels.slice(0, 12);
      own[0] = 0;
      own[1] = 1;
      const model = fitNetwork(small, own, { hidden: [4, 3], activation, epochs: 1, seed: 5 });
      // Away from the kinks of rectifiers, where there is no slope.
      for (const biases of model.biases) for (let i = 0; i < biases.length; i++) biases[i] = 0.3 + 0.1 * random();
      const design = encodeTable(small, model.encoding);
      const all = Uint32Array.from({ length: 12 }, (_, i) => i);
      const { gradients } = computeNetworkGradient(model, design, own, all);
      [...model.weights, ...model.biases].forEach((values, p) => {
        for (let i = 0; i < values.length; i++) {
          const before = values[i] ?? 0;
          const lossAt = (value: number) => {
            values[i] = value;
            return computeNetworkGradient(model, design, own, all).loss;
          };
          const slope = (lossAt(before + 1e-5) - lossAt(before - 1e-5)) / 2e-5;
          values[i] = before;
          expect(gradients[p]?.[i]).toBeCloseTo(slope, 6);
        }
      });
    });
  }

  it('explains scores by parts that add up to them', () => {
    const model = fitNetwork(table, labels, { hidden: [8], epochs: 3 });
    const { base, contributions, features } = explainNetwork(model, table, table);
    const scores = scoreNetwork(model, table);
    for (let row = 0; row < 50; row++) {
      const sum = base + (contributions[row * features] ?? 0) + (contributions[row * features + 1] ?? 0);
      expect(sum).toBeCloseTo(scores[row] ?? 0, 9);
    }
  });
});

describe('calibration', () => {
  it('by Platt finds the line that made the labels', () => {
    const scores = Float64Array.from({ length: 5_000 }, () => normalDraw(random) * 2);
    const own = Uint8Array.from(scores, (score) => (random() < logistic(0.5 * score - 1) ? 1 : 0));
    const fitted = fitPlatt(scores, own);
    if (fitted.kind !== 'platt') throw new Error('platt');
    expect(fitted.slope).toBeCloseTo(0.5, 1);
    expect(fitted.intercept).toBeCloseTo(-1, 1);
  });

  it('by isotonic steps never falls, and is the mean where order says nothing', () => {
    const scores = Float64Array.from({ length: 500 }, random);
    const own = Uint8Array.from(scores, (score) => (random() < score ? 1 : 0));
    const fitted = fitIsotonic(scores, own);
    const grid = Float64Array.from({ length: 101 }, (_, i) => i / 100);
    const calibrated = calibrate(fitted, grid);
    for (const [i, p] of calibrated.entries()) expect(p).toBeGreaterThanOrEqual(calibrated[i - 1] ?? 0);
    const opposite = fitIsotonic(Float64Array.from([1, 2, 3, 4]), Uint8Array.from([1, 1, 0, 0]));
    expect(calibrate(opposite, Float64Array.from([2.5]))[0]).toBe(0.5);
  });
});

describe('the encoding of a table', () => {
  it('centres numbers, drops the first level and constants, and says what is missing', () => {
    const mixed: FeatureTable = {
      rows: 4,
      columns: [
        { kind: 'number', name: 'n', values: Float64Array.from([1, 3, Number.NaN, 2]) },
        { kind: 'number', name: 'constant', values: new Float64Array(4).fill(7) },
        { kind: 'category', name: 'c', levels: ['z', 'a'], codes: Int32Array.from([0, 1, 0, -1]) },
      ],
    };
    const encoding = fitEncoding(mixed);
    expect(encoding.columns.map((one) => one.name)).toEqual(['n', 'n not known', 'c = z']);
    const { values } = encodeTable(mixed, encoding);
    expect([...values.slice(6, 9)]).toEqual([0, 1, 1]);
  });
});
