import { chooseTextModel, majorityLanguage, type TextTask } from '@zhiyin/learn';
import { AppError } from '../domain/app-error.ts';
import { writeTextModel } from '../listen/index.ts';
import { parseArguments, wholeNumber } from './arguments.ts';
import { readTexts } from './evaluate/read-texts.ts';

const tasks: readonly TextTask[] = ['sentiment', 'emotion', 'intent'];
const usage = 'zhiyin train sentiment|emotion|intent --data FILE[,FILE…] --out FILE [--lang zh|en] [--seed N]';

/** Learns a model of text from labelled files and writes it: the same files and seed give the same bytes. */
export async function runTrain(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArguments(
    args,
    { data: { type: 'string' }, out: { type: 'string' }, lang: { type: 'string' }, seed: { type: 'string' } },
    usage,
  );
  const task = tasks.find((name) => name === positionals[0]);
  if (!task || !values.data || !values.out) {
    throw new AppError('input.invalid', `zhiyin train needs a task, --data and --out\n\nUsage: ${usage}`);
  }
  if (values.lang !== undefined && values.lang !== 'zh' && values.lang !== 'en') {
    throw new AppError('input.invalid', `--lang: must be zh or en, got ${values.lang}`, {
      details: { field: '--lang' },
    });
  }
  const parts = await Promise.all(values.data.split(',').map(readTexts));
  // 0 and 1 are written in words, so that a model says what it means.
  const words: Record<string, string> =
    task === 'sentiment' ? { '0': 'negative', '1': 'positive', '2': 'neutral' } : {};
  const data = {
    texts: parts.flatMap((part) => part.texts),
    labels: parts.flatMap((part) => part.labels.map((own) => own.map((label) => words[label] ?? label))),
  };
  const start = performance.now();
  const model = chooseTextModel(data, {
    task,
    seed: wholeNumber('seed', values.seed, 1, 0),
    language: values.lang ?? majorityLanguage(data.texts),
  });
  const bytes = await writeTextModel(values.out, model);
  console.log(
    JSON.stringify({
      task,
      language: model.language,
      texts: data.texts.length,
      labels: model.labels,
      features: model.features.length,
      bytes,
      seconds: (performance.now() - start) / 1000,
    }),
  );
}
