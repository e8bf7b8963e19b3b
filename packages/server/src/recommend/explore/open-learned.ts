import type { LinearBelief } from '@zhiyin/learn';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type LearnedSurface, toBelief } from './learned.ts';

/** What a surface has learned, ready to answer with: items by catalogue index. */
export type ServingLearned = {
  readonly shareOf: ReadonlyMap<number, number>;
  /** Items by share, the most promising first. */
  readonly best: readonly number[];
  readonly untriedShare: number;
  readonly belief: LinearBelief | undefined;
  /** Mean reward of what was tried. */
  readonly mean: number;
};

export function openLearned(learned: LearnedSurface, catalogue: Catalogue): ServingLearned {
  const arms = learned.arms.toSorted((a, b) => b.share - a.share);
  const shares = arms.map(({ itemId, share }) => [catalogue.register(itemId), share] as const);
  return {
    shareOf: new Map(shares),
    best: shares.map(([item]) => item),
    untriedShare: learned.untriedShare,
    belief: learned.belief ? toBelief(learned.belief) : undefined,
    mean: learned.tried > 0 ? learned.rewarded / learned.tried : 0,
  };
}
