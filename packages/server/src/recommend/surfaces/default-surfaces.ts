import { type RecommendMethod, recommendRulesSchema, type SurfaceKind, type SurfaceUpdate } from '@zhiyin/contract';

type Seed = {
  readonly surface: string;
  readonly kind: SurfaceKind;
  readonly name: { readonly en: string; readonly zh: string };
  readonly k: number;
  readonly chain: readonly RecommendMethod[];
  readonly rules?: Partial<SurfaceUpdate['rules']>;
};

/** Every workspace starts with these; each can be edited, and more can be added. */
const seeds: readonly Seed[] = [
  {
    surface: 'home',
    kind: 'home',
    name: { en: 'Home page', zh: '首页' },
    k: 12,
    chain: ['personal', 'popular'],
    rules: { diversity: 0.3, perCategoryMax: 6 },
  },
  {
    surface: 'similar',
    kind: 'similar',
    name: { en: 'Similar items', zh: '相似商品' },
    k: 8,
    chain: ['similar', 'personal', 'popular'],
    rules: { excludeBought: false, exploration: 0, diversity: 0.1 },
  },
  {
    surface: 'cart',
    kind: 'cart',
    name: { en: 'Cart and bundles', zh: '购物车搭配' },
    k: 6,
    chain: ['together', 'personal', 'popular'],
    rules: { exploration: 0, priceToCart: { atLeast: null, atMost: 1 } },
  },
  {
    surface: 'after_purchase',
    kind: 'after_purchase',
    name: { en: 'After a purchase', zh: '购买之后' },
    k: 8,
    chain: ['together', 'next', 'personal', 'popular'],
    rules: { repurchaseDays: 60 },
  },
  {
    surface: 'search',
    kind: 'search',
    name: { en: 'Search results', zh: '搜索排序' },
    k: 24,
    chain: ['search'],
    rules: { excludeBought: false, excludeDisliked: false, exploration: 0, diversity: 0 },
  },
  {
    surface: 'message',
    kind: 'message',
    name: { en: 'Block in e-mail or push', zh: '邮件与推送' },
    k: 4,
    chain: ['personal', 'popular'],
    rules: { repurchaseDays: 60, diversity: 0.3 },
  },
  {
    surface: 'feed',
    kind: 'feed',
    name: { en: 'Content feed', zh: '内容流' },
    k: 20,
    chain: ['personal', 'new', 'popular'],
    rules: { excludeViewedHours: 72, diversity: 0.5, exploration: 0.1 },
  },
  {
    surface: 'next',
    kind: 'next',
    name: { en: 'What to take next (course, trip, dish)', zh: '接下来（课程、行程、菜品）' },
    k: 6,
    chain: ['next', 'personal', 'popular'],
  },
];

export const defaultSurfaces = (locale: 'en' | 'zh-CN'): ReadonlyMap<string, SurfaceUpdate> =>
  new Map(
    seeds.map(({ surface, kind, name, k, chain, rules }) => [
      surface,
      {
        name: locale === 'en' ? name.en : name.zh,
        kind,
        enabled: true,
        isPublic: false,
        k,
        chain: [...chain],
        rules: recommendRulesSchema.parse(rules ?? {}),
        experiment: null,
      },
    ]),
  );
