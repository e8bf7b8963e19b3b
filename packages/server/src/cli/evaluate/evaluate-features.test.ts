import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluateClassify } from './evaluate-classify.ts';
import { evaluateCluster } from './evaluate-cluster.ts';

const directory = mkdtempSync(path.join(os.tmpdir(), 'features-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string): string {
  const file = path.join(directory, name);
  writeFileSync(file, content);
  return file;
}

const row = (i: number) => `${(i * 37) % 100},${i % 3 === 0 ? 'tea' : 'cup'},${(i * 37) % 100 > 50 ? 'yes' : 'no'}`;
const table = (from: number, to: number) =>
  `visits,kind,bought\n${Array.from({ length: to - from }, (_, i) => row(from + i)).join('\n')}\n`;
const train = write('train.csv', table(0, 400));
const test = write('test.csv', table(400, 500));
const classify = (options: object) =>
  evaluateClassify({
    train,
    test,
    label: 'bought',
    without: [],
    model: 'logistic',
    seed: 1,
    timeBudgetSeconds: undefined,
    ...options,
  });

describe('evaluate classify', () => {
  it('prints what is promised, and names a feature that gives the answer away', async () => {
    const report = await classify({});
    expect(report).toMatchObject({
      task: 'classify',
      model: 'logistic',
      positive: 'yes',
      auc: 1,
      testRows: 100,
      suspectedLeaks: 'visits',
    });
    for (const key of ['logLoss', 'brier', 'calibrationError', 'fitSeconds']) expect(report[key]).toBeTypeOf('number');
  });

  it('takes semicolons, JSON lines, empty cells and levels that training never saw', async () => {
    const semicolons = write(
      'semicolons.csv',
      table(400, 500).replaceAll(',', ';').replace('tea', 'new').replace(';cup', ';'),
    );
    expect((await classify({ test: semicolons })).auc).toBeGreaterThan(0.9);
    const json = write(
      'test.jsonl',
      Array.from({ length: 50 }, (_, i) =>
        JSON.stringify({ visits: i * 2, kind: null, bought: i > 25 ? 'yes' : 'no' }),
      ).join('\n'),
    );
    expect((await classify({ test: json })).auc).toBe(1);
  });

  it.each([
    [{ label: 'sold' }, /has no column sold; it has visits, kind, bought/],
    [{ without: ['sold'] }, /--without: .* has no column sold/],
    [{ model: 'magic' }, /--model: must be auto or one of/],
    [{ label: 'visits' }, /must hold two values, it holds 100/],
    [{ test: write('short.csv', 'visits,kind,bought\n1,tea\n') }, /line 2: 2 cells where the header has 3/],
    [
      { test: write('words.csv', 'visits,kind,bought\nmany,tea,yes\n') },
      /visits must be a number as in the training file, got many/,
    ],
    [{ train: write('few.csv', table(0, 30)) }, /at least 20 are needed/],
  ])('names what is wrong: %o', async (options, message) => {
    await expect(classify(options)).rejects.toThrow(message);
  });
});

describe('evaluate cluster', () => {
  const points = write(
    'points.csv',
    `id,x,y\n${Array.from({ length: 90 }, (_, i) => `${i},${(i % 3) * 100 + (i % 7)},${(i % 3) * 50 - (i % 5)}`).join('\n')}\n`,
  );
  const cluster = (options: object) =>
    evaluateCluster({ data: points, k: undefined, columns: [], scale: 'none', restarts: 5, seed: 1, ...options });

  it('chooses the number of groups that are there, and leaves ids alone', async () => {
    expect(await cluster({})).toMatchObject({ task: 'cluster', k: 3, columns: 'x,y', sizes: '30,30,30' });
  });

  it.each([
    [{ k: 91 }, /--k: must be at most the number of rows 90, got 91/],
    [{ scale: 'big' }, /--scale: must be one of none, z, log-z, auto, got big/],
    [{ columns: ['z'] }, /has no column z/],
    [{ data: write('text.csv', 'name\ntea\n') }, /no column in which every cell is a number/],
  ])('names what is wrong: %o', async (options, message) => {
    await expect(cluster(options)).rejects.toThrow(message);
  });
});
