import { openKernels } from '@zhiyin/kernels';
import { buildSequences, fitSasrec, type RecommendModel, sasrecDefaults } from '@zhiyin/learn';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../catalogue/catalogue.ts';
import { toItemLists } from '../models/model-bundle.ts';
import { openServingModel } from '../models/serving-model.ts';
import { deeds } from '../people/deeds.ts';
import { emptyTaste } from '../people/history.ts';
import { findNext, stepsOf } from './find-next.ts';
import type { Question } from './question.ts';

const items = 12;
const catalogue = new Catalogue();
const itemIds = Array.from({ length: items }, (_, i) => `i-${i}`);
const noLists = toItemLists(items, [], 1);
const now = Date.parse('2026-11-22T00:00:00Z');

/** People who walk around a circle of items one way or the other. */
function fitWalks(): RecommendModel {
  const user = Uint32Array.from({ length: 400 * 6 }, (_, at) => Math.floor(at / 6));
  const item = Uint32Array.from(user, (who, at) => (who * 7 + (who % 3 ? 1 : items - 1) * (at % 6)) % items);
  using kernels = openKernels({ threads: 1 });
  return fitSasrec(
    buildSequences(400, items, { user, item }),
    {
      ...sasrecDefaults,
      size: 16,
      inner: 16,
      blocks: 1,
      maxLength: 6,
      negatives: 10,
      learningRate: 0.01,
      dropout: 0,
      batch: 32,
      epochs: 12,
    },
    { kernels, seed: 1 },
  );
}

const model = openServingModel(
  1,
  {
    kind: 'bundle',
    version: 1,
    items,
    itemIds,
    personal: { kind: 'item-knn', version: 1, items, ...noLists } as never,
    viewed: noLists,
    together: noLists,
    next: noLists,
    following: { model: fitWalks(), steps: 'taken' },
    popularity: new Float32Array(items).fill(1),
  },
  catalogue,
);

/** Deeds of a person, oldest first, one a minute until `minutesAgo`. */
function question(
  did: readonly { item: number; deed: keyof typeof deeds; minutesAgo: number }[],
  about: number[] = [],
) {
  return {
    model,
    about,
    now,
    k: 3,
    excluded: new Set(about),
    eligible: new Uint8Array(catalogue.present.length).fill(1),
    taste: {
      ...emptyTaste,
      item: did.map(({ item }) => item),
      weight: did.map(() => 1),
      at: did.map(({ minutesAgo }) => now / 1_000 - minutesAgo * 60),
      code: did.map(({ deed }) => deeds[deed].code),
    },
  } as Partial<Question> as Question;
}
const bought = (item: number, minutesAgo: number) => ({ item, deed: 'bought' as const, minutesAgo });

describe('what comes next, by a network', () => {
  it('follows the order of what the person took', () => {
    expect(findNext(question([bought(3, 300), bought(4, 200), bought(5, 100)])).item[0]).toBe(6);
    expect(findNext(question([bought(5, 300), bought(4, 200), bought(3, 100)])).item[0]).toBe(2);
  });

  it('is something new, and its scores rise from little to the best', () => {
    const { item, score } = findNext(question([bought(3, 300), bought(4, 200), bought(5, 100)]));
    expect(Array.from(item)).toHaveLength(items - 3);
    expect(Array.from(item).some((one) => [3, 4, 5].includes(one))).toBe(false);
    const scores = Array.from(score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores.at(-1)).toBeGreaterThan(0);
  });

  it('takes what is at hand for the newest step, and views of this visit as steps', () => {
    const stepsAfter = (...given: Parameters<typeof question>) =>
      stepsOf(question(...given), model, model.following!).item;
    const viewed = (item: number, minutesAgo: number) => ({ item, deed: 'viewed' as const, minutesAgo });
    expect(stepsAfter([bought(4, 900), viewed(8, 800), viewed(5, 10)], [6])).toEqual([4, 5, 6]);
    expect(stepsAfter([bought(4, 900), bought(5, 10)], [4])).toEqual([5, 4]);
    expect(stepsAfter([viewed(8, 800), viewed(9, 700)])).toEqual([8, 9]);
    expect(findNext(question([bought(4, 900), bought(5, 100)], [6])).item[0]).toBe(7);
  });

  it('goes back to lists where nothing is known of the person', () => {
    expect(Array.from(findNext(question([])).item)).toEqual([]);
  });
});
