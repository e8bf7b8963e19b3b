import type { CholeskySolve, Gemm, NearestCentre, RowDots, RowDotsInt8, Syrk } from '../matrices.ts';

export function gemm({ m, n, k, a, b, c, transposeA = false, transposeB = false, alpha = 1, beta = 0 }: Gemm): void {
  const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
  const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
  const sums = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    sums.fill(0);
    for (let l = 0; l < k; l++) {
      const factor = a[i * aRow + l * aColumn];
      for (let j = 0; j < n; j++) sums[j] += factor * b[l * bRow + j * bColumn];
    }
    for (let j = 0; j < n; j++) c[i * n + j] = alpha * sums[j] + (beta === 0 ? 0 : beta * c[i * n + j]);
  }
}

export function syrk({ n, k, a, c, alpha = 1, beta = 0 }: Syrk): void {
  gemm({ m: n, n, k, a, b: a, c, transposeA: true, alpha, beta });
}

export function cholesky(matrix: Float32Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let l = 0; l < j; l++) sum -= matrix[i * n + l] * matrix[j * n + l];
      if (i === j && !(sum > 0)) return false;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j];
    }
  }
  return true;
}

export function choleskySolve({ n, columns, lower, b }: CholeskySolve): void {
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < n; i++) {
      let sum = b[i * columns + column];
      for (let l = 0; l < i; l++) sum -= lower[i * n + l] * b[l * columns + column];
      b[i * columns + column] = sum / lower[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = b[i * columns + column];
      for (let l = i + 1; l < n; l++) sum -= lower[l * n + i] * b[l * columns + column];
      b[i * columns + column] = sum / lower[i * n + i];
    }
  }
}

export function invertPositiveDefinite(matrix: Float32Array, n: number): boolean {
  if (!cholesky(matrix, n)) return false;
  const inverse = new Float32Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  choleskySolve({ n, columns: n, lower: matrix, b: inverse });
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = (inverse[i * n + j] + inverse[j * n + i]) / 2;
  }
  return true;
}

export function rowDots({ rows, size, matrix, by, output }: RowDots): void {
  const step = by.length === size ? 0 : size;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let l = 0; l < size; l++) sum += matrix[row * size + l] * by[row * step + l];
    output[row] = sum;
  }
}

export function rowDotsInt8({ rows, size, matrix, by, scale, output }: RowDotsInt8): void {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let l = 0; l < size; l++) sum += matrix[row * size + l] * by[l];
    output[row] = sum * scale[row];
  }
}

export function nearestCentres({ points, centres, size, point, centre, nearest, distance }: NearestCentre): number {
  let total = 0;
  for (let p = 0; p < points; p++) {
    let best = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centres; c++) {
      let squares = 0;
      for (let l = 0; l < size; l++) squares += (point[p * size + l] - centre[c * size + l]) ** 2;
      if (squares < best) {
        best = squares;
        nearest[p] = c;
      }
    }
    distance[p] = best;
    total += best;
  }
  return total;
}
