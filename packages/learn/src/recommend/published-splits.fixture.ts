import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { integerDraw, seededRandom } from '../numerics/random.ts';
import { buildInteractions, type Interactions } from './interactions.ts';

export type Split = { readonly train: Interactions; readonly test: Interactions };

/** People and items of the splits used in the literature. */
export const splitSizes = {
  ml1m: { users: 6022, items: 3043, entries: 796_244 },
  yelp2018: { users: 31_668, items: 38_048, entries: 1_237_259 },
} as const;

const folder = path.resolve(import.meta.dirname, '../../../../../shared/data/recommend');

export function hasSplit(name: keyof typeof splitSizes): boolean {
  return existsSync(path.join(folder, name, 'train.txt.gz'));
}

/** One line per person: the person, then the items. */
export function readSplit(name: keyof typeof splitSizes): Split {
  const [train, test] = ['train', 'test'].map((part) => readPairs(path.join(folder, name, `${part}.txt.gz`)));
  const most = (of: 'user' | 'item') => [...train[of], ...test[of]].reduce((max, id) => Math.max(max, id), 0) + 1;
  const [users, items] = [most('user'), most('item')];
  return { train: buildInteractions(users, items, train), test: buildInteractions(users, items, test) };
}

/** Random interactions of the same size, where earlier items are had by more people; for when the data are not there. */
export function drawLike(name: keyof typeof splitSizes): Interactions {
  const { users, items, entries } = splitSizes[name];
  const random = seededRandom(1);
  return buildInteractions(users, items, {
    user: Uint32Array.from({ length: entries }, () => integerDraw(random, users)),
    item: Uint32Array.from({ length: entries }, () => Math.floor(items * random() ** 3)),
  });
}

function readPairs(file: string): { user: number[]; item: number[] } {
  const pairs = { user: [] as number[], item: [] as number[] };
  for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n')) {
    const [user, ...items] = line.trim().split(/\s+/).map(Number);
    for (const item of items) {
      pairs.user.push(user);
      pairs.item.push(item);
    }
  }
  return pairs;
}
