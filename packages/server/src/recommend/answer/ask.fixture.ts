import { type RecommendRules, recommendRulesSchema, type SurfaceUpdate } from '@zhiyin/contract';
import { Catalogue } from '../catalogue/catalogue.ts';
import { ContentIndex } from '../catalogue/content-index.ts';
import { toItemLists } from '../models/model-bundle.ts';
import { openServingModel, type ServingModel } from '../models/serving-model.ts';
import { emptyTaste, type Taste } from '../people/history.ts';
import { popularFromModel } from '../popular-items.ts';
import { answerQuestion } from './answer-question.ts';
import { compileSurface, eligibleMask } from './compiled-surface.ts';
import { listExclusions, unionOf } from './exclude.ts';
import { judgeBought } from './judge-bought.ts';
import { historyOf } from './model-history.ts';
import type { Question } from './question.ts';
import { seededRandom } from './random.ts';

export const items = 60;
export const catalogue = new Catalogue();
catalogue.apply(
  Array.from({ length: items + 5 }, (_, i) => ({
    itemId: `i-${i}`,
    name: `item ${i}`,
    description: '',
    category: `c-${i % 4}`,
    brand: `b-${i % 10}`,
    priceMinor: 1_000 + i * 10,
    currency: 'CNY',
    url: '',
    imageUrl: '',
    stock: null,
    attributes: {},
    deleted: false,
    version: i + 1,
  })),
);
/** Having i speaks for i + 1 (strongest), i + 2, … i + 20. The last five items are unknown to the model. */
const chains = toItemLists(
  items,
  Array.from({ length: items * 20 }, (_, at) => {
    const from = Math.floor(at / 20);
    const step = (at % 20) + 1;
    return { from, to: (from + step) % items, weight: 1 / step };
  }),
  100,
);
export const model: ServingModel = openServingModel(
  3,
  {
    kind: 'bundle',
    version: 1,
    items,
    itemIds: Array.from({ length: items }, (_, i) => `i-${i}`),
    personal: { kind: 'item-knn', version: 1, items, ...chains } as never,
    viewed: chains,
    together: chains,
    next: chains,
    popularity: Float32Array.from({ length: items }, (_, i) => items - i),
  },
  catalogue,
);
export const taste = (...likes: number[]): Taste => ({
  ...emptyTaste,
  item: likes,
  weight: likes.map(() => 1),
  at: likes.map((_, at) => at),
  code: likes.map(() => 1),
});

/** One question put to the whole answer, with what differs from a plain surface. */
export function ask(
  given: Partial<Omit<Question, 'surface' | 'arm'>> & {
    rules?: Partial<RecommendRules>;
    settings?: Partial<SurfaceUpdate>;
  },
) {
  const { rules = {}, settings = {}, ...question } = given;
  const plain = { exploration: 0, diversity: 0 };
  const surface = compileSurface(
    'home',
    {
      name: 'Home',
      kind: 'home',
      enabled: true,
      isPublic: false,
      k: 5,
      chain: ['personal', 'popular'],
      experiment: null,
      ...settings,
      rules: recommendRulesSchema.parse({ ...plain, ...rules }),
    },
    catalogue,
  );
  const now = Date.parse('2026-11-22T00:00:00Z');
  const person = question.taste ?? emptyTaste;
  const bought = judgeBought(surface.settings.rules, { taste: person, catalogue, model: question.model ?? model }, now);
  const exclusions = listExclusions({
    rules: surface.settings.rules,
    taste: person,
    bought,
    asked: question.about ?? [],
    now,
  });
  const full: Question = {
    surface,
    arm: surface.plain,
    catalogue,
    content: new ContentIndex(catalogue),
    model,
    popular: popularFromModel(model),
    taste: person,
    history: historyOf({ taste: person, model }),
    about: [],
    candidates: undefined,
    excluded: unionOf(exclusions),
    exclusions,
    due: bought.due,
    eligible: eligibleMask(surface, catalogue, undefined),
    newItems: () => [60, 61, 62, 63, 64],
    learned: undefined,
    k: 5,
    now,
    random: seededRandom(1),
    ...question,
  } as Question;
  return { ...answerQuestion(full), question: full };
}
