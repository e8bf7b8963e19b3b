import { describe, expect, it } from 'vitest';
import type { Kernels } from './kernels.ts';
import { noColumn } from './matrices.ts';
import { openReferenceKernels } from './reference/open-reference-kernels.ts';
import { near, seeded } from './testing.ts';

/** What networks are made of: every implementation passes this. Gradients are held against differences of the forward pass. */
export function testLayerKernels(name: string, open: () => Kernels): void {
  describe(`${name} on layers`, () => {
    it.each([
      { batch: 2, heads: 1, length: 5, headSize: 4 },
      { batch: 3, heads: 2, length: 13, headSize: 8 },
      { batch: 1, heads: 3, length: 50, headSize: 20 },
      { batch: 2, heads: 1, length: 1, headSize: 3 },
    ])('attends as the reference does: $batch × $heads heads × $length × $headSize', (shape) => {
      using kernels = open();
      using reference = openReferenceKernels();
      for (const dropout of [undefined, { rate: 0.3, seed: 77 }]) {
        const attention = { ...anAttention(shape), dropout };
        const [ours, expected] = [attend(kernels, attention), attend(reference, attention)];
        near(ours.weights, expected.weights);
        near(ours.output, expected.output);
        near(ours.queryGradient, expected.queryGradient, 1e-4);
        near(ours.keyGradient, expected.keyGradient, 1e-4);
        near(ours.valueGradient, expected.valueGradient, 1e-4);
      }
    });

    it('looks at nothing that comes later, and at no padding', () => {
      using kernels = open();
      const shape = { batch: 1, heads: 1, length: 6, headSize: 4 };
      const attention = { ...anAttention(shape), start: Uint32Array.of(2) };
      const before = attend(kernels, attention).output;
      expect(before.subarray(0, 8).every((value) => value === 0)).toBe(true);
      for (const array of [attention.query, attention.key, attention.value]) {
        array.fill(5, 0, 8);
        array.fill(5, 20);
      }
      near(attend(kernels, attention).output.subarray(8, 20), before.subarray(8, 20));
    });

    it('gives each position weights that add up to 1', () => {
      using kernels = open();
      const { weights } = attend(kernels, {
        ...anAttention({ batch: 1, heads: 1, length: 20, headSize: 8 }),
        start: undefined,
      });
      for (let i = 0; i < 20; i++) {
        expect(weights.subarray(i * 20, (i + 1) * 20).reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
      }
    });

    it('has attention gradients that are the slopes of the output', () => {
      using kernels = open();
      const attention = {
        ...anAttention({ batch: 2, heads: 2, length: 7, headSize: 4 }),
        dropout: { rate: 0.2, seed: 5 },
      };
      const { queryGradient, keyGradient, valueGradient } = attend(kernels, attention);
      const loss = () => weigh(attend(kernels, attention).output, attention.outputGradient);
      slopes(attention.query, queryGradient, loss);
      slopes(attention.key, keyGradient, loss);
      slopes(attention.value, valueGradient, loss);
    });

    it.each([3, 16, 65])(
      'normalises rows of %i to mean 0 and deviation 1, with gradients that are its slopes',
      (size) => {
        using kernels = open();
        const random = seeded(size);
        const rows = 300;
        const input = random.float32(rows * size).map((value) => 3 * value + 1);
        const [gain, bias] = [new Float32Array(size).fill(1), new Float32Array(size)];
        const [mean, inverseDeviation] = [new Float32Array(rows), new Float32Array(rows)];
        const output = new Float32Array(rows * size);
        const forward = () =>
          kernels.layerNormForward({ rows, size, input, gain, bias, output, mean, inverseDeviation });
        forward();
        for (let row = 0; row < rows; row += 50) {
          const line = output.subarray(row * size, (row + 1) * size);
          expect(line.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4);
          expect(line.reduce((sum, value) => sum + value ** 2, 0) / size).toBeCloseTo(1, 2);
        }
        gain.set(random.float32(size));
        bias.set(random.float32(size));
        const outputGradient = random.float32(rows * size);
        const [inputGradient, gainGradient, biasGradient] = [rows * size, size, size].map((n) => new Float32Array(n));
        forward();
        const norm = { rows, size, input, gain, mean, inverseDeviation, outputGradient };
        kernels.layerNormBackward({ ...norm, inputGradient, gainGradient, biasGradient });
        const loss = () => {
          forward();
          return weigh(output, outputGradient);
        };
        slopes(input, inputGradient, loss);
        slopes(gain, gainGradient, loss);
        slopes(bias, biasGradient, loss);
      },
    );

    it.each(['none', 'relu', 'gelu'] as const)(
      'adds a bias and applies %s, with gradients that are its slopes',
      (activation) => {
        using kernels = open();
        const random = seeded(11);
        const [rows, size] = [270, 13];
        const [start, bias, outputGradient] = [rows * size, size, rows * size].map(random.float32);
        const [values, output] = [new Float32Array(rows * size), new Float32Array(rows * size)];
        const forward = () => {
          values.set(start);
          kernels.biasActivation({ rows, size, values, bias, activation, output });
        };
        forward();
        const expected = Float32Array.from(start, (value, at) => activated(activation, value + bias[at % size]));
        near(output, expected);
        const [inputGradient, biasGradient] = [new Float32Array(rows * size), new Float32Array(size)];
        const layer = { rows, size, values, activation, outputGradient, inputGradient, biasGradient };
        kernels.biasActivationBackward(layer);
        const loss = () => {
          forward();
          return weigh(output, outputGradient);
        };
        slopes(start, inputGradient, loss, 1e-3);
        slopes(bias, biasGradient, loss, 1e-3);
      },
    );

    it('drops the share it was told, scales the rest, and the same for the same seed', () => {
      using kernels = open();
      const values = new Float32Array(10_001).fill(1);
      const again = values.slice();
      kernels.dropout(values, { rate: 0.25, seed: 3 });
      kernels.dropout(again, { rate: 0.25, seed: 3 });
      expect(again).toEqual(values);
      expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
      const dropped = values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) / values.length;
      expect(Math.abs(dropped - 0.25)).toBeLessThan(3 * Math.sqrt((0.25 * 0.75) / values.length));
      const other = new Float32Array(10_001).fill(1);
      kernels.dropout(other, { rate: 0.25, seed: 4 });
      expect(other).not.toEqual(values);
    });

    it('takes rows out of a table and adds them back', () => {
      using kernels = open();
      const random = seeded(12);
      const table = random.float32(9 * 5);
      const index = Uint32Array.of(3, 3, noColumn, 8);
      const values = new Float32Array(4 * 5).fill(7);
      kernels.gatherRows({ rows: 4, size: 5, table, index, values, scale: 2 });
      near(
        values.subarray(0, 5),
        table.subarray(15, 20).map((value) => 2 * value),
      );
      expect(values.subarray(10, 15).every((value) => value === 0)).toBe(true);
      const sums = new Float32Array(9 * 5);
      kernels.scatterAddRows({ rows: 4, size: 5, table: sums, index, values, scale: 0.5 });
      near(
        sums.subarray(15, 20),
        table.subarray(15, 20).map((value) => 2 * value),
      );
      expect(() => kernels.gatherRows({ rows: 4, size: 5, table, index: Uint32Array.of(0, 1, 9, 2), values })).toThrow(
        'gatherRows: index 2 must be below the table’s 9 rows, got 9',
      );
    });

    it('adds rows scaled one by one', () => {
      using kernels = open();
      const [target, source] = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 1, 1, 2, 2, 2)];
      kernels.addScaledRows(target, source, Float32Array.of(2, -1), 3);
      expect([...target]).toEqual([3, 4, 5, 2, 3, 4]);
    });

    it('costs ln n when all are equal, and has a gradient that is its slope', () => {
      using kernels = open();
      const random = seeded(13);
      const [rows, columns] = [37, 21];
      const target = random.integers(rows, columns);
      const weight = random.float32(rows).map((value, row) => (row % 5 === 0 ? 0 : Math.abs(value)));
      const zeros = new Float32Array(rows * columns);
      expect(kernels.softmaxLoss({ rows, columns, logits: zeros, target })).toBeCloseTo(rows * Math.log(columns), 3);
      const start = random.float32(rows * columns).map((value) => 3 * value);
      const gradient = start.slice();
      kernels.softmaxLoss({ rows, columns, logits: gradient, target, weight });
      slopes(start, gradient, () => kernels.softmaxLoss({ rows, columns, logits: start.slice(), target, weight }));
    });

    it('costs, against all others as negatives, what the whole softmax costs', () => {
      using kernels = open();
      const random = seeded(14);
      const [rows, columns] = [19, 30];
      const target = random.integers(rows, columns);
      const weight = random.float32(rows).map(Math.abs);
      const logits = random.float32(rows * columns);
      const whole = logits.slice();
      const loss = kernels.softmaxLoss({ rows, columns, logits: whole, target, weight });
      // Every column is a negative; the right one is left out of its row, and stands apart.
      const positive = Float32Array.from(target, (column, row) => logits[row * columns + column]);
      const negatives = logits.slice();
      const sampled = kernels.sampledSoftmaxLoss({
        rows,
        negatives: columns,
        positive,
        logits: negatives,
        positiveOf: target,
        negativeOf: Uint32Array.from({ length: columns }, (_, column) => column),
        weight,
      });
      expect(sampled).toBeCloseTo(loss, 3);
      near(
        positive,
        Float32Array.from(target, (column, row) => whole[row * columns + column]),
        1e-4,
      );
      for (let row = 0; row < rows; row++) {
        expect(negatives[row * columns + target[row]]).toBe(0);
        whole[row * columns + target[row]] = 0;
      }
      near(negatives, whole, 1e-4);
    });

    it('steps as Adam does: by the learning rate at first, whatever the gradient', () => {
      using kernels = open();
      using reference = openReferenceKernels();
      const random = seeded(15);
      const gradients = random.float32(1003);
      const parameters = new Float32Array(1003);
      const [first, second] = [new Float32Array(1003), new Float32Array(1003)];
      kernels.adam({ parameters, gradients, first, second, step: 1, learningRate: 0.01 });
      near(
        parameters,
        gradients.map((value) => -0.01 * Math.sign(value)),
        1e-4,
      );
      const theirs = { parameters: parameters.slice(), first: first.slice(), second: second.slice() };
      for (let step = 2; step < 6; step++) {
        const options = { gradients: random.float32(1003), step, learningRate: 0.1, weightDecay: 0.01 };
        kernels.adam({ ...options, parameters, first, second });
        reference.adam({ ...options, ...theirs });
      }
      near(parameters, theirs.parameters, 1e-4);
      near(second, theirs.second, 1e-4);
    });
  });
}

type Shape = { readonly batch: number; readonly heads: number; readonly length: number; readonly headSize: number };

function anAttention(shape: Shape) {
  const random = seeded(shape.length * shape.headSize);
  const size = shape.batch * shape.length * shape.heads * shape.headSize;
  const [query, key, value, outputGradient] = [size, size, size, size].map(random.float32);
  const start = random.integers(shape.batch, shape.length);
  return { ...shape, query, key, value, outputGradient, start: start as Uint32Array | undefined };
}

function attend(
  kernels: Kernels,
  attention: ReturnType<typeof anAttention> & { dropout?: { rate: number; seed: number } },
) {
  const { batch, heads, length, query } = attention;
  const weights = new Float32Array(batch * heads * length * length).fill(9);
  const [output, queryGradient, keyGradient, valueGradient] = [0, 1, 2, 3].map(() =>
    new Float32Array(query.length).fill(9),
  );
  kernels.attentionForward({ ...attention, weights, output });
  kernels.attentionBackward({ ...attention, weights, queryGradient, keyGradient, valueGradient });
  return { weights, output, queryGradient, keyGradient, valueGradient };
}

function activated(activation: 'none' | 'relu' | 'gelu', x: number): number {
  if (activation === 'none') return x;
  if (activation === 'relu') return Math.max(0, x);
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function weigh(values: Float32Array, by: Float32Array): number {
  return values.reduce((sum, value, at) => sum + value * by[at], 0);
}

/** Central differences at some of the places. */
function slopes(values: Float32Array, gradient: Float32Array, loss: () => number, step = 1e-2): void {
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let at = 0; at < values.length; at += Math.ceil(values.length / 12)) {
    const value = values[at];
    values[at] = value + step;
    const above = loss();
    values[at] = value - step;
    const below = loss();
    values[at] = value;
    expect(Math.abs((above - below) / (2 * step) - gradient[at]), `place ${at}`).toBeLessThan(0.03 * largest + 2e-3);
  }
}
