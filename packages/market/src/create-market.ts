import { dayMs, parseDay, startOfDayMs } from './calendar.ts';
import { buildCatalogue, type Catalogue, type CatalogueItem } from './catalogue/build-catalogue.ts';
import { buildPeople, type Person } from './people/build-people.ts';
import { type MediaPlan, planMedia, type SpendRow } from './people/media.ts';
import { makeRespond, type Respond } from './respond.ts';
import type { Review } from './reviews/write-review.ts';
import type { Call } from './simulate/calls.ts';
import { type MarketDay, simulate } from './simulate/simulate.ts';
import { readTruth, type Truth } from './truth.ts';

export type MarketOptions = {
  readonly seed: number;
  readonly people: number;
  readonly items: number;
  readonly days: number;
  /** Last day, in China: `2026-11-22`. */
  readonly endDay: string;
  /** Nothing that happens at or after this instant is told (ISO). Default: the end of `endDay`. */
  readonly endAt?: string;
  /** Share of people who use the shop in English. */
  readonly englishShare: number;
};

export const defaultMarketOptions = {
  seed: 20_260_101,
  people: 20_000,
  items: 432,
  days: 365,
  englishShare: 0.15,
} as const;

/** What is drawn before the first day begins. */
export type MarketBase = {
  readonly options: MarketOptions;
  readonly startDay: number;
  readonly days: number;
  readonly catalogue: Catalogue;
  readonly people: readonly Person[];
  readonly media: MediaPlan;
};

export type Market = {
  readonly options: MarketOptions;
  readonly base: MarketBase;
  catalogue(): readonly CatalogueItem[];
  /** Day by day, in time order, each run from the beginning. */
  days(): Generator<MarketDay>;
  events(): Generator<Call>;
  reviews(): Generator<Review>;
  adSpend(): readonly SpendRow[];
  /** What no event tells: for tests only. */
  truth(): Truth;
  /** How a person really answers something: the oracle of closed-loop tests. */
  respond: Respond;
};

/** Draws a market. Pure: the same options give the same market, to the byte; no clock, no I/O. */
export function createMarket(given: Partial<MarketOptions> & { readonly endDay: string }): Market {
  const options = checkOptions({ ...defaultMarketOptions, ...given });
  const startDay = parseDay(options.endDay) - options.days + 1;
  const catalogue = buildCatalogue(options.seed, options.items);
  const people = buildPeople(
    { seed: options.seed, count: options.people, englishShare: options.englishShare },
    catalogue,
  );
  const media = planMedia(options.seed, startDay, options.days, options.people);
  const base: MarketBase = { options, startDay, days: options.days, catalogue, people, media };
  const market: Market = {
    options,
    base,
    catalogue: () => catalogue.items.map((item) => item.shown),
    days: () => daysUntilEnd(base),
    *events() {
      for (const day of daysUntilEnd(base)) yield* day.calls;
    },
    *reviews() {
      for (const day of daysUntilEnd(base)) yield* day.reviews;
    },
    adSpend: () => media.spend,
    truth: () => readTruth(market),
    respond: makeRespond(base),
  };
  return market;
}

function* daysUntilEnd(base: MarketBase): Generator<MarketDay> {
  const { endDay, endAt } = base.options;
  const lastDay = parseDay(endDay);
  const endMs = endAt ? Date.parse(endAt) : startOfDayMs(lastDay) + dayMs;
  for (const day of simulate(base)) {
    yield startOfDayMs(day.day) + dayMs > endMs ? cutDay(day, endMs) : day;
    if (day.day >= lastDay) return;
  }
}

function cutDay(day: MarketDay, endMs: number): MarketDay {
  const end = new Date(endMs).toISOString();
  return {
    ...day,
    calls: day.calls.filter((_, index) => (day.times[index] as number) < endMs),
    times: day.times.filter((at) => at < endMs),
    reviews: day.reviews.filter((review) => review.timestamp < end),
  };
}

function checkOptions(options: MarketOptions): MarketOptions {
  const whole = (name: 'people' | 'items' | 'days', low: number, high: number) => {
    const value = options[name];
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new RangeError(`createMarket: ${name} must be a whole number from ${low} to ${high}, got ${value}`);
    }
  };
  whole('people', 1, 5_000_000);
  whole('items', 12, 20_000);
  whole('days', 1, 3_660);
  if (!Number.isInteger(options.seed))
    throw new RangeError(`createMarket: seed must be a whole number, got ${options.seed}`);
  if (!(options.englishShare >= 0 && options.englishShare <= 1)) {
    throw new RangeError(`createMarket: englishShare must be from 0 to 1, got ${options.englishShare}`);
  }
  if (options.endAt !== undefined && Number.isNaN(Date.parse(options.endAt))) {
    throw new RangeError(`createMarket: endAt must be an instant such as 2026-11-22T10:00:00Z, got ${options.endAt}`);
  }
  parseDay(options.endDay);
  return options;
}
