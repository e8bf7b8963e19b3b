import { spawnSync } from 'node:child_process';
import { type Kernels, openKernels } from '@zhiyin/kernels';
import type { Measurement } from '../measurement.ts';
import { integerDraw, seededRandom } from '../numerics/random.ts';
import { symmetricEigen } from '../numerics/symmetric-eigen.ts';
import { ease, fitEase } from './ease.ts';
import { updateEase } from './ease-update.ts';
import { historyOf, type Interactions } from './interactions.ts';
import { truncatedSvd } from './truncated-svd.ts';

/** CPU seconds over all threads; what the machine does beside does not count. */
export function benchEase(): Measurement[] {
  using kernels = openKernels({ threads: 2 });
  const like1M = drawInteractions(6000, 3000, 133);
  const model = fitEase({ interactions: like1M }, { lambda: 500, keepInverse: true }, { kernels });
  const fits = [1, 2].map(() => cpuSeconds(() => fitEase({ interactions: like1M }, { lambda: 500 }, { kernels })));
  const fit = Math.min(...fits);
  const added = drawInteractions(50, 3000, 20);
  const update = cpuSeconds(() => updateEase(model, { added }, { kernels }));
  const scores = new Float32Array(3000);
  const score = cpuSeconds(() => {
    for (let user = 0; user < 200; user++) ease.scoreInto(model, historyOf({ interactions: like1M }, user), scores);
  });
  const large = drawInteractions(60_000, 10_000, 20);
  const started = performance.now();
  const largeFit = cpuSeconds(() => fitEase({ interactions: large }, { lambda: 300 }, { kernels }));
  const largeWall = (performance.now() - started) / 1000;
  return [
    bounded('ease: 3,000 items, 800,000 entries, fitted', fit, 'CPU s', 1.5),
    {
      name: 'ease: the same, 50 people added instead of fitted anew',
      value: update,
      unit: 'CPU s',
      baseline: fit,
      ratio: update / fit,
    },
    { name: 'ease: 133 things had, 3,000 items scored', value: (score / 200) * 1000, unit: 'CPU ms' },
    bounded('ease: 10,000 items, 1.2 million entries, fitted', largeFit, 'CPU s', 40),
    { name: 'ease: the same on two threads, by the clock', value: largeWall, unit: 's' },
  ];
}

/** 1,000 people × 10,000 items: the first 50 and 100 singular vectors beside a dense decomposition. */
export function benchTruncatedSvd(): Measurement[] {
  using kernels = openKernels({ threads: 2 });
  const { offsets, itemOf: columnOf, weightOf } = drawInteractions(1000, 10_000, 200);
  const matrix = { rows: 1000, columns: 10_000, offsets, columnOf, weightOf };
  let exact: Float64Array = new Float64Array(0);
  const whole = cpuSeconds(() => {
    exact = denseSingularValues(kernels, matrix);
  });
  const numpy = numpySvdSeconds();
  return [50, 100].flatMap((factors) => {
    truncatedSvd(matrix, { factors: 10 }, { kernels, seed: 1 });
    let worst = 0;
    const seconds = cpuSeconds(() => {
      const { singularValues } = truncatedSvd(
        matrix,
        { factors, spaceFactor: 4 + 100 / factors },
        { kernels, seed: 1 },
      );
      worst = singularValues.reduce((most, value, at) => Math.max(most, Math.abs(value / exact[at] - 1)), 0);
    });
    const name = `svd: first ${factors} of 1,000 × 10,000`;
    return [
      { ...bounded(name, seconds, 'CPU s', 3), baseline: whole, ratio: seconds / whole },
      ...(numpy ? [{ name: `${name}, beside NumPy’s dense one`, value: seconds, unit: 'CPU s', baseline: numpy }] : []),
      bounded(`${name}, largest relative error of a singular value`, worst, '', 0.01),
    ];
  });
}

/** √ of the eigenvalues of R Rᵀ, in f64. */
function denseSingularValues(
  kernels: Kernels,
  matrix: { rows: number; columns: number; offsets: Uint32Array; columnOf: Uint32Array; weightOf: Float32Array },
): Float64Array {
  return kernels.scope(() => {
    const { rows, columns, offsets, columnOf, weightOf } = matrix;
    const dense = kernels.float32(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let at = offsets[row]; at < offsets[row + 1]; at++) dense[row * columns + columnOf[at]] = weightOf[at];
    }
    const gram = kernels.float32(rows * rows);
    kernels.gemm({ m: rows, n: rows, k: columns, a: dense, b: dense, c: gram, transposeB: true });
    return symmetricEigen(Float64Array.from(gram), rows, 0).values.map((value) => Math.sqrt(Math.max(0, value)));
  });
}

function numpySvdSeconds(): number | undefined {
  const script = `
import time, numpy as np
matrix = np.random.default_rng(1).random((1000, 10000), np.float32)
start = time.process_time()
np.linalg.svd(matrix, full_matrices=False)
print(time.process_time() - start)`;
  const run = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  return run.status === 0 ? Number(run.stdout) : undefined;
}

/** Uneven popularity, ten tastes: person p prefers items whose number has the remainder p has. */
function drawInteractions(users: number, items: number, perUser: number): Interactions {
  const random = seededRandom(users + items);
  const offsets = Uint32Array.from({ length: users + 1 }, (_, user) => user * perUser);
  const itemOf = new Uint32Array(users * perUser);
  for (let user = 0; user < users; user++) {
    const taken = new Set<number>();
    while (taken.size < perUser) {
      const item = Math.floor(items * random() ** 2);
      const isLiked = integerDraw(random, 4) > 0;
      taken.add(isLiked ? item - (item % 10) + (user % 10) : item);
    }
    itemOf.set(
      [...taken].sort((a, b) => a - b),
      offsets[user],
    );
  }
  return { users, items, offsets, itemOf, weightOf: new Float32Array(itemOf.length).fill(1) };
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function bounded(name: string, value: number, unit: string, most: number): Measurement {
  return { name, value, unit, bound: `at most ${most}`, passed: value <= most };
}
