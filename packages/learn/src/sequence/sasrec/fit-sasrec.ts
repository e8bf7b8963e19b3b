import { DomainError } from '../../errors.ts';
import { integerDraw, type Random, seededRandom, shuffle } from '../../numerics/random.ts';
import type { FitTools } from '../../recommend/recommender.ts';
import { evaluateNextItem } from '../evaluate-next-item.ts';
import { countCases, holdOut, type NextItems, sampleCases } from '../next-items.ts';
import type { Sequences } from '../sequences.ts';
import type { Stretch } from './batch.ts';
import { openBuffers } from './buffers.ts';
import type { Network } from './network.ts';
import { checkShape, countParameters, drawParameters, type SasrecShape, viewParameters } from './parameters.ts';
import { openRatePlan } from './rate-plan.ts';
import type { SasrecModel, SasrecReport } from './sasrec-model.ts';
import { scoreHistoriesInto } from './score-sasrec.ts';
import { openStep, samplerFor } from './train-step.ts';

export type SasrecOptions = Omit<SasrecShape, 'items'> & {
  /** Share of values set to 0 while learning. */
  readonly dropout: number;
  /** Items that stand for all others in one step, shared by its sequences. */
  readonly negatives: number;
  /** They are drawn with chance ∝ (events of the item + 1)^negativePower. */
  readonly negativePower: number;
  /** Sequences per step. */
  readonly batch: number;
  /** The first one; see `openRatePlan`. */
  readonly learningRate: number;
  /** At most so many passes over the data. */
  readonly epochs: number;
  /** So many epochs in a row without gain on the held-out cases, and the learning rate falls; after the smallest one the training ends. */
  readonly patience: number;
  /** Held-out cases looked at after each epoch, at most. */
  readonly validationCasesMax: number;
  /** Ends after so many seconds by `clock`, the learning rate having fallen before; then the best parameters so far are the model. */
  readonly timeBudgetSeconds?: number;
  /** Seconds since anywhere. Needed with a time budget: this package reads no clock. */
  readonly clock?: () => number;
  /** Told after each pass over the data. */
  readonly onEpoch?: (done: { epoch: number; loss: number; ndcg: number | undefined; rate: number }) => void;
};

export const sasrecDefaults: SasrecOptions = {
  size: 64,
  blocks: 2,
  heads: 1,
  maxLength: 50,
  inner: 64,
  dropout: 0.2,
  negatives: 256,
  negativePower: 0,
  batch: 128,
  learningRate: 0.001,
  epochs: 60,
  patience: 3,
  validationCasesMax: 2000,
};

/** Steps until the learning rate is whole: as many as this, or one pass over the data. */
const warmUpStepsMax = 100;

/** How often the running mean of the parameters is moved: each time would cost as much as Adam. */
const averageEverySteps = 4;

/**
 * Learns to say the next item after every event. What answers is the mean of the parameters over about the last pass (Polyak and Juditsky
 * 1992): steps jump around a good place, their mean is in it. After each pass the held-out cases are ranked, and the best mean is kept.
 * @param validation what to hold out; their targets must not be in `sequences`. By default the last events of some users, taken out here.
 * @throws DomainError when an option does not fit, or nobody has two events.
 * Cost: see `forward`, times three, plus 6 · negatives · size per event; the memory is that of one batch.
 */
export function fitSasrec(
  sequences: Sequences,
  options: SasrecOptions,
  tools: FitTools,
  validation?: NextItems,
): SasrecModel {
  const shape: SasrecShape = { ...pickShape(options), items: sequences.items };
  checkShape(shape);
  checkOptions(options);
  const held = validation ? { train: sequences, validation } : holdOut(sequences, options.validationCasesMax);
  const { kernels } = tools;
  return kernels.scope(() => {
    const parameters = kernels.float32(countParameters(shape));
    drawParameters(shape, parameters, seededRandom(tools.seed));
    const views = viewParameters(shape, parameters);
    const network: Network = { kernels, buffers: openBuffers(kernels), shape, parameters: views };
    const average = kernels.float32(parameters.length);
    const judge: Network = {
      kernels,
      buffers: openBuffers(kernels),
      shape,
      parameters: viewParameters(shape, average),
    };
    const cases = sampleCases(held.validation, options.validationCasesMax);
    const rank = () =>
      evaluateNextItem(cases, (histories, scores) => scoreHistoriesInto(judge, histories, scores), {
        k: 10,
        maskSeen: true,
      });
    const isJudged = countCases(cases) > 0;
    const { best, report } = train(
      network,
      held.train,
      { parameters, average },
      options,
      tools,
      isJudged ? rank : undefined,
    );
    return {
      kind: 'sasrec',
      version: 1,
      ...shape,
      parameters: best,
      report: { ...report, validationCases: countCases(cases) },
    };
  });
}

type Judgement = { readonly hit: number; readonly ndcg: number };

function train(
  network: Network,
  sequences: Sequences,
  { parameters, average }: { parameters: Float32Array; average: Float32Array },
  options: SasrecOptions,
  { seed, progress }: FitTools,
  judge: (() => Judgement) | undefined,
): { best: Float32Array; report: Omit<SasrecReport, 'validationCases'> } {
  const random = seededRandom(seed + 1);
  const wholes = cutStretches(sequences, options.maxLength);
  if (wholes.length === 0) throw new DomainError('fitSasrec: nobody has two events, so there is no next one to learn');
  const stepsPerEpoch = Math.ceil(wholes.length / options.batch);
  const warmUpSteps = Math.min(warmUpStepsMax, stepsPerEpoch);
  const step = openStep(network, parameters, { ...options, warmUpSteps }, samplerFor(sequences, options, random), seed);
  const started = options.clock?.() ?? 0;
  const timeSpent = () =>
    options.timeBudgetSeconds === undefined ? 0 : ((options.clock?.() ?? 0) - started) / options.timeBudgetSeconds;

  const plan = openRatePlan(options.patience);
  let best = { ndcg: -1, hit: 0, epoch: 0, parameters: average };
  const losses: number[] = [];
  const ndcgs: number[] = [];
  let steps = 0;
  let averaged = 0;
  const averagedMax = Math.ceil(stepsPerEpoch / averageEverySteps);
  let outOfTime = false;
  for (let epoch = 1; epoch <= options.epochs && !outOfTime && plan.rate > 0; epoch++) {
    const stretches = cutStretches(sequences, options.maxLength, random);
    const order = Uint32Array.from(stretches, (_, at) => at);
    shuffle(order, random);
    let loss = 0;
    let from = 0;
    for (; from < stretches.length && !outOfTime; from += options.batch) {
      const some = Array.from(order.subarray(from, from + options.batch), (at) => stretches[at]);
      loss += step(sequences.itemOf, some, ++steps, plan.rate);
      if (steps % averageEverySteps === 0) moveAverage(average, parameters, 1 / Math.min(++averaged, averagedMax));
      progress?.(Math.min(1, (epoch - 1 + from / stretches.length) / options.epochs));
      outOfTime = timeSpent() >= 1;
    }
    if (averaged === 0) average.set(parameters); // fewer steps than make a mean
    losses.push(loss / Math.ceil(from / options.batch));
    // Without held-out cases the last parameters are the best known.
    const judged = judge?.();
    if (judged) ndcgs.push(judged.ndcg);
    options.onEpoch?.({ epoch, loss: losses[epoch - 1], ndcg: judged?.ndcg, rate: plan.rate });
    const { hit, ndcg } = judged ?? { hit: 0, ndcg: best.ndcg + 1 };
    const isBetter = ndcg > best.ndcg;
    if (isBetter) best = { hit, ndcg, epoch, parameters: average.slice() };
    if (plan.fallsAfter({ isBetter, passes: epoch / options.epochs, time: timeSpent() })) {
      // Smaller steps begin from the best place known, not from where too large ones have led.
      parameters.set(best.parameters);
      averaged = 0;
    }
  }
  return {
    best: best.parameters,
    report: {
      epochs: losses.length,
      bestEpoch: best.epoch,
      steps,
      validationHit: best.hit,
      validationNdcg: judge ? best.ndcg : 0,
      losses,
      ndcgs,
      outOfTime: outOfTime || plan.isByTime,
    },
  };
}

/** average ← average + share · (parameters − average). */
function moveAverage(average: Float32Array, parameters: Float32Array, share: number): void {
  for (let i = 0; i < average.length; i++) average[i] += share * (parameters[i] - average[i]);
}

/**
 * What the network reads: whole sequences without their last event; longer ones in stretches cut from the end backwards.
 * @param random where the first cut of a longer one is drawn from: then an event is read behind others in each pass.
 */
export function cutStretches({ users, offsets }: Sequences, maxLength: number, random?: Random): Stretch[] {
  const stretches: Stretch[] = [];
  for (let u = 0; u < users; u++) {
    const isLong = offsets[u + 1] - 1 - offsets[u] > maxLength;
    let length = random && isLong ? 1 + integerDraw(random, maxLength) : maxLength;
    for (let end = offsets[u + 1] - 1; end > offsets[u]; end -= length, length = maxLength) {
      stretches.push({ start: Math.max(offsets[u], end - length), end });
    }
  }
  return stretches;
}

/**
 * What suits the length of the sequences, by trials on Amazon Beauty and MovieLens-1M: short histories (shops) need more dropout; long ones
 * (films, music) need fewer per step, since a step learns from every event of them. Longer ones are cut: the network learns from all parts.
 */
export function suggestSasrecOptions({
  users,
  itemOf,
}: Sequences): Pick<SasrecOptions, 'maxLength' | 'batch' | 'dropout' | 'learningRate' | 'negatives'> {
  const meanLength = itemOf.length / Math.max(1, users);
  return meanLength <= 50
    ? { maxLength: 50, batch: 128, dropout: 0.4, learningRate: 0.001, negatives: 256 }
    : { maxLength: 100, batch: 16, dropout: 0.2, learningRate: 0.002, negatives: 512 };
}

function pickShape({ size, blocks, heads, maxLength, inner }: SasrecOptions): Omit<SasrecShape, 'items'> {
  return { size, blocks, heads, maxLength, inner };
}

function checkOptions(options: SasrecOptions): void {
  for (const name of ['negatives', 'batch', 'epochs', 'patience', 'validationCasesMax'] as const) {
    if (!(Number.isInteger(options[name]) && options[name] >= 1)) {
      throw new DomainError(`fitSasrec: ${name} must be a positive integer, got ${options[name]}`);
    }
  }
  if (!(options.dropout >= 0 && options.dropout < 1)) {
    throw new DomainError(`fitSasrec: dropout must be in [0, 1), got ${options.dropout}`);
  }
  if (!(options.learningRate > 0)) {
    throw new DomainError(`fitSasrec: learningRate must be greater than 0, got ${options.learningRate}`);
  }
  if (options.timeBudgetSeconds !== undefined && !options.clock) {
    throw new DomainError('fitSasrec: timeBudgetSeconds needs a clock');
  }
}
