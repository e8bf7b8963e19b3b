import type { RecommendMethod } from '@zhiyin/contract';
import type { ServingModel } from '../models/serving-model.ts';
import { type Deed, deedOfCode } from '../people/deeds.ts';
import { stepsOf } from './find-next.ts';
import { situationOf } from './generate-candidates.ts';
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
  const codeOf = new Map<number, number>();
  for (let at = 0; at < taste.item.length; at += 1) codeOf.set(taste.item[at]!, taste.code[at]!);
  const didWith = (item: number): Deed => deedOfCode[codeOf.get(item) ?? 0] ?? 'viewed';
  const history = question.history();
  if (!model || history.item.length === 0) {
    for (const place of asked) {
      const parts = explainByContent(question, chosen[place]!.item);
      const [items, shares] = [parts.map(({ item }) => item), parts.map(({ share }) => share)];
      reasons[place] = strongest(items, shares, 0, didWith);
    }
    return reasons;
  }
  const known = asked.filter((place) => (model.modelOf[chosen[place]!.item] ?? -1) >= 0);
  const shares = model.personal.explain?.(
    history,
    known.map((place) => model.modelOf[chosen[place]!.item]!),
  );
  if (!shares) return reasons;
  const from = Array.from(shares.from, (item) => model.catalogueOf[item]!);
  known.forEach((place, row) => {
    reasons[place] = strongest(from, shares.share, row * from.length, didWith);
  });
  return reasons;
}

/** What speaks most for an item: of `share[start …]` the largest, as parts of all that is above 0. Equal ones by item. */
function strongest(
  items: readonly number[],
  share: ArrayLike<number>,
  start: number,
  didWith: (item: number) => Because['did'],
): Because[] {
  const best: number[] = [];
  let total = 0;
  for (let at = 0; at < items.length; at += 1) {
    const value = share[start + at]!;
    if (!(value > 0)) continue;
    total += value;
    let place = best.length;
    for (; place > 0; place -= 1) {
      const before = best[place - 1]!;
      const least = share[start + before]!;
      if (value < least || (value === least && items[at]! > items[before]!)) break;
      if (place < reasonsMax) best[place] = before;
    }
    if (place < reasonsMax) best[place] = at;
  }
  const reasons: Because[] = [];
  for (const at of best) {
    const part = share[start + at]! / total;
    if (part >= shareMin) reasons.push({ did: didWith(items[at]!), item: items[at]!, share: part });
  }
  return reasons;
}

/** Which steps a model of sequences goes by, in its own shares; absent where lists say what comes next. */
function explainFollowing(question: Question, chosen: readonly Chosen[]): Because[][] | undefined {
  const { model } = question;
  const following = model?.following;
  if (!model || !following) return undefined;
  const history = stepsOf(question, model, following);
  if (history.item.length === 0) return undefined;
  const reasons: Because[][] = chosen.map(() => []);
  const asked = chosen.flatMap((one, place) =>
    one.method === 'next' && (model.modelOf[one.item] ?? -1) >= 0 ? [place] : [],
  );
  const shares = following.served.explain?.(
    history,
    asked.map((place) => model.modelOf[chosen[place]!.item]!),
  );
  if (!shares) return reasons;
  const from = Array.from(shares.from, (item) => model.catalogueOf[item]!);
  asked.forEach((place, row) => {
    reasons[place] = strongest(from, shares.share, row * from.length, () => 'next');
  });
  return reasons;
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
