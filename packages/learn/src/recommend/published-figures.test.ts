import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { scoreLists, summariseRanking, usersOf } from './evaluate-ranking.ts';
import { buildInteractions, historyOf, type Interactions } from './interactions.ts';
import { recommendMany } from './recommend-many.ts';
import { findRecommender } from './recommenders.ts';

const folder = path.resolve(import.meta.dirname, '../../../../../shared/data/recommend/ml1m');

/** Figures of other implementations, or of the papers, on the same split: full ranking, training items left out. */
const published = [
  { kind: 'item-knn', options: { neighbours: 100 }, recall: 0.2271, ndcg: 0.2228, within: 0.0005 },
  { kind: 'rp3beta', options: { alpha: 1, beta: 0.6, linksMax: 200 }, recall: 0.226, ndcg: 0.2198, within: 0.001 },
  {
    kind: 'als',
    options: { factors: 64, iterations: 16, unobservedWeight: 0.3, regularisation: 0.01 },
    recall: 0.2741,
    ndcg: 0.2641,
    within: 0.002,
  },
] as const;

describe.skipIf(!existsSync(folder))('figures published for MovieLens-1M [skipped: data not present]', () => {
  for (const { kind, options, recall, ndcg, within } of published) {
    it(`${kind}: recall@20 ${recall}, ndcg@20 ${ndcg}`, () => {
      using kernels = openKernels();
      const { train, test } = readMovies();
      const recommender = findRecommender(kind);
      if (!recommender) throw new Error(`no ${kind}`);
      const model = recommender.fit({ interactions: train }, options, { kernels, seed: 1 });
      const people = usersOf(test);
      const histories = (row: number) => historyOf({ interactions: train }, people[row]);
      const lists = recommendMany(recommender, model, people.length, histories, { k: 20, kernels });
      const report = summariseRanking(
        scoreLists(test, 20, people, (_, row) => lists.column.subarray(row * 20, row * 20 + lists.count[row])),
      );
      expect(Math.abs(report.recall - recall)).toBeLessThan(within);
      expect(Math.abs(report.ndcg - ndcg)).toBeLessThan(within);
    }, 60_000);
  }
});

let movies: { train: Interactions; test: Interactions } | undefined;

function readMovies(): { train: Interactions; test: Interactions } {
  if (movies) return movies;
  const [train, test] = ['train', 'test'].map((part) => {
    const pairs: { user: number[]; item: number[] } = { user: [], item: [] };
    for (const line of gunzipSync(readFileSync(path.join(folder, `${part}.txt.gz`)))
      .toString()
      .split('\n')) {
      const [user, ...items] = line.trim().split(/\s+/).map(Number);
      for (const item of items) {
        pairs.user.push(user);
        pairs.item.push(item);
      }
    }
    return pairs;
  });
  const size = (field: 'user' | 'item') =>
    1 + [...train[field], ...test[field]].reduce((most, id) => Math.max(most, id), 0);
  const [users, items] = [size('user'), size('item')];
  movies = { train: buildInteractions(users, items, train), test: buildInteractions(users, items, test) };
  return movies;
}
