import { openKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { buildItemContent } from './content-features.ts';
import { buildInteractions } from './interactions.ts';
import { type AnyRecommender, recommenders } from './recommenders.ts';
import { serveModel } from './serve-model.ts';

const items = 60;
const people = 80;
const random = seededRandom(11);
const whole = (n: number) => Math.floor(random() * n);
const [user, item]: [number[], number[]] = [[], []];
for (let person = 0; person < people; person++) {
  for (let deed = 0; deed < 12; deed++) {
    user.push(person);
    // The last item is one nobody took.
    item.push(random() < 0.8 ? (person % 6) * 10 + whole(9) : whole(items - 1));
  }
}
const interactions = buildInteractions(people, items, { user, item });
const content = buildItemContent(
  Array.from({ length: items }, (_, i) => ({ text: `thing ${i % 7}`, category: [`group ${Math.floor(i / 10)}`] })),
);
const options: Partial<Record<string, object>> = {
  als: { factors: 16 },
  'item-knn': { neighbours: 20 },
  'user-knn': { neighbours: 20 },
  'graph-filter': { factors: 8 },
  svd: { factors: 8 },
  bpr: { factors: 8, iterations: 3 },
};
const histories = [
  { item: [3, 7, 12, 41], weight: [1, 2.5, 0.5, 4], at: [1, 2, 3, 4] },
  { item: [55], weight: [1], at: [1] },
  { item: [], weight: [], at: [] },
];

describe('a model made ready', () => {
  for (const [kind, recommender] of Object.entries(recommenders) as [string, AnyRecommender][]) {
    it(`scores and explains as ${kind} does: all at once as one by one`, () => {
      using kernels = openKernels({ threads: 1 });
      const model = recommender.fit({ interactions, content }, options[kind] ?? {}, { kernels, seed: 3 });
      const served = serveModel(recommender, model, kernels);
      const [expected, scores] = [new Float32Array(items), new Float32Array(items)];
      // By turns, so that nothing kept of one person is taken for another's.
      for (const history of [...histories, ...histories]) {
        recommender.scoreInto(model, history, expected);
        served.scoreInto(history, scores);
        const size = Math.max(...expected.filter(Number.isFinite).map(Math.abs), 1e-6);
        expected.forEach((score, at) => {
          if (Number.isFinite(score)) expect(Math.abs(scores[at] - score)).toBeLessThan(1e-4 * size);
          else expect(scores[at]).toBe(score);
        });
        const asked = [8, 2, 44, 59];
        if (!recommender.explain) expect(served.explain).toBeUndefined();
        const shares = served.explain?.(history, asked);
        asked.forEach((one, row) => {
          for (const { item: from, share } of recommender.explain?.(model, history, one) ?? []) {
            const place = Array.from(shares?.from ?? []).indexOf(from);
            const found = shares?.share[row * shares.from.length + place];
            expect(Math.abs((found ?? Number.NaN) - share)).toBeLessThan(1e-4 * size);
          }
        });
      }
    });
  }
});
