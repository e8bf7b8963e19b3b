import type { ConjugateGradientSweep, LeastSquaresSweep } from '../matrices.ts';
import { cholesky, choleskySolve } from './dense.ts';

export function choleskySweep(sweep: LeastSquaresSweep): void {
  const { factors } = sweep;
  const system = new Float32Array(factors * factors);
  const side = new Float32Array(factors);
  for (let row = 0; row < sweep.matrix.rows; row++) {
    const solution = sweep.solved.subarray(row * factors, (row + 1) * factors);
    rightSideInto(sweep, row, side);
    systemInto(sweep, row, system);
    if (!cholesky(system, factors)) {
      throw new Error(`choleskySweep: the system of row ${row} is not positive definite; raise its regularisation`);
    }
    choleskySolve({ n: factors, columns: 1, lower: system, b: side });
    solution.set(side);
  }
}

/** Hestenes and Stiefel (1952), as many steps as asked for or until the residual is nothing. */
export function conjugateGradientSweep(sweep: ConjugateGradientSweep): void {
  const { factors, steps = 3 } = sweep;
  const residual = new Float32Array(factors);
  const direction = new Float32Array(factors);
  const image = new Float32Array(factors);
  for (let row = 0; row < sweep.matrix.rows; row++) {
    const solution = sweep.solved.subarray(row * factors, (row + 1) * factors);
    rightSideInto(sweep, row, residual);
    if (residual.every((value) => value === 0)) {
      solution.fill(0);
      continue;
    }
    applySystem(sweep, row, solution, image);
    for (let f = 0; f < factors; f++) residual[f] -= image[f];
    direction.set(residual);
    let squares = dot(residual, residual);
    for (let step = 0; step < steps && squares > 1e-20; step++) {
      applySystem(sweep, row, direction, image);
      const length = squares / dot(direction, image);
      for (let f = 0; f < factors; f++) {
        solution[f] += length * direction[f];
        residual[f] -= length * image[f];
      }
      const before = squares;
      squares = dot(residual, residual);
      for (let f = 0; f < factors; f++) direction[f] = residual[f] + (squares / before) * direction[f];
    }
  }
}

/** Σ target · y + regularisation · prior. */
function rightSideInto(sweep: LeastSquaresSweep, row: number, side: Float32Array): void {
  const { matrix, targetOf = matrix.weightOf, factors, fixed, prior, regularisation } = sweep;
  for (let f = 0; f < factors; f++) {
    let sum = prior ? regularisation[row] * prior[row * factors + f] : 0;
    for (let at = matrix.offsets[row]; at < matrix.offsets[row + 1]; at++) {
      sum += targetOf[at] * fixed[matrix.columnOf[at] * factors + f];
    }
    side[f] = sum;
  }
}

/** gram + Σ weight · y yᵀ + regularisation · I. */
function systemInto(sweep: LeastSquaresSweep, row: number, system: Float32Array): void {
  const { matrix, factors, fixed, gram, regularisation } = sweep;
  for (let f = 0; f < factors; f++) {
    for (let g = 0; g < factors; g++) {
      let sum = gram[f * factors + g] + (f === g ? regularisation[row] : 0);
      for (let at = matrix.offsets[row]; at < matrix.offsets[row + 1]; at++) {
        const y = matrix.columnOf[at] * factors;
        sum += matrix.weightOf[at] * fixed[y + f] * fixed[y + g];
      }
      system[f * factors + g] = sum;
    }
  }
}

function applySystem(sweep: LeastSquaresSweep, row: number, vector: Float32Array, image: Float32Array): void {
  const { matrix, factors, fixed, gram, regularisation } = sweep;
  for (let f = 0; f < factors; f++) {
    image[f] = regularisation[row] * vector[f] + dot(gram.subarray(f * factors, (f + 1) * factors), vector);
  }
  for (let at = matrix.offsets[row]; at < matrix.offsets[row + 1]; at++) {
    const y = fixed.subarray(matrix.columnOf[at] * factors, (matrix.columnOf[at] + 1) * factors);
    const scale = matrix.weightOf[at] * dot(y, vector);
    for (let f = 0; f < factors; f++) image[f] += scale * y[f];
  }
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let f = 0; f < one.length; f++) sum += one[f] * other[f];
  return sum;
}
