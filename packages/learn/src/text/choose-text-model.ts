import { evaluateTexts } from './evaluate-text.ts';
import { type FitTextOptions, fitTextModel, type LabelledTexts } from './fit-text-model.ts';
import { detectLanguage, type Language } from './normalise-text.ts';
import { openTextModel, type TextModel } from './text-model.ts';

export type TextTask = 'sentiment' | 'emotion' | 'intent';

/** What pays for which task. More than one recipe: they are compared on a held-out tenth. */
const recipes: Record<TextTask, readonly Pick<FitTextOptions, 'loss' | 'cost' | 'featuresMax'>[]> = {
  sentiment: [{ loss: 'logistic', cost: 8, featuresMax: 100_000 }],
  emotion: [{ loss: 'squared-hinge', cost: 0.5, featuresMax: 40_000 }],
  // Clean labels bear a high cost, noisy ones a low one.
  intent: [
    { loss: 'squared-hinge', cost: 4, featuresMax: 10_000 },
    { loss: 'squared-hinge', cost: 0.5, featuresMax: 10_000 },
  ],
};

/** Several labels per text are judged each by itself: they need probabilities, not margins. */
const severalRecipe: Pick<FitTextOptions, 'loss' | 'cost' | 'featuresMax'> = {
  loss: 'logistic',
  cost: 8,
  featuresMax: 20_000,
};

/** Labels that mean "about something else". */
const elsewhereLabels = ['oos', 'out_of_scope', 'out-of-scope', 'none_of_these'];

export type ChooseTextOptions = { readonly task: TextTask; readonly seed: number; readonly language?: Language };

/** The recipe for the task, language and kind of labels; where there are two, the one that is right more often on a held-out tenth. */
export function chooseTextModel(data: LabelledTexts, options: ChooseTextOptions): TextModel {
  const language = options.language ?? majorityLanguage(data.texts);
  const answer = data.labels.some((own) => own.length !== 1) ? 'several' : 'one';
  const label =
    options.task === 'intent'
      ? elsewhereLabels.find((name) => data.labels.some((own) => own.includes(name)))
      : undefined;
  const fixed = {
    language,
    answer,
    seed: options.seed,
    ...(label ? { elsewhere: { label, turnedAway: 0.03 } } : {}),
  } as const;
  const candidates = answer === 'several' ? [severalRecipe] : recipes[options.task];
  const best = candidates.length === 1 ? candidates[0] : compare(data, candidates, fixed);
  return fitTextModel(data, { ...fixed, ...best });
}

/** Chinese if most texts are. */
export function majorityLanguage(texts: readonly string[]): Language {
  const sample = texts.filter((_, i) => i % Math.max(1, Math.floor(texts.length / 500)) === 0);
  const chinese = sample.filter((text) => detectLanguage(text) === 'zh').length;
  return chinese * 2 > sample.length ? 'zh' : 'en';
}

function compare<Recipe extends Partial<FitTextOptions>>(
  data: LabelledTexts,
  candidates: readonly Recipe[],
  fixed: Pick<FitTextOptions, 'language' | 'answer' | 'seed'>,
): Recipe {
  const part = (isHeld: boolean): LabelledTexts => ({
    texts: data.texts.filter((_, t) => (t % 10 === 4) === isHeld),
    labels: data.labels.filter((_, t) => (t % 10 === 4) === isHeld),
  });
  const [rest, held] = [part(false), part(true)];
  const scored = candidates.map((candidate) => {
    const opened = openTextModel(fitTextModel(rest, { ...fixed, ...candidate }));
    const said = held.texts.map((text) => opened.predict(text).labels);
    return { candidate, accuracy: evaluateTexts(said, held.labels).accuracy };
  });
  return scored.reduce((a, b) => (b.accuracy > a.accuracy ? b : a)).candidate;
}
