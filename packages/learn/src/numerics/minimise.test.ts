import { describe, expect, it } from 'vitest';
import { invertPositiveDefinite } from './invert-positive-definite.ts';
import { minimise } from './minimise.ts';
import { minimiseSimplex } from './minimise-simplex.ts';

const rosenbrock = (point: Float64Array, gradient: Float64Array): number => {
  const [x, y] = point;
  gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  gradient[1] = 200 * (y - x * x);
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
};

describe('minimise', () => {
  it('walks down the curved valley of Rosenbrock and says how', () => {
    const { point, value, report } = minimise(rosenbrock, [-1.2, 1]);
    expect(point[0]).toBeCloseTo(1, 6);
    expect(point[1]).toBeCloseTo(1, 6);
    expect(value).toBeLessThan(1e-12);
    expect(report.converged).toBe(true);
    expect(report.evaluations).toBeLessThan(120);
  });

  it('stops at a bound when the slope points through it, and names the coordinate', () => {
    const slope = (point: Float64Array, gradient: Float64Array) => {
      gradient[0] = -1;
      gradient[1] = 2 * (point[1] - 3);
      return -point[0] + (point[1] - 3) ** 2;
    };
    const { point, report } = minimise(slope, [0, 0], { bound: 5 });
    expect(point[0]).toBe(5);
    expect(point[1]).toBeCloseTo(3, 6);
    expect(report).toMatchObject({ converged: true, atBound: [0] });
  });

  it('steps back from places where the function is not a number', () => {
    const onlyAbove = (point: Float64Array, gradient: Float64Array) => {
      gradient[0] = 1 - 1 / point[0];
      return point[0] - Math.log(point[0]); // NaN below zero
    };
    expect(minimise(onlyAbove, [4]).point[0]).toBeCloseTo(1, 6);
  });

  it('reports that it did not arrive instead of throwing', () => {
    expect(minimise(rosenbrock, [-1.2, 1], { iterationsMax: 3 }).report).toMatchObject({
      converged: false,
      reason: 'iterations',
    });
    const { report } = minimise(() => Number.NaN, [1]);
    expect(report.converged).toBe(false);
  });

  it('finds the same without slopes by the simplex', () => {
    const { point, report } = minimiseSimplex((at) => rosenbrock(at, new Float64Array(2)), [-1.2, 1]);
    expect(point[0]).toBeCloseTo(1, 4);
    expect(point[1]).toBeCloseTo(1, 4);
    expect(report.converged).toBe(true);
  });
});

describe('invertPositiveDefinite', () => {
  it('gives the identity back when multiplied by the matrix', () => {
    const matrix = Float64Array.of(4, 2, 0.6, 2, 5, -1, 0.6, -1, 3);
    const inverse = invertPositiveDefinite(matrix, 3) ?? new Float64Array(9);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const entry = [0, 1, 2].reduce((sum, k) => sum + matrix[i * 3 + k] * inverse[k * 3 + j], 0);
        expect(entry).toBeCloseTo(i === j ? 1 : 0, 13);
      }
    }
  });

  it('has no answer for a matrix that is flat or bent the wrong way somewhere', () => {
    expect(invertPositiveDefinite(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined();
    expect(invertPositiveDefinite(Float64Array.of(1, 0, 0, -1), 2)).toBeUndefined();
  });
});
