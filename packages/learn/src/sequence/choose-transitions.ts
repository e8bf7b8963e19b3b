import { DomainError } from '../errors.ts';
import { evaluateNextItem, type NextItemOptions } from './evaluate-next-item.ts';
import { countCases, type NextItems, sampleCases } from './next-items.ts';
import type { Sequences } from './sequences.ts';
import {
  fitTransitions,
  scoreByTransitionsInto,
  type TransitionModel,
  type TransitionOptions,
  transitionDefaults,
  weighTransitions,
} from './transition-neighbours.ts';

export type ChosenTransitions = {
  readonly model: TransitionModel;
  readonly options: TransitionOptions;
  /** Of the chosen options, on the cases that were looked at. */
  readonly validationNdcg: number;
};

/** Tried one option at a time from the defaults, in this order; each keeps what won before. */
const tried: readonly { readonly [name in keyof TransitionOptions]?: readonly number[] }[] = [
  { memory: [0.7, 1, 1.5, 2, 3, 4, 8] },
  { popularityPower: [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5] },
  { backward: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1] },
  { window: [3, 5, 10, 20, 40] },
  { memory: [0.7, 1, 1.5, 2, 3, 4, 8] },
];

/**
 * Options by validation: the counts are fitted on `train`, and each choice is ranked on at most `casesMax` of the cases.
 * Cost: some 30 rankings of the cases and 15 fits; `until` may end it early with the best so far.
 */
export function chooseTransitions(
  train: Sequences,
  validation: NextItems,
  {
    k,
    maskSeen,
    casesMax = 10_000,
    isOver = () => false,
  }: NextItemOptions & { casesMax?: number; isOver?: () => boolean },
): ChosenTransitions {
  if (countCases(validation) === 0) throw new DomainError('chooseTransitions: there are no validation cases');
  const cases = sampleCases(validation, casesMax);
  const judge = (model: TransitionModel) =>
    evaluateNextItem(
      cases,
      (histories, scores) => {
        for (const [i, history] of histories.entries()) {
          scoreByTransitionsInto(model, history, scores.subarray(i * model.items, (i + 1) * model.items));
        }
      },
      { k, maskSeen },
    ).ndcg;
  let options = transitionDefaults;
  let model = fitTransitions(train, options);
  let validationNdcg = judge(model);
  for (const round of tried) {
    for (const [name, values] of Object.entries(round)) {
      const from = options;
      for (const value of values) {
        if (isOver()) return { model, options, validationNdcg };
        if (value === from[name as keyof TransitionOptions]) continue;
        const changed = { ...from, [name]: value };
        const isWeight = name === 'memory' || name === 'popularityPower';
        const candidate = isWeight ? weighTransitions(model, changed) : fitTransitions(train, changed);
        const ndcg = judge(candidate);
        if (ndcg > validationNdcg) {
          options = changed;
          model = candidate;
          validationNdcg = ndcg;
        }
      }
    }
  }
  return { model, options, validationNdcg };
}
