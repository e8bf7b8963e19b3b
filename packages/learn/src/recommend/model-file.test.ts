import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildInteractions, historyOf } from './interactions.ts';
import { itemNeighbours } from './item-neighbours.ts';
import { loadModel } from './load-model.ts';
import type { FitTools, RecommendModel } from './recommender.ts';
import { findRecommender } from './recommenders.ts';
import { saveModel } from './save-model.ts';
import { userNeighbours } from './user-neighbours.ts';

const tools = { seed: 1 } as FitTools;
const interactions = buildInteractions(3, 4, { user: [0, 0, 1, 1, 2, 2], item: [0, 1, 0, 1, 0, 2] });
const model = userNeighbours.fit({ interactions }, { neighbours: 2, shrinkage: 1 }, tools);

describe('saved models', () => {
  it('come back as they were, and score the same', () => {
    const back = loadModel(saveModel(model));
    expect(back).toEqual(model);
    const recommender = findRecommender(back.kind);
    const [before, after] = [new Float32Array(4), new Float32Array(4)];
    userNeighbours.scoreInto(model, historyOf({ interactions }, 0), before);
    recommender?.scoreInto(back, historyOf({ interactions }, 0), after);
    expect(after).toEqual(before);
  });

  it('give the same bytes for the same model', () => {
    expect(saveModel(itemNeighbours.fit({ interactions }, { neighbours: 2 }, tools))).toEqual(
      saveModel(itemNeighbours.fit({ interactions }, { neighbours: 2 }, tools)),
    );
  });

  it('keep any names, empty and shared arrays, and numbers JSON does not know', () => {
    const shared = Float32Array.from([1, Number.NaN, Number.NEGATIVE_INFINITY]);
    const odd = {
      kind: 'odd',
      version: 1,
      items: 3,
      names: ['茶 tea 🍵', '', '\u0000"\\', '__proto__'],
      nested: { deep: [{ array: shared }, { again: shared }], empty: new Uint8Array(0) },
      limit: Number.POSITIVE_INFINITY,
      nothing: null,
    };
    expect(loadModel(saveModel(odd))).toEqual(odd);
  });

  it('can be read from the middle of a larger buffer', () => {
    const bytes = saveModel(model);
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(loadModel(larger.subarray(3))).toEqual(model);
  });

  it('are refused when a single bit was changed, or the end is missing', () => {
    const bytes = saveModel(model);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = bytes.slice();
        changed[bit >> 3] ^= 1 << (bit & 7);
        expect(() => loadModel(changed)).toThrow(/loadModel: /);
      }),
    );
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(() => loadModel(bytes.slice(0, length))).toThrow(/loadModel: /);
      }),
    );
  });

  it('are refused when they are something else', () => {
    expect(() => loadModel(new Uint8Array(0))).toThrow(/these 0 bytes are not a saved model/);
    expect(() => loadModel(new TextEncoder().encode('{"kind":"popularity","version":1,"items":3}'))).toThrow(
      /are not a saved model/,
    );
  });

  it('hold plain data only', () => {
    const holding = (extra: unknown) => ({ kind: 'x', version: 1, items: 1, extra }) as RecommendModel;
    expect(() => saveModel(holding(() => 1))).toThrow(/model\.extra is a function, not plain data/);
    expect(() => saveModel(holding(new Map()))).toThrow(/model\.extra is a Map, not plain data/);
    expect(() => saveModel(holding({ $array: 'Float32Array' }))).toThrow(/names must not start with \$/);
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => saveModel(holding(cycle))).toThrow(/contains itself/);
  });
});
