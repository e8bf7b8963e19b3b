import { defaultDevice, init, numpy as np, valueAndGrad } from '@jax-js/jax';
import { beforeAll, describe, expect, it } from 'vitest';
import { normalDraw, seededRandom } from '../numerics/random.ts';
import { computeAutoencoderGradient, drawAutoencoder, encodePoints, fitAutoencoder } from './fit-autoencoder.ts';
import { assignClusters, fitKMeans } from './fit-k-means.ts';
import { computeAdjustedRand } from './judge-clusters.ts';
import { fitPrincipalAxes } from './principal-axes.ts';

type Arrays = { [name: string]: np.Array };
const widths = [5, 4, 2, 4, 5];

describe('the autoencoder', () => {
  beforeAll(async () => {
    await init('cpu');
    defaultDevice('cpu');
  });

  it('has the gradients of automatic differentiation for every parameter', () => {
    const random = seededRandom(3);
    const draw = (length: number) => Float64Array.from({ length }, () => normalDraw(random));
    const model = drawAutoencoder(widths, 2, random);
    for (const bias of model.biases) bias.set(draw(bias.length));
    const [noisy, clean] = [draw(7 * 5), draw(7 * 5)];
    const { loss, gradients } = computeAutoencoderGradient(model, noisy, clean);
    const parameters: Arrays = {};
    const array = (values: Float64Array, shape: number[]) =>
      np.array([...values], { dtype: np.float64 }).reshape(shape);
    model.weights.forEach((weights, layer) => {
      parameters[`weights${layer}`] = array(weights, [widths[layer + 1] ?? 0, widths[layer] ?? 0]);
      parameters[`biases${layer}`] = array(model.biases[layer] ?? new Float64Array(0), [widths[layer + 1] ?? 0]);
    });
    /** The same network written once more as matrices. */
    const lossOf = (by: Arrays): np.Array => {
      let x = array(noisy, [7, 5]);
      for (let layer = 0; layer < 4; layer++) {
        x = np
          .matmul(x, np.transpose((by[`weights${layer}`] as np.Array).ref))
          .add((by[`biases${layer}`] as np.Array).ref);
        if (layer === 0 || layer === 2) x = np.tanh(x);
      }
      return np.mean(np.square(x.sub(array(clean, [7, 5]))));
    };
    const [expectedLoss, expected] = valueAndGrad(lossOf)(parameters) as [np.Array, Arrays];
    expect(loss).toBeCloseTo(Number(expectedLoss.js()), 10);
    for (let layer = 0; layer < 4; layer++) {
      const pairs = [
        [gradients[layer], expected[`weights${layer}`]],
        [gradients[4 + layer], expected[`biases${layer}`]],
      ] as const;
      for (const [own, other] of pairs) {
        const right = (other as np.Array).dataSync();
        for (const [i, value] of (own ?? []).entries())
          expect(Math.abs(value - (right[i] ?? Number.NaN))).toBeLessThan(1e-10);
      }
    }
  });

  it('says a bent line again through one number, better than the best straight line can', () => {
    const random = seededRandom(1);
    const rows = 600;
    const values = new Float64Array(rows * 3);
    for (let row = 0; row < rows; row++) {
      const at = 2 * random() - 1;
      values.set([at * 1.7, 3 * at * at - 1, Math.sin(3 * at) * 1.4], row * 3);
    }
    const points = { rows, dimensions: 3, values };
    const model = fitAutoencoder(points, {
      seed: 4,
      size: 1,
      hidden: [16],
      epochs: 60,
      batch: 32,
      blotted: 0,
      noise: 0.02,
    });
    const straight = fitPrincipalAxes(points, 1);
    let variance = 0;
    const means = straight.means;
    values.forEach((value, i) => {
      variance += (value - (means[i % 3] ?? 0)) ** 2 / values.length;
    });
    expect(model.errors.at(-1)).toBeLessThan(0.3 * variance * (1 - (straight.shares[0] ?? 0)));
    expect(fitAutoencoder(points, { seed: 4, size: 1, hidden: [4], epochs: 2 })).toEqual(
      fitAutoencoder(points, { seed: 4, size: 1, hidden: [4], epochs: 2 }),
    );
  });

  it('keeps apart in the embedding what lives in different columns', () => {
    const random = seededRandom(9);
    const [rows, dimensions] = [300, 12];
    const truth = Uint32Array.from({ length: rows }, (_, row) => row % 3);
    const values = Float64Array.from({ length: rows * dimensions }, (_, i) => {
      const [row, d] = [Math.floor(i / dimensions), i % dimensions];
      return normalDraw(random) * 0.6 + (Math.floor(d / 4) === row % 3 ? 1.5 : -0.5);
    });
    const points = { rows, dimensions, values };
    const embedded = encodePoints(fitAutoencoder(points, { seed: 2, size: 3, epochs: 25 }), points);
    expect(embedded).toMatchObject({ rows, dimensions: 3 });
    const found = assignClusters(fitKMeans(embedded, { k: 3, seed: 1 }), embedded);
    expect(computeAdjustedRand(found, truth)).toBeGreaterThan(0.9);
  });

  it('names what it cannot learn', () => {
    const points = { rows: 2, dimensions: 1, values: Float64Array.of(1, 2) };
    expect(() => fitAutoencoder(points, { seed: 1, size: 0 })).toThrow(/widths must be positive integers, got 0/);
    const model = fitAutoencoder(points, { seed: 1, size: 1, epochs: 1 });
    expect(() => encodePoints(model, { ...points, dimensions: 2, rows: 1 })).toThrow(/takes 1 columns, got 2/);
  });
});
