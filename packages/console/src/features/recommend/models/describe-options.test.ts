import { expect, it } from 'vitest';
import { describeOptions } from './describe-options.ts';

const modelName = (kind: string) => kind.toUpperCase();

it.each([
  [{}, ''],
  [{ lambda: 300, dropout: 0.5 }, 'lambda 300, dropout 0.5'],
  [{ halfLifeSeconds: 2159728.1519999504, similarity: 'cosine' }, 'halfLifeSeconds 2160000, similarity cosine'],
  [
    {
      parts: [
        { kind: 'bpr', weight: 1, options: {} },
        { kind: 'als', weight: 0.40001 },
      ],
      evidence: { personHalf: 0.2 },
    },
    '1 × BPR + 0.4 × ALS, personHalf 0.2',
  ],
  [{ layers: [64, 32], missing: null }, '64 + 32'],
])('options %j read as "%s"', (options, words) => {
  expect(describeOptions(options, modelName)).toBe(words);
});
