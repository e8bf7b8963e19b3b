import { upperRewards } from '@zhiyin/learn';
import { describePairs, featureNames } from './item-features.ts';
import type { Question } from './question.ts';

/** Nobody is left out: what is unlike the taste is still tried at times. */
const leastLikeness = 0.2;
const tasteItems = 20;
/** LinUCB: half of the tries to the most promising item, a quarter to the second, …, never less than this. */
const leastTurn = 0.01;
/** How many deviations above its mean a reward is hoped for. */
const hope = 1.5;

/** How gladly each item of the pool is tried, by the method of the arm; all weights are above 0. */
export function exploreWeights(question: Question, pool: readonly number[]): Float64Array {
  const { arm, learned } = question;
  if (arm.explorationMethod === 'thompson' && learned) {
    return Float64Array.from(pool, (item) => learned.shareOf.get(item) ?? learned.untriedShare);
  }
  if (arm.explorationMethod === 'linucb') return weighByPromise(question, pool);
  return weighByLikeness(question, pool);
}

function weighByLikeness({ content, taste }: Question, pool: readonly number[]): Float64Array {
  const mixture = taste.item.map((item, at) => ({ item, weight: taste.weight[at]! })).slice(-tasteItems);
  if (mixture.length === 0) return new Float64Array(pool.length).fill(leastLikeness);
  content.bring();
  return Float64Array.from(content.scores(mixture, pool), (likeness) => leastLikeness + Math.max(0, likeness));
}

/** The noise of one reward, yes or no, follows from its mean. */
function weighByPromise(question: Question, pool: readonly number[]): Float64Array {
  const { learned } = question;
  if (!learned?.belief || learned.belief.dimensions !== featureNames.length) return weighByLikeness(question, pool);
  const { belief, mean } = learned;
  const rows = describePairs(question, pool);
  const contextOf = (at: number) => rows.subarray(at * featureNames.length, (at + 1) * featureNames.length);
  const rate = Math.min(0.95, Math.max(0.05, mean));
  const promise = upperRewards(
    pool.map((_, at) => ({ belief, context: contextOf(at) })),
    hope * Math.sqrt(rate * (1 - rate)),
  );
  const weights = new Float64Array(pool.length);
  const order = pool.map((_, at) => at).sort((a, b) => promise[b]! - promise[a]! || a - b);
  order.forEach((at, rank) => {
    weights[at] = Math.max(leastTurn, 0.5 ** (rank + 1));
  });
  return weights;
}
