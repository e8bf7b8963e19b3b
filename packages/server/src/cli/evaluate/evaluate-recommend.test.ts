import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateRecommend } from './evaluate-recommend.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'zhiyin-evaluate-'));
const file = (name: string, text: string) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const options = {
  model: 'item-knn',
  options: '{"neighbours":10}',
  ratings: 'ignore',
  k: 2,
  seed: 1,
  timeBudgetSeconds: 60,
} as const;

describe('zhiyin evaluate recommend', () => {
  it('gives the same answer for CSV, JSON lines and adjacency lists', async () => {
    const csv = file('train.csv', 'user,item\nann,tea\nann,cup\nbob,tea\nbob,cup\neve,tea\n');
    const json = file(
      'train.ndjson',
      ['ann tea', 'ann cup', 'bob tea', 'bob cup', 'eve tea']
        .map((pair) => JSON.stringify({ user: pair.split(' ')[0], item: pair.split(' ')[1] }))
        .join('\n'),
    );
    const lists = file('train.txt', 'ann tea cup\nbob tea cup\neve tea\n');
    const test = file('test.txt', 'eve cup\n');
    for (const train of [csv, json, lists]) {
      expect(await evaluateRecommend({ ...options, train, test })).toMatchObject({
        'recall@2': 1,
        usersEvaluated: 1,
        model: 'item-knn',
      });
    }
  });

  it('takes ids of any kind of text', async () => {
    const train = file('odd.csv', 'user,item\n"李, 雷",茶\n"李, 雷",杯\n韩梅梅,茶\n');
    const test = file('odd-test.csv', 'user,item\n韩梅梅,杯\n');
    expect(await evaluateRecommend({ ...options, train, test })).toMatchObject({ 'hit@2': 1 });
  });

  it('names the line and what is wrong with it', async () => {
    const train = file('bad.csv', 'user,item,rating\na,b,five\n');
    await expect(evaluateRecommend({ ...options, train, test: train })).rejects.toThrow(
      /bad\.csv, line 2: rating must be a number, got five/,
    );
    await expect(evaluateRecommend({ ...options, train: '/nowhere.csv', test: train })).rejects.toThrow(/nowhere/);
    await expect(evaluateRecommend({ ...options, train: file('empty.csv', ''), test: train })).rejects.toThrow(
      /has no rows/,
    );
    await expect(evaluateRecommend({ ...options, model: 'magic', train, test: train })).rejects.toThrow(
      /--model: must be auto or one of popular/,
    );
  });

  const movies = path.resolve(import.meta.dirname, '../../../../../../shared/data/recommend/ml1m');
  it.skipIf(!existsSync(movies))(
    'agrees with the published cosine neighbourhood on MovieLens-1M (recall .2271, ndcg .2228) [skipped: data not present]',
    async () => {
      const report = await evaluateRecommend({
        ...options,
        train: path.join(movies, 'train.txt.gz'),
        test: path.join(movies, 'test.txt.gz'),
        model: 'item-knn',
        k: 20,
        options: '{"neighbours":100}',
      });
      expect(report['recall@20']).toBeCloseTo(0.2271, 3);
      expect(report['ndcg@20']).toBeCloseTo(0.2228, 3);
    },
  );
});
