import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readTextModel } from '../../listen/index.ts';
import { runTrain } from '../train.ts';
import { evaluateTextTask, type TextsOptions } from './evaluate-texts.ts';

const directory = mkdtempSync(path.join(os.tmpdir(), 'texts-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const file = path.join(directory, name);
  writeFileSync(file, content);
  return file;
}

const rows = Array.from({ length: 200 }, (_, i) =>
  i % 2 ? `{"text":"好喝的茶 ${i}","label":1}` : `{"text":"难喝的茶 ${i}","label":0}`,
);
const train = write('train.jsonl.gz', gzipSync(rows.join('\n')));
const test = write('test.csv', 'text,label\n好喝,1\n"难喝, 真的",0\n');
const evaluate = (options: Partial<TextsOptions>) =>
  evaluateTextTask({ task: 'sentiment', test, train, model: undefined, language: undefined, seed: 1, ...options });

describe('evaluate sentiment', () => {
  it('learns from one file and measures on another, in either format', async () => {
    const report = await evaluate({});
    expect(report).toMatchObject({ task: 'sentiment', language: 'zh', accuracy: 1, macroF1: 1, texts: 2, labels: 2 });
    expect(report.textsPerSecond).toBeGreaterThan(0);
  });

  it('answers with the shipped model when there is nothing to learn from, whatever the file calls its labels', async () => {
    const plain = write(
      'plain.csv',
      'text,label\n质量很好，非常满意,1\n太差了，退货,0\n物流很快，好评,positive\n很失望，再也不买了,negative\n',
    );
    expect(await evaluate({ test: plain, train: undefined })).toMatchObject({ model: 'shipped', accuracy: 1 });
    const english = write(
      'english.jsonl',
      '{"text":"great product, love it","label":1}\n{"text":"terrible, a waste of money","label":0}\n',
    );
    expect(await evaluate({ test: english, train: undefined })).toMatchObject({ language: 'en', accuracy: 1 });
  });

  it('uses a model that train wrote, the same bytes every time', async () => {
    const [first, second] = [path.join(directory, 'a.model'), path.join(directory, 'b.model')];
    await runTrain(['sentiment', '--data', train, '--out', first]);
    await runTrain(['sentiment', '--data', train, '--out', second]);
    expect(await readTextModel(first)).toEqual(await readTextModel(second));
    expect(await evaluate({ train: undefined, model: first })).toMatchObject({ accuracy: 1 });
  });

  it.each([
    ['text,label\nx,\n', /line 2: label is empty/],
    ['a,b\n1,2\n', /header must name text and label, got a,b/],
    ['{"text":5,"label":1}\n', /line 1: text must be a text/],
    ['{"text":"x"}\n', /label must be a text, a number or a list/],
    ['{"text":\n', /line 1: not a JSON object/],
    ['', /has no rows/],
    ['text,label\nx,amazing\n', /none of its labels is known to the model/],
  ])('names what is wrong with %j', async (content, message) => {
    await expect(evaluate({ test: write('wrong.csv', content) })).rejects.toThrow(message);
  });

  it('says so when no model is shipped or the file is not one', async () => {
    await expect(evaluate({ task: 'intent', train: undefined })).rejects.toThrow(/no intent model for zh is shipped/);
    await expect(evaluate({ train: undefined, model: test })).rejects.toThrow(/is not a model of text/);
    await expect(evaluate({ language: 'fr' })).rejects.toThrow(/--lang: must be zh or en, got fr/);
  });
});
