import { openKernels } from '@zhiyin/kernels';
import {
  chooseSequenceModel,
  countCases,
  DomainError,
  evaluateNextItem,
  type SequenceCandidate,
  type SequenceModelName,
  scoreHistories,
  sequenceModels,
} from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { readSequences } from './read-sequences.ts';

export type SequenceEvaluationOptions = {
  /** A file of events, or a folder of the published split. */
  events: string;
  model: string;
  k: number;
  seed: number;
  timeBudgetSeconds: number;
  /** `mask`: items of the history cannot be answers. `keep`: they can. */
  repeats: string;
  /** Fits the chosen model again on training and validation before the test, as a platform would. */
  refit: boolean;
};

export type SequenceEvaluation = Record<string, number | string | null>;

/**
 * What comes next: fits on all but the last two events of everybody, chooses by the last but one, measures on the last. Full ranking
 * over all items. The test events are looked at once, by the model that was chosen.
 */
export async function evaluateSequence(options: SequenceEvaluationOptions): Promise<SequenceEvaluation> {
  const models = modelsOf(options.model);
  if (options.repeats !== 'mask' && options.repeats !== 'keep') {
    throw invalid('--repeats', `must be mask or keep, got ${options.repeats}`);
  }
  const { k, seed } = options;
  const maskSeen = options.repeats === 'mask';
  const task = await readSequences(options.events);
  if (countCases(task.test) === 0) {
    throw invalid(
      '--events',
      'nobody has two events, so there is no next one to look for; give a file with longer histories',
    );
  }
  using kernels = openKernels();
  const tools = { kernels, seed };
  const clock = () => performance.now() / 1000;
  const started = clock();
  const choice = { models, k, maskSeen, clock, timeBudgetSeconds: options.timeBudgetSeconds };
  const { best, candidates, model } = named(() => {
    const chosen = chooseSequenceModel(task.train, task.validation, choice, tools);
    return { ...chosen, model: options.refit ? chosen.best.refit(task.trainAndValidation) : chosen.best.model };
  });
  const fitSeconds = clock() - started;
  const rankingStarted = clock();
  const report = evaluateNextItem(task.test, scoreHistories(best.recommender, model, kernels), { k, maskSeen });
  const casesPerSecond = report.cases / Math.max(1e-9, clock() - rankingStarted);
  return {
    task: 'sequence',
    model: best.name,
    reason: describeChoice(best, candidates, options),
    [`hit@${k}`]: report.hit,
    [`ndcg@${k}`]: report.ndcg,
    protocol: options.refit ? `${task.protocol}, then on the validation part too` : task.protocol,
    ranking: `all items, those of the history ${maskSeen ? 'left out' : 'included'}, ties against the model`,
    users: task.train.users,
    items: task.train.items,
    events: task.events,
    cases: report.cases,
    repeatTargets: report.repeatTargets,
    ...Object.fromEntries(
      candidates.flatMap(({ name, validation, fitSeconds }) => [
        [`validationNdcg ${name}`, validation?.ndcg ?? null],
        [`validationHit ${name}`, validation?.hit ?? null],
        [`fitSeconds ${name}`, fitSeconds ?? null],
      ]),
    ),
    fitSeconds,
    casesPerSecond,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  };
}

function modelsOf(asked: string): readonly SequenceModelName[] {
  if (asked === 'auto') return sequenceModels;
  const found = sequenceModels.find((name) => name === asked);
  if (found) return [found];
  throw invalid('--model', `must be auto or one of ${sequenceModels.join(', ')}, got ${asked}`);
}

function describeChoice(
  best: SequenceCandidate,
  candidates: readonly SequenceCandidate[],
  { model, k }: SequenceEvaluationOptions,
): string {
  if (model !== 'auto') return 'asked for by --model';
  if (!best.validation) return 'nobody has three events: there was nothing to choose by, so the simplest model serves';
  const others = candidates.filter(({ name }) => name !== best.name).map(({ name }) => name);
  return `best ndcg@${k} on the validation part, beside ${others.join(', ')}`;
}

/** What a model cannot be fitted on is a problem of the file. */
function named<Result>(fit: () => Result): Result {
  try {
    return fit();
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new AppError('input.invalid', `--events: ${cause.message}`, { cause, details: { field: '--events' } });
  }
}

function invalid(option: string, problem: string): AppError {
  return new AppError('input.invalid', `${option}: ${problem}`, { details: { field: option } });
}
