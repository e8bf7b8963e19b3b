import {
  chooseTextModel,
  evaluateTexts,
  type Language,
  majorityLanguage,
  openTextModel,
  type TextModel,
  type TextTask,
} from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { findShippedModel, readTextModel } from '../../listen/index.ts';
import { readTexts } from './read-texts.ts';

export type TextsOptions = {
  readonly task: TextTask;
  readonly test: string;
  /** Comma-separated files to learn from; without it a shipped or given model answers. */
  readonly train: string | undefined;
  readonly model: string | undefined;
  readonly language: string | undefined;
  readonly seed: number;
};

/** Learns from one file, or takes a model as it is, and measures on another. */
export async function evaluateTextTask(options: TextsOptions): Promise<Record<string, number | string | null>> {
  const language = takeLanguage(options.language);
  const test = await readTexts(options.test);
  const start = process.cpuUsage();
  const model = await takeModel(options, language ?? majorityLanguage(test.texts));
  const fitSeconds = options.train === undefined ? 0 : cpuSecondsSince(start);
  const opened = openTextModel(model);
  const truth = test.labels.map((own) => own.map((label) => translate(label, model.labels)));
  const known = truth.flat().find((label) => model.labels.includes(label));
  if (known === undefined) {
    throw invalid(
      '--data',
      `none of its labels is known to the model, which knows ${model.labels.slice(0, 10).join(', ')}`,
    );
  }
  opened.predict(test.texts[0] ?? '');
  const asked = process.cpuUsage();
  const said = test.texts.map((text) => opened.predict(text).labels);
  const seconds = cpuSecondsSince(asked);
  const report = evaluateTexts(said, truth);
  return {
    task: options.task,
    model: options.train !== undefined ? 'trained' : (options.model ?? 'shipped'),
    language: model.language,
    accuracy: report.accuracy,
    macroF1: report.macroF1,
    ...outOfScope(model, said, truth),
    texts: test.texts.length,
    labels: model.labels.length,
    textsPerSecond: test.texts.length / Math.max(seconds, 1e-6),
    fitSeconds,
    features: model.features.length,
  };
}

async function takeModel(options: TextsOptions, language: Language): Promise<TextModel> {
  if (options.model !== undefined) return readTextModel(options.model);
  if (options.train === undefined) {
    const shipped = await findShippedModel(options.task, language);
    if (!shipped)
      throw invalid('--train', `no ${options.task} model for ${language} is shipped: give a file to learn from`);
    return shipped;
  }
  const parts = await Promise.all(options.train.split(',').map(readTexts));
  const data = { texts: parts.flatMap((part) => part.texts), labels: parts.flatMap((part) => part.labels) };
  return chooseTextModel(data, { task: options.task, seed: options.seed, language });
}

/** In scope and out of scope apart, where the model knows the difference. */
function outOfScope(
  model: TextModel,
  said: readonly (readonly string[])[],
  truth: readonly (readonly string[])[],
): Record<string, number> {
  if (!model.elsewhere) return {};
  const { label } = model.elsewhere;
  let [inScope, inRight, outside, outRight] = [0, 0, 0, 0];
  truth.forEach((own, t) => {
    const isRight = said[t]?.[0] === own[0] ? 1 : 0;
    if (own[0] === label) {
      outside++;
      outRight += isRight;
    } else {
      inScope++;
      inRight += isRight;
    }
  });
  return {
    ...(inScope > 0 ? { inScopeAccuracy: inRight / inScope } : {}),
    ...(outside > 0 ? { outOfScopeRecall: outRight / outside } : {}),
  };
}

/** Files write sentiment as 0 and 1 or in words; whichever the model does not know is put into its own. */
function translate(label: string, known: readonly string[]): string {
  if (known.includes(label)) return label;
  const same = [
    ['0', 'negative', 'neg'],
    ['1', 'positive', 'pos'],
    ['2', 'neutral'],
  ].find((names) => names.includes(label.toLowerCase()));
  return same?.find((name) => known.includes(name)) ?? label;
}

function takeLanguage(text: string | undefined): Language | undefined {
  if (text === undefined || text === 'zh' || text === 'en') return text;
  throw invalid('--lang', `must be zh or en, got ${text}`);
}

function cpuSecondsSince(start: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(start);
  return (used.user + used.system) / 1e6;
}

function invalid(field: string, what: string): AppError {
  return new AppError('input.invalid', `${field}: ${what}`, { details: { field, fix: what } });
}
