import type { RecommendMethod } from '@zhiyin/contract';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ContentIndex } from '../catalogue/content-index.ts';
import type { ServingLearned } from '../explore/open-learned.ts';
import type { ServingModel } from '../models/serving-model.ts';
import type { Taste } from '../people/history.ts';
import type { Arm, CompiledSurface } from './compiled-surface.ts';
import type { Due } from './judge-bought.ts';

/** What an answer is made of, gathered before the first step. Items are indices of the catalogue. */
export type Question = {
  readonly surface: CompiledSurface;
  readonly arm: Arm;
  readonly catalogue: Catalogue;
  readonly content: ContentIndex;
  readonly model: ServingModel | undefined;
  /** Items by popularity, most popular first; from the model, or counted by the event store. */
  readonly popular: PopularItems;
  /** Empty when nothing about the person may be or is known. */
  readonly taste: Taste;
  /** The same in items of the model, those it knows. */
  readonly history: () => ModelHistory;
  /** What is looked at, in the cart, just bought: the situation, not the person. */
  readonly about: readonly number[];
  readonly candidates: readonly number[] | undefined;
  /** May not be shown, whatever speaks for it: all of `exclusions`. */
  readonly excluded: ReadonlySet<number>;
  /** The same by reason, for those who ask why. */
  readonly exclusions: readonly { readonly rule: string; readonly items: ReadonlySet<number> }[];
  /** What the person bought and is likely to need again. */
  readonly due: ReadonlyMap<number, Due>;
  /** 1: may show by the rules that depend on the item alone. */
  readonly eligible: Uint8Array;
  /** Live items that the model does not know yet, the latest first. */
  readonly newItems: () => readonly number[];
  /** What exploration has found out on this surface. */
  readonly learned: ServingLearned | undefined;
  readonly k: number;
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/** Columns of one length, oldest first; seconds. */
export type ModelHistory = {
  readonly item: readonly number[];
  readonly weight: readonly number[];
  readonly at: readonly number[];
};

export type PopularItems = {
  readonly item: Int32Array;
  /** 0 to 1, of the most popular. */
  readonly score: Float32Array;
};

/** An item on its way to the answer. */
export type Candidate = {
  readonly item: number;
  /** 0 to 1: how well it suits, in the order of the chain (see `generateCandidates`). */
  score: number;
  readonly method: RecommendMethod;
  boosted: boolean;
};

export type Chosen = Candidate & {
  readonly pinned: boolean;
  readonly explored: boolean;
  readonly propensity: number;
  /** Of what was tried: see `featureNames`. */
  readonly features?: Float64Array;
};
