import { DomainError } from '../errors.ts';
import { buildInteractions } from '../recommend/interactions.ts';
import { popularity } from '../recommend/popularity.ts';
import type { FitTools, RecommendModel } from '../recommend/recommender.ts';
import { type AnySequenceRecommender, type BlendPart, fitBlend, recommenderOf } from './blend.ts';
import { chooseTransitions } from './choose-transitions.ts';
import { evaluateNextItem, type NextItemOptions, type NextItemReport, scoreHistories } from './evaluate-next-item.ts';
import { countCases, type NextItems, sampleCases } from './next-items.ts';
import { fitSasrec, type SasrecOptions, sasrecDefaults, suggestSasrecOptions } from './sasrec/fit-sasrec.ts';
import { sequenceBlend } from './sequence-blend.ts';
import type { Sequences } from './sequences.ts';
import { fitSessions, sessionDefaults } from './session-neighbours.ts';
import { fitTransitions, transitionDefaults } from './transition-neighbours.ts';

/** From the simplest to the dearest. */
export const sequenceModels = ['popular', 'transition-knn', 'vsknn', 'sasrec', 'blend'] as const;
export type SequenceModelName = (typeof sequenceModels)[number];

export type SequenceChoiceOptions = NextItemOptions & {
  /** Which may be chosen. A blend fits what it is made of. */
  readonly models: readonly SequenceModelName[];
  readonly sasrec?: Partial<SasrecOptions>;
  /** Seconds by `clock` for everything; most of it is for the network. */
  readonly timeBudgetSeconds?: number;
  readonly clock?: () => number;
};

export type SequenceCandidate = {
  readonly name: SequenceModelName;
  readonly recommender: Pick<AnySequenceRecommender, 'scoreInto' | 'scoreManyInto'>;
  readonly model: RecommendModel;
  /** Absent where there is no case to validate on. */
  readonly validation?: NextItemReport;
  readonly fitSeconds?: number;
  /** The same, with the options that were chosen, fitted on other sequences: those with the validation part, before it serves. */
  readonly refit: (sequences: Sequences) => RecommendModel;
};

const casesMax = 10_000;
/** Of the time that is left: the blend is ranked after the network is trained. */
const networkShare = 0.9;

/**
 * Fits each model on `train`, with options chosen by validation where it has any, and ranks the same validation cases with all.
 * @returns the candidates in the order asked for, and the one that ranks best: a dearer one only when it is better.
 */
export function chooseSequenceModel(
  train: Sequences,
  validation: NextItems,
  options: SequenceChoiceOptions,
  tools: FitTools,
): { readonly best: SequenceCandidate; readonly candidates: readonly SequenceCandidate[] } {
  if (options.models.length === 0) throw new DomainError('chooseSequenceModel: models must name at least one');
  const cases = sampleCases(validation, casesMax);
  const now = () => options.clock?.() ?? 0;
  const started = now();
  const work = {
    train,
    validation,
    cases,
    options,
    tools,
    until: started + (options.timeBudgetSeconds ?? Infinity),
    now,
  };
  const fitted = new Map<SequenceModelName, SequenceCandidate>();
  const candidates = possible(options.models, train, cases).map((name) => getCandidate(name, work, fitted));
  const ndcgOf = ({ validation }: SequenceCandidate) => validation?.ndcg ?? 0;
  return { best: candidates.reduce((best, next) => (ndcgOf(next) > ndcgOf(best) ? next : best)), candidates };
}

/** Where several are asked for: the first alone when there is nothing to choose by, and no network when there is nothing to learn it from. */
function possible(
  models: readonly SequenceModelName[],
  { users, offsets }: Sequences,
  cases: NextItems,
): readonly SequenceModelName[] {
  if (models.length === 1) return models;
  if (countCases(cases) === 0) return models.slice(0, 1);
  const hasPairs = offsets.some((offset, u) => u < users && offsets[u + 1] - offset > 1);
  return hasPairs ? models : models.filter((name) => name !== 'sasrec' && name !== 'blend');
}

type Work = {
  readonly train: Sequences;
  readonly validation: NextItems;
  readonly cases: NextItems;
  readonly options: SequenceChoiceOptions;
  readonly tools: FitTools;
  readonly until: number;
  readonly now: () => number;
};

type Fitted = Pick<SequenceCandidate, 'recommender' | 'model' | 'refit'>;

/** A model is fitted once, also when a blend needs it too. */
function getCandidate(
  name: SequenceModelName,
  work: Work,
  known: Map<SequenceModelName, SequenceCandidate>,
): SequenceCandidate {
  const before = known.get(name);
  if (before) return before;
  const started = work.now();
  const fitted = name === 'blend' ? fitParts(work, known) : fitOne[name](work);
  const { k, maskSeen } = work.options;
  const candidate: SequenceCandidate = {
    name,
    ...fitted,
    ...(work.options.clock ? { fitSeconds: work.now() - started } : {}),
    ...(countCases(work.cases) > 0
      ? {
          validation: evaluateNextItem(
            work.cases,
            scoreHistories(fitted.recommender, fitted.model, work.tools.kernels),
            { k, maskSeen },
          ),
        }
      : {}),
  };
  known.set(name, candidate);
  return candidate;
}

const fitOne: Record<Exclude<SequenceModelName, 'blend'>, (work: Work) => Fitted> = {
  popular({ train, tools }) {
    const fit = (sequences: Sequences) => {
      const user = new Uint32Array(sequences.itemOf.length);
      for (let u = 0; u < sequences.users; u++) user.fill(u, sequences.offsets[u], sequences.offsets[u + 1]);
      const interactions = buildInteractions(sequences.users, sequences.items, { user, item: sequences.itemOf });
      return popularity.fit({ interactions }, {}, tools);
    };
    return { recommender: recommenderOf('popularity'), model: fit(train), refit: fit };
  },

  'transition-knn'({ train, validation, options, until, now }) {
    const isJudged = countCases(validation) > 0;
    const chosen = isJudged
      ? chooseTransitions(train, validation, { ...options, isOver: () => now() >= until })
      : { model: fitTransitions(train), options: transitionDefaults };
    return {
      recommender: recommenderOf('transition-knn'),
      model: chosen.model,
      refit: (sequences) => fitTransitions(sequences, chosen.options),
    };
  },

  vsknn({ train }) {
    const fit = (sequences: Sequences) => fitSessions(sequences, sessionDefaults);
    return { recommender: recommenderOf('vsknn'), model: fit(train), refit: fit };
  },

  sasrec({ train, validation, options, tools, until, now }) {
    const chosen: SasrecOptions = {
      ...sasrecDefaults,
      ...suggestSasrecOptions(train),
      ...options.sasrec,
      ...(options.clock && Number.isFinite(until)
        ? { clock: options.clock, timeBudgetSeconds: Math.max(1, networkShare * (until - now())) }
        : {}),
    };
    const model = fitSasrec(train, chosen, tools, validation);
    const refit = (sequences: Sequences) =>
      fitSasrec(sequences, { ...chosen, epochs: Math.max(1, model.report.bestEpoch) }, tools, noCases(sequences));
    return { recommender: recommenderOf('sasrec'), model, refit };
  },
};

/** The blend of transitions, sessions and the network. */
function fitParts(work: Work, known: Map<SequenceModelName, SequenceCandidate>): Fitted {
  const { validation, options, tools } = work;
  const parts = blendedModels.map((name) => ({ name, candidate: getCandidate(name, work, known) }));
  const named = parts.map(({ name, candidate }) => ({ kind: name, model: candidate.model }));
  const model =
    countCases(validation) > 0
      ? fitBlend(named, validation, { ...options, kernels: tools.kernels }).model
      : { ...emptyBlend, items: work.train.items, parts: [{ ...named[0], share: 1 }] };
  const refitOf = new Map(parts.map(({ name, candidate }) => [name as string, candidate.refit]));
  return {
    recommender: sequenceBlend as AnySequenceRecommender,
    model,
    refit: (sequences) => ({
      ...model,
      parts: model.parts.map(
        (part): BlendPart => ({ ...part, model: refitOf.get(part.kind)?.(sequences) ?? part.model }),
      ),
    }),
  };
}

const blendedModels = ['transition-knn', 'vsknn', 'sasrec'] as const;
const emptyBlend = { kind: 'sequence-blend', version: 1 } as const;

function noCases(sequences: Sequences): NextItems {
  return { sequences, start: new Uint32Array(0), end: new Uint32Array(0) };
}
