import { spawnSync } from 'node:child_process';
import type { Kernels } from './kernels.ts';
import type { SparseMatrix } from './matrices.ts';
import { openReferenceKernels } from './reference/open-reference-kernels.ts';
import { transposeSparse } from './reference/sparse.ts';
import { seeded } from './testing.ts';
import { openKernels } from './wasm/open-kernels.ts';

type Measurement = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: number;
  readonly ratio?: number;
  readonly bound?: string;
  readonly passed?: boolean;
};

/** m × n by inner k, and what is asked of it in GFLOP per CPU second; `turned` multiplies by the transpose of a, as gradients do. */
const shapes = [
  { m: 1024, n: 1024, k: 1024, least: 27 },
  { m: 6400, n: 64, k: 64, least: 27 },
  { m: 6400, n: 256, k: 64, least: 27 },
  { m: 96, n: 40_960, k: 64, least: 20 },
  { m: 64, n: 64, k: 6400, least: 15, turned: true },
];

/** CPU seconds over all threads. Each shape beside the same product in plain TypeScript, and in NumPy where there is one. */
export function benchKernels(): Measurement[] {
  using kernels = openKernels({ threads: 2 });
  return [
    ...productMeasurements(kernels),
    ...leastSquaresMeasurements(kernels),
    inverseMeasurement(kernels),
    rankingMeasurement(kernels),
    attentionMeasurement(kernels),
  ];
}

function productMeasurements(kernels: Kernels): Measurement[] {
  const numpy = numpySpeeds();
  const plain = referenceSpeed();
  return shapes.flatMap(({ m, n, k, least, turned }, at) => {
    const value = kernels.scope(() => {
      const [a, b, c] = [m * k, k * n, m * n].map((length) => kernels.float32(length).fill(0.5));
      const calls = Math.ceil(2e9 / (2 * m * n * k));
      const work = () => kernels.gemm({ m, n, k, a, b, c, transposeA: turned });
      return (2 * m * n * k) / cpuSeconds(work, calls) / 1e9;
    });
    const name = `kernels: product ${m} × ${n} by ${k}${turned ? ', left side transposed' : ''}`;
    const ours = bounded({ name, value, unit: 'GFLOP per CPU second' }, value >= least, `at least ${least}`);
    const theirs = numpy[at];
    return [
      { ...ours, baseline: plain, ratio: value / plain },
      ...(theirs
        ? [{ name: `${name}, beside NumPy`, value, unit: 'GFLOP/s', baseline: theirs, ratio: value / theirs }]
        : []),
    ];
  });
}

function referenceSpeed(): number {
  const reference = openReferenceKernels();
  const [a, b, c] = [0, 1, 2].map(() => new Float32Array(200 ** 2).fill(0.5));
  return (2 * 200 ** 3) / cpuSeconds(() => reference.gemm({ m: 200, n: 200, k: 200, a, b, c }), 5) / 1e9;
}

/** The same shapes in NumPy on one thread; nothing where there is none. */
function numpySpeeds(): (number | undefined)[] {
  const script = `
import time, json, numpy as np
speeds = []
for m, n, k in ${JSON.stringify(shapes.map(({ m, n, k }) => [m, n, k]))}:
    a, b = np.full((m, k), .5, np.float32), np.full((k, n), .5, np.float32)
    calls = max(3, int(2e9 / (2 * m * n * k)))
    a @ b
    start = time.process_time()
    for _ in range(calls): a @ b
    speeds.append(2 * m * n * k * calls / (time.process_time() - start) / 1e9)
print(json.dumps(speeds))`;
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OMP_NUM_THREADS: '1' };
  const run = spawnSync('python3', ['-c', script], { encoding: 'utf8', env });
  return run.status === 0 ? JSON.parse(run.stdout) : [];
}

/** One iteration, both sides, on data of the size of MovieLens-1M: 6,000 people, 3,000 items, 800,000 entries of uneven popularity. */
function leastSquaresMeasurements(kernels: Kernels): Measurement[] {
  const people = unevenEntries(6000, 3000, 133);
  const items = transposeSparse(people);
  return [
    { factors: 64, method: 'conjugateGradientSweep' as const, most: 0.23 },
    { factors: 256, method: 'conjugateGradientSweep' as const, most: 1.3 },
    { factors: 64, method: 'choleskySweep' as const, most: 0.6 },
  ].map(({ factors, method, most }) => {
    const value = kernels.scope(() => {
      const [personFactors, itemFactors] = [people.rows, items.rows].map((rows) => kernels.float32(rows * factors));
      itemFactors.set(seeded(1).float32(itemFactors.length));
      const gram = kernels.float32(factors * factors);
      const half = (matrix: SparseMatrix, fixed: Float32Array, solved: Float32Array) => {
        kernels.syrk({ n: factors, k: matrix.columns, a: fixed, c: gram, alpha: 0.3 });
        const regularisation = new Float32Array(matrix.rows).fill(5);
        kernels[method]({ matrix, factors, fixed, gram, regularisation, solved });
      };
      const iteration = () => {
        half(people, itemFactors, personFactors);
        half(items, personFactors, itemFactors);
      };
      return cpuSeconds(iteration, 1);
    });
    const how = method === 'choleskySweep' ? 'exact' : 'conjugate gradients';
    const name = `kernels: least squares, 800,000 entries, ${factors} factors, ${how}, one iteration`;
    return bounded({ name, value, unit: 'CPU s' }, value <= most, `at most ${most}`);
  });
}

function unevenEntries(rows: number, columns: number, perRow: number) {
  const { next } = seeded(2);
  const offsets = new Uint32Array(rows + 1);
  const columnOf: number[] = [];
  for (let row = 0; row < rows; row++) {
    const taken = new Set<number>();
    while (taken.size < perRow) taken.add(Math.floor(columns * next() ** 2));
    columnOf.push(...[...taken].sort((a, b) => a - b));
    offsets[row + 1] = columnOf.length;
  }
  const weightOf = new Float32Array(columnOf.length).fill(1);
  return { rows, columns, offsets, columnOf: Uint32Array.from(columnOf), weightOf };
}

function inverseMeasurement(kernels: Kernels): Measurement {
  const n = 3000;
  const value = kernels.scope(() => {
    const matrix = kernels.float32(n * n);
    kernels.syrk({ n, k: 100, a: seeded(3).float32(n * 100), c: matrix });
    for (let i = 0; i < n; i++) matrix[i * n + i] += 100;
    // In place: each call inverts what the one before left, which is as positive definite.
    return cpuSeconds(() => kernels.invertPositiveDefinite(matrix, n), 1);
  });
  const name = `kernels: inverse of ${n} × ${n}, positive definite`;
  return bounded({ name, value, unit: 'CPU s' }, value <= 1.2, 'at most 1.2');
}

function rankingMeasurement(kernels: Kernels): Measurement {
  const [rows, columns, factors] = [30_000, 40_000, 64];
  const random = seeded(4);
  const exclude = unevenEntries(rows, columns, 30);
  const value = kernels.scope(() => {
    const left = kernels.float32(rows * factors);
    const right = kernels.float32(columns * factors);
    left.set(random.float32(left.length));
    right.set(random.float32(right.length));
    kernels.scoreTopK({ rows: 500, columns, factors, left: left.subarray(0, 500 * factors), right, k: 20 });
    return cpuSeconds(() => kernels.scoreTopK({ rows, columns, factors, left, right, k: 20, exclude }), 1, 1);
  });
  const name = `kernels: the best 20 of ${columns} for ${rows} people, ${factors} factors, what they have left out`;
  return bounded({ name, value, unit: 'CPU s' }, value <= 6, 'at most 6');
}

function attentionMeasurement(kernels: Kernels): Measurement {
  const shape = { batch: 128, heads: 1, length: 50, headSize: 64 };
  const value = kernels.scope(() => {
    const size = 128 * 50 * 64;
    const random = seeded(5);
    const [query, key, value, outputGradient, output, queryGradient, keyGradient, valueGradient] = Array.from(
      { length: 8 },
      () => kernels.float32(size),
    );
    for (const array of [query, key, value, outputGradient]) array.set(random.float32(size));
    const weights = kernels.float32(128 * 50 * 50);
    const attention = { ...shape, query, key, value, weights, dropout: { rate: 0.2, seed: 1 } };
    const step = () => {
      kernels.attentionForward({ ...attention, output });
      kernels.attentionBackward({ ...attention, outputGradient, queryGradient, keyGradient, valueGradient });
    };
    return cpuSeconds(step, 20) * 1000;
  });
  const name = 'kernels: attention forward and backward, 128 sequences of 50, 64 wide, with dropout';
  return bounded({ name, value, unit: 'CPU ms' }, value <= 16, 'at most 16');
}

/** Per call, the best of three rounds after one to warm up: V8 compiles again what runs often, and neighbours take turns. */
function cpuSeconds(work: () => void, calls: number, rounds = 3): number {
  const round = () => {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call++) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6 / calls;
  };
  if (rounds > 1) round();
  return Math.min(...Array.from({ length: rounds }, round));
}

function bounded(measurement: Measurement, passed: boolean, bound: string): Measurement {
  return { ...measurement, passed, bound };
}
