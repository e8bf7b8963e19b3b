export type { CatalogueItem } from './catalogue/build-catalogue.ts';
export { createMarket, defaultMarketOptions, type Market, type MarketOptions } from './create-market.ts';
export type { SpendRow } from './people/media.ts';
export type { Call } from './simulate/calls.ts';
export type { MarketDay } from './simulate/simulate.ts';
export type { Review } from './reviews/write-review.ts';
