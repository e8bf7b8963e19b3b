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

  it('takes ids with blanks, emoji, great length, and numbers in JSON', async () => {
    const long = 'x'.repeat(5000);
    const train = file('ids.csv', `user,item\nann lee,🍵 tea\nann lee,${long}\n007,🍵 tea\n`);
    const test = file('ids-test.ndjson', `{"user":"007","item":"${long}"}\n`);
    expect(await evaluateRecommend({ ...options, train, test })).toMatchObject({ 'hit@2': 1, users: 2, items: 2 });
    const numbers = file('numbers.ndjson', '{"user":7,"item":1}\n{"user":7,"item":2}\n{"user":8,"item":1}\n');
    const numbersTest = file('numbers-test.csv', 'user,item\n8,2\n');
    expect(await evaluateRecommend({ ...options, train: numbers, test: numbersTest })).toMatchObject({ 'hit@2': 1 });
  });

  it('counts a pair once however often it comes, and leaves out ratings of 0 or less, saying how many', async () => {
    const train = file('twice.csv', 'user,item,rating\na,x,5\na,x,5\na,y,4\nb,x,3\nb,z,-2\nc,z,0\nc,y,1\n');
    const test = file('twice-test.csv', 'user,item,rating\nb,y,2\nb,z,-1\n');
    expect(await evaluateRecommend({ ...options, train, test })).toMatchObject({
      ratingsNotAboveZero: 3,
      'recall@2': 1,
      usersEvaluated: 1,
    });
  });

  it('gives people who are only in the test file what the model has for nobody', async () => {
    const train = file('known.csv', 'user,item\na,x\nb,x\nb,y\n');
    const test = file('unknown.csv', 'user,item\nnew,x\n');
    const report = await evaluateRecommend({ ...options, model: 'popular', options: '{}', train, test });
    expect(report).toMatchObject({ usersWithoutHistory: 1, 'hit@2': 1 });
  });

  it('chooses by itself on the smallest files, and every figure is a number', async () => {
    for (const [train, test] of [
      ['a x\n', 'a y\n'],
      ['a x\nb x\nc x\n', 'd x\n'],
      ['a x y z\n', 'b x\n'],
    ] as const) {
      const report = await evaluateRecommend({
        train: file('tiny.txt', train),
        test: file('tiny-test.txt', test),
        model: 'auto',
        ratings: 'ignore',
        k: 2,
        seed: 1,
        timeBudgetSeconds: 20,
      });
      expect(report.model).toBe('popular');
      for (const key of ['recall@2', 'ndcg@2', 'hit@2', 'coverage', 'fitSeconds', 'usersPerSecond', 'peakRssMb'])
        expect(report[key]).toSatisfy(Number.isFinite);
    }
  });

  it('learns what new items are worth from a catalogue', async () => {
    const people = Array.from({ length: 40 }, (_, i) => i);
    const kindOf = (item: number) => (item % 2 === 0 ? 'tea' : 'ware');
    const taken = people.flatMap((p) => Array.from({ length: 8 }, (_, i) => `p${p},i${2 * i + (p % 2)}`));
    const train = file('shop.csv', `user,item\n${taken.join('\n')}\n`);
    const test = file('shop-test.csv', `user,item\n${people.map((p) => `p${p},new${p % 2}`).join('\n')}\n`);
    const rows = [...Array.from({ length: 16 }, (_, i) => `i${i},${kindOf(i)},10`), 'new0,tea,12', 'new1,ware,9'];
    const items = file('shop-items.csv', `item,category,price\n${rows.join('\n')}\n`);
    const report = await evaluateRecommend({ ...options, model: 'content', options: '{}', items, train, test });
    expect(report['hit@2']).toBe(1);
  });

  it('says what is wrong with options and catalogues', async () => {
    const train = file('ok.csv', 'user,item\na,x\n');
    const given = { ...options, train, test: train };
    await expect(evaluateRecommend({ ...given, options: '[1]' })).rejects.toThrow(/--options: must be a JSON object/);
    await expect(evaluateRecommend({ ...given, options: '{"neighbours":0}' })).rejects.toThrow(
      /--options: .*neighbours must be/,
    );
    const items = file('bad-items.csv', 'item,price\nx,cheap\n');
    await expect(evaluateRecommend({ ...given, items })).rejects.toThrow(
      /bad-items\.csv, line 2: price must be a number/,
    );
    const bare = file('u.data', '196\t242\t3\t881250949\n');
    await expect(evaluateRecommend({ ...given, train: bare })).rejects.toThrow(/line 1: looks like user, item, rating/);
    const late = file('late.csv', 'user,item,timestamp\na,x,yesterday-ish\n');
    await expect(evaluateRecommend({ ...given, train: late })).rejects.toThrow(/line 2: timestamp must be seconds/);
    const disliked = file('disliked.csv', 'user,item,rating\na,x,-1\n');
    await expect(evaluateRecommend({ ...given, train: disliked })).rejects.toThrow(/all 1 ratings are 0 or less/);
    for (const rating of ['NaN', 'Infinity', '1e60', '-2e9']) {
      const odd = file('odd-rating.csv', `user,item,rating\na,x,${rating}\n`);
      await expect(evaluateRecommend({ ...given, train: odd })).rejects.toThrow(/rating must be a number/);
    }
  });

  it('lists no item of the test file that nobody could learn of', async () => {
    const train = file('seen.csv', 'user,item\nann,tea\nann,cup\nbob,tea\nbob,cup\neve,tea\n');
    const test = file('unseen.csv', 'user,item\neve,novelty\nbob,novelty\n');
    const report = await evaluateRecommend({ ...options, train, test });
    expect(report).toMatchObject({ 'hit@2': 0, items: 3, coverage: 1 / 3 });
  });

  it('gives numbers also where some ratings are a billion times others', async () => {
    const lines = Array.from(
      { length: 640 },
      (_, i) => `u${i % 80},i${(3 * (i % 80) + Math.floor(i / 80) ** 2) % 30},${i % 7 ? 1 : 1e9}`,
    );
    const train = file('huge.csv', `user,item,rating\n${lines.join('\n')}\n`);
    const test = file('huge-test.csv', 'user,item\nu1,i9\nu2,i5\n');
    const { options: _, ...given } = options;
    const report = await evaluateRecommend({ ...given, train, test, model: 'auto', ratings: 'weigh' });
    expect(
      Object.values(report)
        .filter((value) => typeof value === 'number')
        .every(Number.isFinite),
    ).toBe(true);
  });

  it('names the line and what is wrong with it', async () => {
    const train = file('bad.csv', 'user,item,rating\na,b,five\n');
    await expect(evaluateRecommend({ ...options, train, test: train })).rejects.toThrow(
      /bad\.csv, line 2: rating must be a number, at most a billion, got five/,
    );
    await expect(evaluateRecommend({ ...options, train: '/nowhere.csv', test: train })).rejects.toThrow(/nowhere/);
    await expect(evaluateRecommend({ ...options, train: file('b.bin', 'PK\0\u0001'), test: train })).rejects.toThrow(
      /b\.bin: is not text/,
    );
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
    60_000,
  );
});
