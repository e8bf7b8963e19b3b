import { openReferenceKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { buildInteractions, historyOf } from './interactions.ts';
import { simulateTastes } from './simulate-tastes.fixture.ts';
import { topK } from './top-k.ts';
import { fitTruncatedSvd, svdFactors } from './truncated-svd-factors.ts';

const tools = { kernels: openReferenceKernels(), seed: 4 };
const { interactions, groupOf } = simulateTastes({ users: 60, items: 40, groups: 4, perUser: 9, seed: 3 });
const model = fitTruncatedSvd({ interactions }, { factors: 5 }, tools);

describe('factors from a truncated decomposition', () => {
  it('have the singular values that one-sided Jacobi rotations find', () => {
    const exact = jacobiSingularValues(dense(), 60, 40);
    model.singularValues.forEach((value, at) => {
      expect(value).toBeCloseTo(exact[at], 4);
    });
  });

  it('leave exactly what the other singular values hold (Eckart and Young)', () => {
    const matrix = dense();
    const exact = jacobiSingularValues(matrix, 60, 40);
    let left = 0;
    for (let user = 0; user < 60; user++) {
      for (let item = 0; item < 40; item++) {
        let value = 0;
        for (let f = 0; f < 5; f++) value += model.userFactors[user * 5 + f] * model.itemFactors[item * 5 + f];
        left += (matrix[user * 40 + item] - value) ** 2;
      }
    }
    const others = exact.slice(5).reduce((sum, value) => sum + value ** 2, 0);
    expect(left / others).toBeCloseTo(1, 4);
  });

  it('share the singular values evenly between people and items', () => {
    for (const [rows, count] of [
      [model.userFactors, 60],
      [model.itemFactors, 40],
    ] as const) {
      for (let f = 0; f < 5; f++) {
        for (let g = 0; g < 5; g++) {
          let dot = 0;
          for (let row = 0; row < count; row++) dot += rows[row * 5 + f] * rows[row * 5 + g];
          expect(dot).toBeCloseTo(f === g ? model.singularValues[f] : 0, 3);
        }
      }
    }
  });

  it('score somebody from the training data by their own factors, and explain it by shares that add up', () => {
    const history = historyOf({ interactions }, 8);
    const scores = new Float32Array(40);
    svdFactors.scoreInto(model, history, scores);
    for (const item of topK(scores, 4)) {
      let own = 0;
      for (let f = 0; f < 5; f++) own += model.userFactors[8 * 5 + f] * model.itemFactors[item * 5 + f];
      expect(scores[item]).toBeCloseTo(own, 4);
      const shares = svdFactors.explain?.(model, history, item) ?? [];
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(scores[item], 4);
    }
  });

  it('rank many as they score one, and name items of the same group as similar', () => {
    const histories = [0, 1, 2, 3, 4, 5].map((user) => historyOf({ interactions }, user));
    const exclude = { offsets: new Uint32Array(7), columnOf: new Uint32Array(0) };
    const lists = svdFactors.rankMany?.(model, histories, { k: 5, exclude }, tools.kernels);
    const scores = new Float32Array(40);
    histories.forEach((history, row) => {
      svdFactors.scoreInto(model, history, scores);
      expect([...(lists?.column.subarray(row * 5, row * 5 + 5) ?? [])]).toEqual([...topK(scores, 5)]);
    });
    expect([...(svdFactors.similar?.(model, 1, 3).item ?? [])].map((item) => groupOf[item])).toEqual([1, 1, 1]);
  });

  it('survive a matrix of nothing', () => {
    const empty = fitTruncatedSvd({ interactions: buildInteractions(2, 3, { user: [], item: [] }) }, {}, tools);
    const scores = new Float32Array(3).fill(1);
    svdFactors.scoreInto(empty, { item: [0], weight: [1] }, scores);
    expect([...scores]).toEqual([0, 0, 0]);
  });
});

function dense(): Float64Array {
  const matrix = new Float64Array(60 * 40);
  for (let user = 0; user < 60; user++) {
    for (let at = interactions.offsets[user]; at < interactions.offsets[user + 1]; at++) {
      matrix[user * 40 + interactions.itemOf[at]] = interactions.weightOf[at];
    }
  }
  return matrix;
}

/** Rotates pairs of columns until all are orthogonal: their lengths are the singular values (Hestenes 1958). */
function jacobiSingularValues(input: Float64Array, rows: number, columns: number): number[] {
  const matrix = input.slice();
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < columns; p++) {
      for (let q = p + 1; q < columns; q++) {
        let [pp, qq, pq] = [0, 0, 0];
        for (let row = 0; row < rows; row++) {
          const [x, y] = [matrix[row * columns + p], matrix[row * columns + q]];
          pp += x * x;
          qq += y * y;
          pq += x * y;
        }
        if (pq === 0) continue;
        const zeta = (qq - pp) / (2 * pq);
        const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const cosine = 1 / Math.sqrt(1 + tangent * tangent);
        for (let row = 0; row < rows; row++) {
          const [x, y] = [matrix[row * columns + p], matrix[row * columns + q]];
          matrix[row * columns + p] = cosine * (x - tangent * y);
          matrix[row * columns + q] = cosine * (tangent * x + y);
        }
      }
    }
  }
  return Array.from({ length: columns }, (_, column) => {
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += matrix[row * columns + column] ** 2;
    return Math.sqrt(squares);
  }).sort((a, b) => b - a);
}
