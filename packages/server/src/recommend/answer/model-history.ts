import type { ServingModel } from '../models/serving-model.ts';
import type { Taste } from '../people/history.ts';
import type { ModelHistory, Question } from './question.ts';

/** A person's taste in the items of the model; made once per question, as models keep what they worked out for it. */
export function historyOf({ taste, model }: Pick<Question, 'taste' | 'model'>): () => ModelHistory {
  let history: ModelHistory | undefined;
  return () => {
    history ??= toHistory(taste, model);
    return history;
  };
}

function toHistory(taste: Taste, model: ServingModel | undefined): ModelHistory {
  const history = { item: [] as number[], weight: [] as number[], at: [] as number[] };
  if (!model) return history;
  for (let at = 0; at < taste.item.length; at += 1) {
    const item = model.modelOf[taste.item[at]!] ?? -1;
    if (item < 0) continue;
    history.item.push(item);
    history.weight.push(taste.weight[at]!);
    history.at.push(taste.at[at]!);
  }
  return history;
}
