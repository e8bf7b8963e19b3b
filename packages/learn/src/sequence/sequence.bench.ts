import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Kernels, openKernels } from '@zhiyin/kernels';
import type { Measurement } from '../measurement.ts';
import { integerDraw, seededRandom } from '../numerics/random.ts';
import { historyOf } from './evaluate-next-item.ts';
import { leaveLastOut } from './next-items.ts';
import { openBuffers } from './sasrec/buffers.ts';
import { sasrecDefaults } from './sasrec/fit-sasrec.ts';
import { countParameters, drawParameters, type SasrecShape, viewParameters } from './sasrec/parameters.ts';
import { createNegativeSampler } from './sasrec/sampled-loss.ts';
import type { SasrecModel } from './sasrec/sasrec-model.ts';
import { scoreManyBySasrecInto } from './sasrec/score-sasrec.ts';
import { openStep } from './sasrec/train-step.ts';
import { buildSequences, type Sequences } from './sequences.ts';
import { fitTransitions, scoreByTransitionsInto } from './transition-neighbours.ts';

const beautyFile = path.resolve(import.meta.dirname, '../../../../../shared/data/sequence/beauty/seq.txt.gz');

/** CPU milliseconds of one call, over all threads: the median of several. */
function cpuMs(work: () => void, repeats: number): number {
  const times = Array.from({ length: repeats }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b)[repeats >> 1];
}

/** Counting transitions of 22,363 people, and one answer. */
export function benchTransitions(): Measurement[] {
  const hasBeauty = existsSync(beautyFile);
  const { train } = leaveLastOut(hasBeauty ? readBeauty() : simulateShop());
  const fit = cpuMs(() => fitTransitions(train), 3);
  const model = fitTransitions(train);
  const scores = new Float32Array(model.items);
  const history = historyOf(train.itemOf.subarray(0, 20));
  const score = cpuMs(() => repeat(100, () => scoreByTransitionsInto(model, history, scores)), 5) / 100;
  return [
    {
      name: `transition-knn: fit, ${hasBeauty ? 'Amazon Beauty' : 'a shop like Amazon Beauty'}`,
      value: fit,
      unit: 'CPU ms',
      bound: '<= 1000',
      passed: fit <= 1000,
    },
    { name: `transition-knn: scores of ${model.items} items for 20 events`, value: score, unit: 'CPU ms' },
  ];
}

/**
 * One step on 128 full sequences of 50 events, 12,000 items, 2 blocks of width 64, 256 shared negatives, beside one product
 * with as much arithmetic; and one answer over 20,000 items.
 */
export function benchSasrec(): Measurement[] {
  using kernels = openKernels({ threads: 1 });
  const step = measureStep(kernels);
  const baseline = measureProduct(kernels);
  const answer = measureAnswer(kernels);
  return [
    {
      name: 'sasrec: training step, 128 × 50 events, 12,000 items',
      value: step,
      unit: 'CPU ms',
      baseline,
      ratio: step / baseline,
      bound: '<= 130',
      passed: step <= 130,
    },
    {
      name: 'sasrec: scores of 20,000 items for 50 events',
      value: answer,
      unit: 'CPU ms',
      bound: '<= 2',
      passed: answer <= 2,
    },
  ];
}

const shapeOf = (items: number): SasrecShape => ({ items, size: 64, blocks: 2, heads: 1, maxLength: 50, inner: 64 });

function measureStep(kernels: Kernels): number {
  const shape = shapeOf(12_000);
  const random = seededRandom(1);
  return kernels.scope(() => {
    const flat = kernels.float32(countParameters(shape));
    drawParameters(shape, flat, random);
    const network = { kernels, buffers: openBuffers(kernels), shape, parameters: viewParameters(shape, flat) };
    const sampler = createNegativeSampler(new Float64Array(shape.items), { negatives: 256, power: 0, random });
    const step = openStep(network, flat, { ...sasrecDefaults, warmUpSteps: 1 }, sampler, 1);
    const items = Uint32Array.from({ length: 128 * 51 }, () => integerDraw(random, shape.items));
    const stretches = Array.from({ length: 128 }, (_, i) => ({ start: i * 51, end: i * 51 + 50 }));
    let done = 0;
    repeat(3, () => step(items, stretches, ++done));
    return cpuMs(() => step(items, stretches, ++done), 15);
  });
}

/** One product with the arithmetic of all products of a step: 2 blocks × 6 of 64 × 64 and 256 negatives, three times, for 6,400 rows. */
function measureProduct(kernels: Kernels): number {
  const [m, n] = [1024, 1024];
  const k = Math.round((6400 * 3 * (2 * 6 * 64 * 64 + 256 * 64)) / (m * n));
  return kernels.scope(() => {
    const [a, b, c] = [m * k, k * n, m * n].map((length) => kernels.float32(length).fill(0.5));
    kernels.gemm({ m, n, k, a, b, c });
    return cpuMs(() => kernels.gemm({ m, n, k, a, b, c }), 5);
  });
}

function measureAnswer(kernels: Kernels): number {
  const shape = shapeOf(20_000);
  const random = seededRandom(2);
  const parameters = new Float32Array(countParameters(shape));
  drawParameters(shape, parameters, random);
  const report = { epochs: 0, bestEpoch: 0, steps: 0, validationHit: 0, validationNdcg: 0, validationCases: 0 };
  const model: SasrecModel = {
    kind: 'sasrec',
    version: 1,
    ...shape,
    parameters,
    report: { ...report, losses: [], ndcgs: [], outOfTime: false },
  };
  const histories = [historyOf(Uint32Array.from({ length: 50 }, () => integerDraw(random, shape.items)))];
  const scores = new Float32Array(shape.items);
  const answer = () => scoreManyBySasrecInto(model, histories, scores, kernels);
  repeat(20, answer);
  return cpuMs(() => repeat(20, answer), 9) / 20;
}

function repeat(times: number, work: () => void): void {
  for (let i = 0; i < times; i++) work();
}

function readBeauty(): Sequences {
  const lists = gunzipSync(readFileSync(beautyFile))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(' ').slice(1).map(Number));
  const items = lists.reduce((most, list) => Math.max(most, ...list), 0) + 1;
  return buildSequences(lists.length, items, {
    user: lists.flatMap((list, user) => list.map(() => user)),
    item: lists.flat(),
  });
}

/** As many people, items and events as Amazon Beauty has, popularity falling as 1 / rank. */
function simulateShop(): Sequences {
  const random = seededRandom(3);
  const user = Uint32Array.from({ length: 198_502 }, (_, i) => i % 22_363);
  const item = Uint32Array.from(user, () => Math.floor(12_101 ** random()) - 1);
  return buildSequences(22_363, 12_101, { user, item });
}
