import type { Following, ServingModel } from '../models/serving-model.ts';
import { deeds } from '../people/deeds.ts';
import { type Found, findByLists, mostOf, nothing } from './find-by-lists.ts';
import type { Question } from './question.ts';
import { topItems } from './top-items.ts';

/** The lists know single items: of a history so many of the latest are asked about. */
const recentItems = 3;
/** What is looked at in this visit counts, also where only what people take is learnt from. */
const visitSeconds = 30 * 60;

/** What comes after what the person took, and after what is at hand: by the model of sequences where it serves, else by lists. */
export function findNext(question: Question): Found {
  const following = question.model?.following;
  const found = following ? findByModel(question, question.model!, following) : nothing;
  if (found.item.length > 0) return found;
  const { taste, about } = question;
  const strong = taste.item.filter((_, at) => taste.code[at] !== deeds.viewed.code);
  const recent = about.length > 0 ? about : (strong.length > 0 ? strong : taste.item).slice(-recentItems);
  return findByLists(question, recent, (model) => model.bundle.next);
}

function findByModel(question: Question, model: ServingModel, following: Following): Found {
  const history = stepsOf(question, model, following);
  if (history.item.length === 0) return nothing;
  following.served.scoreInto(history, model.scores);
  for (const index of question.excluded) {
    const item = model.modelOf[index] ?? -1;
    if (item >= 0) model.scores[item] = Number.NEGATIVE_INFINITY;
  }
  // Learnt and measured on things taken up for the first time: what is known already does not come next.
  for (const item of history.item) model.scores[item] = Number.NEGATIVE_INFINITY;
  const { item, score } = topItems(model.scores, {
    most: mostOf(question),
    // A count of 0 was never seen; a network's scores have no zero that means anything.
    least: following.countsOnly ? 0 : Number.NEGATIVE_INFINITY,
    mask: question.eligible,
    catalogueOf: model.catalogueOf,
  });
  if (following.countsOnly) return { item, score };
  // Later steps ask how near an item comes to the best: from the least of those found upwards.
  const lowest = score.at(-1) ?? 0;
  const reach = (score[0] ?? 0) - lowest || 1;
  return { item, score: score.map((one) => (one - lowest) / reach + tailShare) };
}

const tailShare = 0.01;

/** What the person took, oldest first, then what is at hand: the newest of all. */
export function stepsOf(
  { taste, about, now }: Question,
  model: ServingModel,
  { steps }: Following,
): { item: number[]; weight: number[] } {
  const item: number[] = [];
  const add = (index: number) => {
    const known = model.modelOf[index] ?? -1;
    if (known >= 0) item.push(known);
  };
  const isAtHand = new Set(about);
  const isStep = (at: number) =>
    steps === 'all' || isTaken(taste.code[at]!) || taste.at[at]! >= now / 1_000 - visitSeconds;
  const own = taste.item.flatMap((index, at) => (isStep(at) && !isAtHand.has(index) ? [index] : []));
  // Who took nothing yet has looked at something.
  for (const index of own.length > 0 || about.length > 0 ? own : taste.item) add(index);
  for (const index of about) add(index);
  return { item, weight: item.map(() => 1) };
}

const isTaken = (code: number): boolean =>
  code === deeds.bought.code || code === deeds.liked.code || code === deeds.wished.code;
