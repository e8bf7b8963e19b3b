/** Row-major matrix product. Axes are named by what they count; nothing is padded. */
export type Gemm = {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** m × k, or k × m when `transposeA`. */
  readonly a: Float32Array;
  /** k × n, or n × k when `transposeB`. */
  readonly b: Float32Array;
  /** m × n; read only when beta is not 0. */
  readonly c: Float32Array;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly alpha?: number;
  readonly beta?: number;
};

export type Syrk = {
  readonly n: number;
  readonly k: number;
  /** k × n: k observations of n things. */
  readonly a: Float32Array;
  /** n × n, both triangles written; read only when beta is not 0, and then taken for symmetric. */
  readonly c: Float32Array;
  readonly alpha?: number;
  readonly beta?: number;
};

export type CholeskySolve = {
  readonly n: number;
  /** n × columns right-hand sides, replaced by the solutions. */
  readonly columns: number;
  /** n × n, the lower triangle as `cholesky` left it. */
  readonly lower: Float32Array;
  readonly b: Float32Array;
};

/** Compressed sparse rows. Row r is `[offsets[r], offsets[r + 1])`; columns of a row need not ascend but stand there once. */
export type SparseMatrix = {
  readonly rows: number;
  readonly columns: number;
  /** Length rows + 1. */
  readonly offsets: Uint32Array;
  readonly columnOf: Uint32Array;
  readonly weightOf: Float32Array;
};

export type SparseTimesDense = {
  readonly matrix: SparseMatrix;
  /** Columns of `dense` and of `c`. */
  readonly width: number;
  /** matrix.columns × width, or matrix.rows × width when `transpose`. */
  readonly dense: Float32Array;
  /** matrix.rows × width, or matrix.columns × width when `transpose`. */
  readonly c: Float32Array;
  /** Multiplies by the transpose. It is built anew in each call: who calls often passes `transposeSparse(matrix)` instead. */
  readonly transpose?: boolean;
  readonly alpha?: number;
  readonly beta?: number;
};

export type SparseProductTopK = {
  /** rows × inner. */
  readonly left: SparseMatrix;
  /** inner × columns. */
  readonly right: SparseMatrix;
  /** Kept per row. */
  readonly k: number;
  /** The product is divided by rowNorm[i] · columnNorm[j] + shrinkage; 1 where absent. */
  readonly rowNorm?: Float32Array;
  readonly columnNorm?: Float32Array;
  readonly shrinkage?: number;
  /** Leaves out (i, i). */
  readonly skipDiagonal?: boolean;
};

export type ScoreTopK = {
  readonly rows: number;
  readonly columns: number;
  readonly factors: number;
  /** rows × factors. */
  readonly left: Float32Array;
  /** columns × factors. */
  readonly right: Float32Array;
  readonly k: number;
  /** Added to each column's score. */
  readonly columnBias?: Float32Array;
  /** Columns that row r must not get: CSR without values, ascending in each row. */
  readonly exclude?: { readonly offsets: Uint32Array; readonly columnOf: Uint32Array };
};

export type RowTopK = {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns. -Infinity and NaN are never taken. */
  readonly scores: Float32Array;
  readonly k: number;
};

/** Row r holds `count[r]` entries from r · k on, largest score first, equal scores by smaller column; the rest is `noColumn` and -Infinity. */
export type TopKRows = {
  readonly k: number;
  readonly column: Uint32Array;
  readonly score: Float32Array;
  readonly count: Uint32Array;
};

/** Marks an empty place in `TopKRows.column`. */
export const noColumn = 0xffffffff;

/**
 * One half of alternating least squares with implicit feedback: every row of `solved` minimises
 * Σ over its entries of weightOf · (x·y)² − 2 · targetOf · (x·y), plus xᵀ gram x, plus regularisation[row] · |x − prior[row]|².
 * So x = (gram + Σ weight · y yᵀ + regularisation · I)⁻¹ (Σ target · y + regularisation · prior).
 * With unobserved weight a0: gram = a0 · fixedᵀ fixed, weight = target = 1 (Rendle et al. 2022). With confidence 1 + αr:
 * gram = fixedᵀ fixed, weight = αr, target = 1 + αr (Hu, Koren, Volinsky 2008).
 */
export type LeastSquaresSweep = {
  readonly matrix: SparseMatrix;
  /** Parallel to matrix.weightOf; the same when absent. */
  readonly targetOf?: Float32Array;
  readonly factors: number;
  /** matrix.columns × factors. */
  readonly fixed: Float32Array;
  /** factors × factors, symmetric. */
  readonly gram: Float32Array;
  /** One per row; must make the system positive definite. */
  readonly regularisation: Float32Array;
  /** matrix.rows × factors; zero when absent. */
  readonly prior?: Float32Array;
  /** matrix.rows × factors: result; conjugate gradients start from what stands there. Rows without entries and prior become 0. */
  readonly solved: Float32Array;
};

export type ConjugateGradientSweep = LeastSquaresSweep & {
  /** Steps per row; 3 from a warm start are as good as the exact solution in practice (Takács et al. 2011). */
  readonly steps?: number;
};

export type RowDots = {
  readonly rows: number;
  readonly size: number;
  /** rows × size. */
  readonly matrix: Float32Array;
  /** One vector of `size`, or rows × size: then row by row. */
  readonly by: Float32Array;
  /** Length rows. */
  readonly output: Float32Array;
};

export type RowDotsInt8 = {
  readonly rows: number;
  readonly size: number;
  /** rows × size, -127 to 127. */
  readonly matrix: Int8Array;
  readonly by: Int8Array;
  /** What 1 means in each row of the matrix, times what 1 means in `by`. */
  readonly scale: Float32Array;
  readonly output: Float32Array;
};

export type NearestCentre = {
  readonly points: number;
  readonly centres: number;
  readonly size: number;
  /** points × size. */
  readonly point: Float32Array;
  /** centres × size. */
  readonly centre: Float32Array;
  /** Written: the nearest centre (smaller index when equal) and the squared distance to it. */
  readonly nearest: Uint32Array;
  readonly distance: Float32Array;
};
