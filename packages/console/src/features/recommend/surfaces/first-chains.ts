import type { RecommendMethod, SurfaceKind } from '@zhiyin/contract';

/** Where items come from on a new surface of each kind; a start that suits most brands. */
export const firstChains: Readonly<Record<SurfaceKind, readonly RecommendMethod[]>> = {
  home: ['personal', 'popular', 'new'],
  similar: ['similar', 'personal', 'popular'],
  cart: ['together', 'personal', 'popular'],
  after_purchase: ['next', 'together', 'personal', 'popular'],
  search: ['search', 'personal', 'popular'],
  message: ['personal', 'popular'],
  feed: ['personal', 'new', 'popular'],
  next: ['next', 'personal', 'popular'],
};
