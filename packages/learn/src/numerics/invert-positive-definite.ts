/**
 * Inverse of a symmetric positive definite matrix by Cholesky; undefined when it is not one, so that a flat likelihood is
 * noticed and not divided by.
 * @param matrix n × n, row by row. Cost: O(n³).
 */
export function invertPositiveDefinite(matrix: Float64Array, n: number): Float64Array | undefined {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
      if (i !== j) lower[i * n + j] = sum / lower[j * n + j];
      else if (sum > 1e-12 * Math.abs(matrix[i * n + i])) lower[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let unit = 0; unit < n; unit++) {
    for (let i = 0; i < n; i++) {
      let sum = i === unit ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= lower[i * n + k] * column[k];
      column[i] = sum / lower[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = column[i];
      for (let k = i + 1; k < n; k++) sum -= lower[k * n + i] * inverse[k * n + unit];
      inverse[i * n + unit] = sum / lower[i * n + i];
    }
  }
  return inverse;
}
