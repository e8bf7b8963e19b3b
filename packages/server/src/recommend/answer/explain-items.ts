import type { RecommendMethod } from '@zhiyin/contract';
import type { ServingModel } from '../models/serving-model.ts';
import { type Deed, deedOfCode } from '../people/deeds.ts';
import { stepsOf } from './find-next.ts';
import { historyOf, situationOf } from './generate-candidates.ts';
import type { Chosen, Question } from './question.ts';

/** What a person did with an item, or how the item at hand stands to the one recommended. */
export type Because = {
  readonly did: Deed | 'alike' | 'together' | 'next' | 'attribute' | 'due';
  /** Catalogue index. */
  readonly item: number;
  /** Of all reasons there are, 0 to 1. */
  readonly share: number;
};

const reasonsMax = 3;
/** Where each explanation is a system of equations of its own, so many items from the top get one; the others say what is true of all. */
const explainedMax = 12;
/** Less than this says nothing worth a sentence. */
const shareMin = 0.05;

/** The reasons of every chosen item, strongest first. Only what was used to score it: no reason is made up. */
export function explainItems(question: Question, chosen: readonly Chosen[]): Because[][] {
  const personal = explainPersonal(question, chosen);
  const following = explainFollowing(question, chosen);
  return chosen.map((one, place) => {
    if (one.pinned) return [];
    if (question.due.has(one.item)) return [{ did: 'due', item: one.item, share: 1 }];
    if (one.method === 'personal' || one.method === 'search') return personal[place]!;
    if (one.method === 'next' && following) return following[place]!;
    return explainSituation(question, one);
  });
}

function explainPersonal(question: Question, chosen: readonly Chosen[]): Because[][] {
  const { model, taste } = question;
  const reasons: Because[][] = chosen.map(() => []);
  const asked = chosen.flatMap((one, place) => (one.method === 'personal' || one.method === 'search' ? [place] : []));
  if (asked.length === 0 || taste.item.length === 0) return reasons;
  const didWith = new Map(taste.item.map((item, at) => [item, deedOfCode[taste.code[at]!] ?? 'viewed']));
  const add = (place: number, contributions: readonly { item: number; share: number }[]) => {
    const positive = contributions.filter(({ share }) => share > 0);
    const total = positive.reduce((sum, { share }) => sum + share, 0);
    reasons[place] = positive
      .sort((a, b) => b.share - a.share || a.item - b.item)
      .slice(0, reasonsMax)
      .map(({ item, share }) => ({ did: didWith.get(item) ?? 'viewed', item, share: share / total }))
      .filter(({ share }) => share >= shareMin);
  };
  const history = model && historyOf(question, model);
  if (!model || !history || history.item.length === 0) {
    for (const place of asked) add(place, explainByContent(question, chosen[place]!.item));
    return reasons;
  }
  if (model.weights) {
    explainByWeights(model, model.weights, history, asked, chosen, add);
    return reasons;
  }
  for (const place of asked.slice(0, explainedMax)) {
    const item = model.modelOf[chosen[place]!.item] ?? -1;
    const contributions = item < 0 ? [] : (model.recommender.explain?.(model.personal, history, item) ?? []);
    add(
      place,
      contributions.map((one) => ({ item: model.catalogueOf[one.item]!, share: one.share })),
    );
  }
  return reasons;
}

/** All items in one pass over the history's rows, where a score is a sum of item-to-item weights. */
function explainByWeights(
  model: ServingModel,
  weights: NonNullable<ServingModel['weights']>,
  history: { readonly item: readonly number[]; readonly weight: readonly number[] },
  asked: readonly number[],
  chosen: readonly Chosen[],
  add: (place: number, contributions: { item: number; share: number }[]) => void,
): void {
  const { placeOf } = model;
  const found: { item: number; share: number }[][] = [];
  const items = asked.map((place) => model.modelOf[chosen[place]!.item] ?? -1);
  items.forEach((item, at) => {
    found.push([]);
    if (item >= 0) placeOf[item] = at + 1;
  });
  for (let h = 0; h < history.item.length; h += 1) {
    const from = history.item[h]!;
    const weight = history.weight[h]!;
    for (let at = weights.offsets[from]!; at < weights.offsets[from + 1]!; at += 1) {
      const place = placeOf[weights.itemOf[at]!]!;
      if (place > 0) found[place - 1]!.push({ item: model.catalogueOf[from]!, share: weights.weightOf[at]! * weight });
    }
  }
  for (const item of items) if (item >= 0) placeOf[item] = 0;
  asked.forEach((place, at) => {
    add(place, found[at]!);
  });
}

/** Which steps a model of sequences goes by, in its own shares; absent where lists say what comes next. */
function explainFollowing(question: Question, chosen: readonly Chosen[]): Because[][] | undefined {
  const { model } = question;
  const following = model?.following;
  if (!model || !following) return undefined;
  const history = stepsOf(question, model, following);
  if (history.item.length === 0) return undefined;
  let explained = 0;
  return chosen.map((one) => {
    const item = model.modelOf[one.item] ?? -1;
    if (one.method !== 'next' || item < 0 || explained >= explainedMax) return [];
    explained += 1;
    const reasons = following.recommender.explain?.(following.model, history, item) ?? [];
    const total = reasons.reduce((sum, { share }) => sum + share, 0);
    return reasons
      .map((reason) => ({ did: 'next' as const, item: model.catalogueOf[reason.item]!, share: reason.share / total }))
      .filter(({ share }) => share >= shareMin)
      .slice(0, reasonsMax);
  });
}

const alikeItems = 20;

function explainByContent({ taste, content }: Question, item: number): { item: number; share: number }[] {
  const latest = taste.item.map((from, at) => ({ item: from, weight: taste.weight[at]! })).slice(-alikeItems);
  return latest.map((one) => ({ item: one.item, share: one.weight * content.scores([one], [item])[0]! }));
}

const didBy: Partial<Record<RecommendMethod, Because['did']>> = {
  similar: 'alike',
  together: 'together',
  next: 'next',
  new: 'attribute',
};

function explainSituation(question: Question, one: Chosen): Because[] {
  const did = didBy[one.method];
  if (!did) return [];
  const { model, content, taste } = question;
  if (one.method === 'new') {
    if (taste.item.length === 0) return [];
    content.bring();
    const [best] = explainByContent(question, one.item).sort((a, b) => b.share - a.share);
    return best && best.share > 0 ? [{ did, item: best.item, share: 1 }] : [];
  }
  const from =
    one.method === 'next' && question.about.length === 0 ? taste.item.slice(-reasonsMax) : situationOf(question);
  const lists =
    model &&
    { similar: model.bundle.viewed, together: model.bundle.together, next: model.bundle.next }[one.method as 'similar'];
  const shares = from.map((item) => ({ item, share: lists ? weightOf(model, lists, item, one.item) : 0 }));
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  if (total === 0) return from.length > 0 && one.method === 'similar' ? [{ did, item: from[0]!, share: 1 }] : [];
  return shares
    .map(({ item, share }) => ({ did, item, share: share / total }))
    .filter(({ share }) => share >= shareMin)
    .sort((a, b) => b.share - a.share)
    .slice(0, reasonsMax);
}

function weightOf(model: ServingModel, lists: ServingModel['bundle']['viewed'], from: number, to: number): number {
  const [row, column] = [model.modelOf[from] ?? -1, model.modelOf[to] ?? -1];
  if (row < 0 || column < 0) return 0;
  for (let at = lists.offsets[row]!; at < lists.offsets[row + 1]!; at += 1) {
    if (lists.itemOf[at] === column) return lists.weightOf[at]!;
  }
  return 0;
}
