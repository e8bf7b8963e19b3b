import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { chooseTextModel } from './choose-text-model.ts';
import { compactTextModel, expandTextModel } from './compact-text-model.ts';
import { evaluateTexts } from './evaluate-text.ts';
import { fitLinear } from './fit-linear.ts';
import { fitTextModel } from './fit-text-model.ts';
import { detectLanguage, normaliseText, textLengthMax } from './normalise-text.ts';
import { buildCorpus } from './text-corpus.ts';
import { explainText, openTextModel } from './text-model.ts';

const good = ['很好', '喜欢', '满意', '不错', '好吃', '快'];
const bad = ['差', '失望', '难吃', '慢', '退货', '不好'];
const things = ['物流', '衣服', '茶', '客服', '包装', '味道', '价格'];

function reviews(count: number, seed: number) {
  const random = seededRandom(seed);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  const labels = Array.from({ length: count }, () => (random() < 0.5 ? 'positive' : 'negative'));
  const texts = labels.map((label) => `${pick(things)}${pick(label === 'positive' ? good : bad)}，${pick(things)}`);
  return { texts, labels: labels.map((label) => [label]) };
}

describe('normalising a text', () => {
  it('gives one spelling to what means the same', () => {
    expect(normaliseText('ＨＥＬＬＯ  World１２3 https://a.b/c?d=1 好好好好好')).toBe('hello world00 好好');
    expect(normaliseText('<b>坏</b>\u200b掉&nbsp;了')).toBe('坏 掉 了');
  });

  it('takes any input without failing, and stops at a length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => typeof normaliseText(text) === 'string'),
    );
    expect(normaliseText('好坏'.repeat(100_000)).length).toBeLessThanOrEqual(textLengthMax);
    expect(normaliseText('')).toBe('');
  });

  it('tells Chinese from English by script', () => {
    expect(detectLanguage('iPhone 很好用')).toBe('zh');
    expect(detectLanguage('really good tea')).toBe('en');
    expect(detectLanguage('')).toBe('en');
  });
});

describe('the linear solver', () => {
  it('meets the conditions of its optimum: the gradient of the log loss vanishes', () => {
    const data = reviews(300, 1);
    const corpus = buildCorpus(data.texts, 'zh', 18);
    const isPositive = Uint8Array.from(data.labels, ([label]) => (label === 'positive' ? 1 : 0));
    const cost = 0.5;
    const { features, weights, biases } = fitLinear(corpus, isPositive, 1, {
      loss: 'logistic',
      cost,
      epochs: 500,
      seed: 1,
    });
    const rowOf = new Map([...features].map((feature, row) => [feature, row]));
    const gradient = Float64Array.from(weights);
    for (let t = 0; t < corpus.texts; t++) {
      const own = corpus.features.subarray(corpus.offsets[t], corpus.offsets[t + 1]);
      const length = 1 / Math.sqrt(own.length);
      const score =
        (biases[0] ?? 0) +
        [...own].reduce((sum, feature) => sum + (weights[rowOf.get(feature) ?? -1] ?? 0) * length, 0);
      const sign = isPositive[t] ? 1 : -1;
      for (const feature of own) {
        const row = rowOf.get(feature) ?? -1;
        gradient[row] = (gradient[row] ?? 0) - (cost * sign * length) / (1 + Math.exp(sign * score));
      }
    }
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(0.02);
  });
});

describe('a text model', () => {
  const model = fitTextModel(reviews(1200, 2), { language: 'zh', answer: 'one', seed: 1 });
  const opened = openTextModel(model);

  it('learns what the words say, with honest probabilities', () => {
    const test = reviews(400, 3);
    const said = test.texts.map((text) => opened.predict(text));
    expect(
      evaluateTexts(
        said.map((one) => one.labels),
        test.labels,
      ).accuracy,
    ).toBeGreaterThan(0.98);
    for (const { probabilities } of said) expect((probabilities[0] ?? 0) + (probabilities[1] ?? 0)).toBeCloseTo(1, 12);
  });

  it('explains a score by characters that add up to it', () => {
    const { base, score, parts, text } = explainText(model, '物流很好，但是客服差', 'negative');
    expect(base + parts.reduce((sum, part) => sum + part.contribution, 0)).toBeCloseTo(score, 6);
    const strongest = parts.reduce((a, b) => (b.contribution > a.contribution ? b : a));
    expect(text.slice(strongest.start, strongest.end)).toBe('差');
    expect(score).toBeCloseTo(-explainText(model, '物流很好，但是客服差', 'positive').score, 12);
  });

  it('is the same for the same seed and survives being packed', () => {
    expect(fitTextModel(reviews(1200, 2), { language: 'zh', answer: 'one', seed: 1 })).toEqual(model);
    expect(expandTextModel(compactTextModel(model))).toEqual(model);
  });

  it('answers empty, endless and strange texts with numbers', () => {
    for (const text of ['', ' ', '好'.repeat(100_000), '\u202e\u200b', '👍👍👍', 'ﷺ', '\ud800']) {
      expect(opened.predict(text).probabilities.every(Number.isFinite)).toBe(true);
    }
  });

  it('says several labels where several hold, and none where none does', () => {
    const joined = reviews(1500, 4);
    const labels = joined.texts.map((text) => [
      ...(text.includes('物流') ? ['delivery'] : []),
      ...(text.includes('茶') ? ['tea'] : []),
    ]);
    const several = openTextModel(
      fitTextModel({ texts: joined.texts, labels }, { language: 'zh', answer: 'several', seed: 1 }),
    );
    expect(several.predict('物流很好，茶').labels).toEqual(['delivery', 'tea']);
    expect(several.predict('衣服慢，价格').labels).toEqual([]);
  });

  it('gives texts about something else their own label', () => {
    const asked = reviews(800, 6);
    const random = seededRandom(7);
    const noise = Array.from({ length: 80 }, () =>
      String.fromCodePoint(...Array.from({ length: 8 }, () => 0x5000 + Math.floor(random() * 3000))),
    );
    const data = { texts: [...asked.texts, ...noise], labels: [...asked.labels, ...noise.map(() => ['oos'])] };
    const intent = openTextModel(chooseTextModel(data, { task: 'intent', seed: 1 }));
    expect(intent.predict('龘靐齉爩').labels).toEqual(['oos']);
    expect(intent.predict('物流很好，茶').labels).toEqual(['positive']);
  });

  it('names what it cannot learn from', () => {
    expect(() => fitTextModel({ texts: ['a'], labels: [] }, { language: 'en', answer: 'one', seed: 1 })).toThrow(
      /1 texts but 0 lists/,
    );
    expect(() => fitTextModel({ texts: ['a'], labels: [['x']] }, { language: 'en', answer: 'one', seed: 1 })).toThrow(
      /at least two labels, got x/,
    );
  });
});

describe('measuring answers', () => {
  it('counts exact answers and F1 per label as defined', () => {
    const report = evaluateTexts([['a'], ['a', 'b'], []], [['a'], ['b'], ['b']]);
    expect(report.accuracy).toBeCloseTo(1 / 3, 12);
    // a: right 1, said 2, true 1 → 2/3; b: right 1, said 1, true 2 → 2/3.
    expect(report.macroF1).toBeCloseTo(2 / 3, 12);
  });
});
