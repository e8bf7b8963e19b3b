import { openKernels } from '@zhiyin/kernels';
import type { Measurement } from '../measurement.ts';
import { openTestStores } from '../storage/testing.ts';
import { seededRandom } from './answer/random.ts';

const vectors = Number(process.env.ZHIYIN_BENCH_VECTORS ?? 200_000);
const dimensions = 64;
const clusters = 2_000;
const questions = 50;
const k = 20;

/**
 * Nearest items by the event store's own HNSW index (`vector_similarity`), against the exact scan of the same table and of an array
 * in this process by the kernel that answers use: 200,000 × 64 in clusters, as item factors are. Recall is the share of the true 20 nearest found.
 */
export async function benchNearestItems(): Promise<Measurement[]> {
  const stores = await openTestStores();
  const { events, config } = stores;
  const table = `${config.events.database}.bench_vectors`;
  const run = <Row>(statement: string) => events.maintain<Row>(statement, 'test: nearest items');
  const random = seededRandom(3);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Float32Array.from({ length: clusters * dimensions }, normal);
  const all = new Float32Array(vectors * dimensions);
  for (let row = 0; row < vectors; row += 1) {
    const centre = Math.floor(random() * clusters) * dimensions;
    for (let d = 0; d < dimensions; d += 1) all[row * dimensions + d] = centres[centre + d]! + 0.6 * normal();
  }
  using kernels = openKernels({ threads: 1 });
  const here = kernels.float32(vectors * dimensions);
  here.set(all);
  // |x − w|² is least where x·w − |x|² / 2 is most.
  const columnBias = kernels.float32(vectors);
  for (let at = 0; at < all.length; at += 1) columnBias[Math.floor(at / dimensions)]! -= all[at]! ** 2 / 2;
  try {
    await run(
      `CREATE TABLE ${table} (id UInt32, vector Array(Float32), INDEX nearest vector TYPE vector_similarity('hnsw', 'L2Distance', ${dimensions}))
       ENGINE = MergeTree ORDER BY id SETTINGS index_granularity = 8192`,
    );
    const startedAt = performance.now();
    const rowsAtOnce = 20_000;
    for (let from = 0; from < vectors; from += rowsAtOnce) {
      const rows = Array.from({ length: Math.min(rowsAtOnce, vectors - from) }, (_, at) => {
        const row = from + at;
        return `(${row}, [${Array.from(all.subarray(row * dimensions, (row + 1) * dimensions), (one) => one.toFixed(4)).join(',')}])`;
      });
      await run(`INSERT INTO ${table} VALUES ${rows.join(',')}`);
    }
    await run(`OPTIMIZE TABLE ${table} FINAL`);
    const buildSeconds = (performance.now() - startedAt) / 1_000;
    const [size] = await run<{ bytes: string }>(
      `SELECT sum(data_compressed_bytes) AS bytes FROM system.data_skipping_indices WHERE table = 'bench_vectors'`,
    );

    const times = { index: [] as number[], scan: [] as number[], here: [] as number[] };
    let found = 0;
    for (let asked = 0; asked < questions; asked += 1) {
      const row = Math.floor(random() * vectors);
      const wanted = Array.from(all.subarray(row * dimensions, (row + 1) * dimensions), (one) => one + 0.1 * normal());
      const literal = `[${wanted.map((one) => one.toFixed(4)).join(',')}]`;
      const ask = async (settings: string, into: number[]) => {
        const askedAt = performance.now();
        const rows = await run<{ id: number }>(
          `SELECT id FROM ${table} ORDER BY L2Distance(vector, ${literal}::Array(Float32)) LIMIT ${k} SETTINGS ${settings}`,
        );
        into.push(performance.now() - askedAt);
        return rows.map(({ id }) => Number(id));
      };
      const exact = new Set(await ask('use_skip_indexes = 0', times.scan));
      found += (await ask('use_skip_indexes = 1', times.index)).filter((id) => exact.has(id)).length;
      const askedAt = performance.now();
      const left = Float32Array.from(wanted);
      kernels.scoreTopK({ rows: 1, columns: vectors, factors: dimensions, left, right: here, k, columnBias });
      times.here.push(performance.now() - askedAt);
    }
    const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1]!;
    const of = `nearest of ${vectors} × ${dimensions}`;
    return [
      { name: `${of}: recall@${k} of the HNSW index`, value: found / (questions * k), unit: '' },
      { name: `${of}: by the index`, value: median(times.index), unit: 'ms' },
      { name: `${of}: by exact scan in the engine`, value: median(times.scan), unit: 'ms' },
      { name: `${of}: exact, by the kernel in this process`, value: median(times.here), unit: 'ms' },
      { name: `${of}: inserted and indexed`, value: buildSeconds, unit: 's' },
      { name: `${of}: size of the index`, value: Number(size?.bytes ?? 0) / 1_048_576, unit: 'MB' },
    ];
  } finally {
    await stores.close();
  }
}
