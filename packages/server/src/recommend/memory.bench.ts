import { setImmediate as breathe } from 'node:timers/promises';
import { asIdentityId, asProfileId } from '../domain/ids.ts';
import type { Measurement } from '../measurement.ts';
import { seededRandom } from './answer/random.ts';
import { ByteText } from './byte-text.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { ContentIndex } from './catalogue/content-index.ts';
import { toItemLists } from './models/model-bundle.ts';
import { openServingModel } from './models/serving-model.ts';
import { newHistory } from './people/history.ts';
import type { StoredPerson } from './people/load-people.ts';
import { PeopleDirectory } from './people/people-directory.ts';

const items = Number(process.env.ZHIYIN_BENCH_ITEMS ?? 100_000);
const people = Number(process.env.ZHIYIN_BENCH_PEOPLE ?? 1_000_000);
const linksEach = 100;
const deedsEach = 30;
const loadedAtOnce = 500;

/** Resident memory that an answering process grows by: for a catalogue with what answers need of it, for models, for people it knows. */
export async function benchMemory(): Promise<Measurement[]> {
  const per1000 = (bytes: number) => bytes / 1_048_576 / (items / 1_000);
  const random = seededRandom(9);
  const whole = (n: number) => Math.floor(random() * n);
  const kept: unknown[] = [];
  const grown = async (make: () => unknown) => {
    const before = resident();
    kept.push(await make());
    return resident() - before;
  };
  const catalogue = new Catalogue();
  const columns = await grown(() => fillCatalogue(catalogue));
  const content = new ContentIndex(catalogue);
  const features = await grown(() => content.bring());
  const texts = await grown(() => showEverything(catalogue));
  const itemIds = catalogue.ids.slice();
  const none = toItemLists(items, [], 1);
  const parts = { itemIds, viewed: none, together: none, next: none, popularity: new Float32Array(items) };
  const bundle = { kind: 'bundle', version: 1, items, ...parts } as const;
  const lists = await grown(() => {
    const offsets = Uint32Array.from({ length: items + 1 }, (_, item) => item * linksEach);
    const itemOf = new Uint32Array(items * linksEach).map(() => whole(items));
    const weightOf = new Float32Array(items * linksEach).map(() => random());
    const personal = { kind: 'item-knn', version: 1, items, offsets, itemOf, weightOf } as const;
    return openServingModel(1, { ...bundle, personal }, catalogue);
  });
  const known = await grown(() => meetPeople(catalogue, whole));
  return [
    { name: `memory: catalogue of ${items} items`, value: per1000(columns), unit: 'MB per 1,000 items' },
    { name: 'memory: features of their content', value: per1000(features), unit: 'MB per 1,000 items' },
    {
      name: 'memory: what answers say of each, once all were shown',
      value: per1000(texts),
      unit: 'MB per 1,000 items',
    },
    { name: `memory: a model of ${linksEach} links an item`, value: per1000(lists), unit: 'MB per 1,000 items' },
    {
      name: `memory: ${people} people with ${deedsEach} deeds`,
      value: known / 1_048_576 / (people / 1e6),
      unit: 'MB per million people',
    },
  ];
}

/** After collecting what is garbage; `npm run bench` lets benches do so. */
function resident(): number {
  for (let times = 0; times < 3; times += 1) globalThis.gc?.();
  return process.memoryUsage.rss();
}

function fillCatalogue(catalogue: Catalogue): void {
  for (let from = 0; from < items; from += 1_000) {
    catalogue.apply(
      Array.from({ length: Math.min(1_000, items - from) }, (_, at) => {
        const i = from + at;
        return {
          itemId: `item-${i}`,
          name: `手工茶杯 number ${i} of the collection`,
          description: 'Thrown by hand, glazed in ash, fired for three days.',
          category: `category ${i % 200}`,
          brand: `brand ${i % 97}`,
          priceMinor: 1_000 + (i % 500) * 100,
          currency: 'CNY',
          url: `https://shop.example/item/${i}`,
          imageUrl: `https://img.example/item/${i}.jpg`,
          stock: 10,
          attributes: { origin: `place ${i % 31}`, weight: i % 900 },
          deleted: false,
          version: i + 1,
        };
      }),
    );
  }
}

function showEverything(catalogue: Catalogue): void {
  const text = new ByteText();
  for (let index = 0; index < items; index += 1) catalogue.addFragment(text.clear(), index);
}

async function meetPeople(catalogue: Catalogue, whole: (n: number) => number): Promise<PeopleDirectory> {
  const directory = new PeopleDirectory({
    load: async (ids) => new Map(ids.map((id) => [id, person(id, catalogue, whole)])),
    // Two generations of half each: all of them are kept.
    peopleMax: 4 * people,
    keptMs: 3_600_000,
  });
  for (let from = 0; from < people; from += loadedAtOnce) {
    const ids = Array.from({ length: loadedAtOnce }, (_, at) =>
      asIdentityId(String(4_611_686_018_427_387_904n + BigInt(from + at))),
    );
    await Promise.all(ids.map((id) => directory.get(id)));
    await breathe();
  }
  return directory;
}

function person(id: string, catalogue: Catalogue, whole: (n: number) => number): StoredPerson {
  const history = newHistory(deedsEach);
  history.code.fill(1);
  history.times.fill(1);
  for (let deed = 0; deed < deedsEach; deed += 1) {
    history.item[deed] = whole(catalogue.size);
    history.at[deed] = Date.UTC(2026, 10, 1) - whole(200 * 86_400) * 1_000;
  }
  return { profileId: asProfileId(id), identityIds: [asIdentityId(id)], optedOut: false, history };
}
