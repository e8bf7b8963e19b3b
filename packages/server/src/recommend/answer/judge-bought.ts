import type { RecommendRules } from '@zhiyin/contract';
import { judgeRepurchase } from '@zhiyin/learn';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ServingModel } from '../models/serving-model.ts';
import type { Taste } from '../people/history.ts';

const dayMs = 86_400_000;

/** An item that is likely to have run out, in days. */
export type Due = {
  readonly daysSince: number;
  /** Half of those who buy it again have done so by then. */
  readonly medianDays: number;
  /** Share of returning buyers who were back by now. */
  readonly cameBack: number;
};

export type Bought = {
  /** Not to be shown: bought, and not one that comes back, or not within the days set. */
  readonly gone: readonly number[];
  /** Not to be shown yet: what is left of it is likely to last. */
  readonly tooSoon: readonly number[];
  readonly due: ReadonlyMap<number, Due>;
};

const nothingBought: Bought = { gone: [], tooSoon: [], due: new Map() };

/**
 * What a person bought, by where it stands now: days set for its category count first, then the cycle learned from all who bought
 * it, then the days set for everything; without any it is gone for good.
 */
export function judgeBought(
  rules: RecommendRules,
  known: { readonly taste: Taste; readonly catalogue: Catalogue; readonly model: ServingModel | undefined },
  now: number,
): Bought {
  const { taste, catalogue, model } = known;
  if (!rules.excludeBought || taste.bought.size === 0) return nothingBought;
  const cycles = rules.repurchase.learned ? model?.bundle.cycles : undefined;
  const gone: number[] = [];
  const tooSoon: number[] = [];
  const due = new Map<number, Due>();
  for (const [item, at] of taste.bought) {
    const daysSince = Math.max(0, now - at) / dayMs;
    const ofCategory = rules.repurchaseByCategory[catalogue.categories[item] ?? ''];
    const modelled = model?.modelOf[item] ?? -1;
    if (ofCategory === undefined && cycles && modelled >= 0) {
      const state = judgeRepurchase(cycles, modelled, daysSince);
      if (state.kind === 'too-soon') tooSoon.push(item);
      if (state.kind === 'due') due.set(item, { daysSince, medianDays: state.medianDays, cameBack: state.cameBack });
      if (state.kind !== 'once') continue;
    }
    const days = ofCategory ?? rules.repurchaseDays;
    if (days === null || daysSince < days) gone.push(item);
  }
  return { gone, tooSoon, due };
}
