import {
  explainByWeights,
  type ItemWeights,
  scoreByWeightsInto,
  serveByWeights,
  similarByWeights,
} from './item-weights.ts';
import type { Recommender } from './recommender.ts';
import { walkWeights } from './walk-weights.ts';

/** A random walk of three steps from a person: to what they have, to who else has it, to what those have. */
export type Rp3Beta = ItemWeights & { readonly kind: 'rp3beta'; readonly version: 1 };

export type Rp3BetaOptions = {
  /** Sharpness of the walk's choices: chances are taken to this power. */
  readonly alpha?: number;
  /** Discount of popularity where the walk ends: 0 none, 1 whole. */
  readonly beta?: number;
  /** Links kept per item. */
  readonly linksMax?: number;
};

/**
 * W_ji = Σ_u (1 / d_j)^alpha (1 / d_u)^alpha / d_i^beta. Weights of the history count as they are.
 * Sources: Cooper et al. (2014), WWW Companion, 811-816; Paudel et al. (2017), ACM TiiS 7(1).
 */
export const rp3beta: Recommender<Rp3Beta, Rp3BetaOptions> = {
  kind: 'rp3beta',
  fit({ interactions }, { alpha = 0.7, beta = 0.3, linksMax = 200 }, tools) {
    const weights = walkWeights(
      interactions,
      { sourceExponent: alpha, personExponent: alpha, targetExponent: beta, linksMax, keepBy: 'source' },
      tools,
    );
    tools.progress?.(1);
    return { kind: 'rp3beta', version: 1, ...weights };
  },
  scoreInto: scoreByWeightsInto,
  similar: similarByWeights,
  explain: explainByWeights,
  serve: (model) => serveByWeights(model),
};
