import type { Recommender } from '../recommend/recommender.ts';
import {
  type BlendModel,
  explainByBlend,
  fitBlend,
  recommenderOf,
  scoreByBlendInto,
  scoreManyByBlendInto,
} from './blend.ts';
import { chooseTransitions } from './choose-transitions.ts';
import { holdOut } from './next-items.ts';
import { fitSasrec, type SasrecOptions, sasrecDefaults, suggestSasrecOptions } from './sasrec/fit-sasrec.ts';
import { sequencesOf } from './sequences.ts';
import { fitSessions, type SessionOptions, sessionDefaults } from './session-neighbours.ts';

export type SequenceBlendOptions = {
  readonly sasrec?: Partial<SasrecOptions>;
  readonly sessions?: Partial<SessionOptions>;
  /** Whether a next item may be one the person has had before. */
  readonly maskSeen?: boolean;
};

/**
 * Transitions, sessions and the network with the shares that rank best. The last events of some people are held out for choosing, and
 * stay out: they are a tenth at most.
 */
export const sequenceBlend: Recommender<BlendModel, SequenceBlendOptions> = {
  kind: 'sequence-blend',

  fit(data, options, tools) {
    const { train, validation } = holdOut(sequencesOf(data), 5000);
    const judged = { k: 10, maskSeen: options.maskSeen ?? true };
    const parts = [
      { kind: 'transition-knn', model: chooseTransitions(train, validation, judged).model },
      { kind: 'vsknn', model: fitSessions(train, { ...sessionDefaults, ...options.sessions }) },
      {
        kind: 'sasrec',
        model: fitSasrec(
          train,
          { ...sasrecDefaults, ...suggestSasrecOptions(train), ...options.sasrec },
          tools,
          validation,
        ),
      },
    ] as const;
    return fitBlend(parts, validation, { ...judged, kernels: tools.kernels }).model;
  },

  scoreInto: scoreByBlendInto,
  scoreManyInto: scoreManyByBlendInto,
  explain: explainByBlend,

  /** As the part with the largest share sees it. */
  similar(model, item, k) {
    const [part] = [...model.parts].sort((a, b) => b.share - a.share);
    return (
      recommenderOf(part.kind).similar?.(part.model, item, k) ?? {
        item: new Uint32Array(0),
        score: new Float32Array(0),
      }
    );
  },
};
