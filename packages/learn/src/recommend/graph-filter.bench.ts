import { type Kernels, openKernels } from '@zhiyin/kernels';
import type { Measurement } from '../measurement.ts';
import { evaluateRanking, type RankingReport } from './evaluate-ranking.ts';
import { gfCfOptions, graphFilter } from './graph-filter.ts';
import { historyOf, type Interactions } from './interactions.ts';
import { drawLike, hasSplit, readSplit, type Split } from './published-splits.fixture.ts';
import type { Recommender, RecommendModel } from './recommender.ts';
import { rp3beta } from './rp3beta.ts';

/**
 * yelp2018: seconds to fit, milliseconds for one person's scores, and how good the lists are over all people (full ranking, what
 * they have masked) beside published figures.
 */
export function benchGraphFilter(): Measurement[] {
  using kernels = openKernels({ threads: 2 });
  const split = hasSplit('yelp2018') ? readSplit('yelp2018') : undefined;
  const train = split?.train ?? drawLike('yelp2018');
  const label = split ? 'yelp2018' : 'random data like yelp2018 (skipped: data not present)';
  return [
    ...measure(kernels, label, 'GF-CF', graphFilter, gfCfOptions, train, split, 20, { recall: 0.0695, ndcg: 0.0569 }),
    ...measure(kernels, label, 'graph filter', graphFilter, {}, train, split, 30, { recall: 0.0719, ndcg: 0.0594 }),
    ...measure(kernels, label, 'RP3beta', rp3beta, {}, train, split, 10, { recall: 0.0636, ndcg: 0.0523 }),
  ];
}

function measure<Model extends RecommendModel, Options>(
  kernels: Kernels,
  label: string,
  name: string,
  recommender: Recommender<Model, Options>,
  options: Options,
  train: Interactions,
  split: Split | undefined,
  secondsMax: number,
  least: { recall: number; ndcg: number },
): Measurement[] {
  const start = cpuSeconds();
  const model = recommender.fit({ interactions: train }, options, { kernels, seed: 1 });
  const fitted = cpuSeconds() - start;
  const scores = new Float32Array(train.items);
  const people = 200;
  const scoring = cpuSeconds();
  for (let user = 0; user < people; user++) {
    recommender.scoreInto(model, historyOf({ interactions: train }, user), scores);
  }
  const each = ((cpuSeconds() - scoring) / people) * 1e3;
  return [
    {
      name: `${name}: ${label}, fitted`,
      value: fitted,
      unit: 'CPU s',
      bound: `<= ${secondsMax} CPU s`,
      passed: fitted <= secondsMax,
    },
    { name: `${name}: ${label}, one person scored over all items`, value: each, unit: 'CPU ms' },
    ...(split ? quality(`${name}: ${label}`, judge(recommender, model, split), least) : []),
  ];
}

/** Every fourth person: enough to see that nothing broke, at a quarter of the time. */
function judge<Model extends RecommendModel, Options>(
  recommender: Recommender<Model, Options>,
  model: Model,
  { train, test }: Split,
): RankingReport {
  return evaluateRanking(train, everyFourth(test), 20, (user, scores) => {
    recommender.scoreInto(model, historyOf({ interactions: train }, user), scores);
  });
}

function everyFourth(test: Interactions): Interactions {
  const offsets = new Uint32Array(test.users + 1);
  const itemOf: number[] = [];
  for (let user = 0; user < test.users; user++) {
    if (user % 4 === 0) itemOf.push(...test.itemOf.subarray(test.offsets[user], test.offsets[user + 1]));
    offsets[user + 1] = itemOf.length;
  }
  return { ...test, offsets, itemOf: Uint32Array.from(itemOf), weightOf: new Float32Array(itemOf.length).fill(1) };
}

/** A quarter of the people is uncertain by about .0015; bounds leave that much room. */
function quality(
  name: string,
  { recall, ndcg }: RankingReport,
  least: { recall: number; ndcg: number },
): Measurement[] {
  const room = 0.0025;
  return [
    {
      name: `${name}, recall@20`,
      value: recall,
      unit: '',
      bound: `>= ${least.recall} - ${room}`,
      passed: recall >= least.recall - room,
    },
    {
      name: `${name}, ndcg@20`,
      value: ndcg,
      unit: '',
      bound: `>= ${least.ndcg} - ${room}`,
      passed: ndcg >= least.ndcg - room,
    },
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
