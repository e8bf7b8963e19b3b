import type { RecommendMethod } from '@zhiyin/contract';
import { knowsItem, type ServingModel } from '../models/serving-model.ts';
import { type Found, findByLists, mostOf, nothing } from './find-by-lists.ts';
import { findNext } from './find-next.ts';
import type { Candidate, Question } from './question.ts';
import { topItems } from './top-items.ts';

/** A purchase this old is what "after a purchase" is about. */
const justBoughtMs = 7 * 86_400_000;

/**
 * Tries the surface's chain until there is enough to choose from. Scores of each method are brought to (0, 1]; what a later method
 * finds stands below everything an earlier one found: the n-th method fills (2^-n, 2^(1-n)].
 */
export function generateCandidates(question: Question): Candidate[] {
  const { arm, k } = question;
  const candidates: Candidate[] = [];
  const known = new Set<number>();
  const enough = Math.max(2 * k, k + 20);
  const chain: readonly RecommendMethod[] = arm.chain;
  chain.forEach((method, step) => {
    if (candidates.length >= (step === 0 ? 1 : enough)) return;
    addFound(candidates, known, question, method, step);
  });
  return candidates;
}

function addFound(
  candidates: Candidate[],
  known: Set<number>,
  question: Question,
  method: RecommendMethod,
  step: number,
): void {
  const found = findBy[method](question);
  const best = found.score[0] ?? 0;
  const floor = 2 ** -(step + 1);
  for (let at = 0; at < found.item.length; at += 1) {
    const item = found.item[at]!;
    if (known.has(item) || question.eligible[item] !== 1 || question.excluded.has(item)) continue;
    const relative = best > 0 ? found.score[at]! / best : 0;
    if (!(relative > 0)) continue;
    known.add(item);
    candidates.push({ item, score: floor + floor * Math.min(1, relative), method, boosted: false });
  }
}

const findBy: Readonly<Record<RecommendMethod, (question: Question) => Found>> = {
  personal: findPersonal,
  similar: findSimilar,
  together: (question) => findByLists(question, situationOf(question), (model) => model.bundle.together),
  next: findNext,
  popular: findPopular,
  new: findNew,
  search: findSearched,
};

/** By the model where it knows what the person did; people whose items it does not know are met by content. */
function findPersonal(question: Question): Found {
  const { taste, model, eligible } = question;
  if (taste.item.length === 0) return nothing;
  const history = question.history();
  if (!model || history.item.length === 0) return findByContent(question, tasteMixture(question));
  model.personal.scoreInto(history, model.scores);
  for (const index of question.excluded) {
    const item = model.modelOf[index] ?? -1;
    if (item >= 0) model.scores[item] = Number.NEGATIVE_INFINITY;
  }
  return bestOfModel(model, eligible, mostOf(question));
}

/** Looked at beyond those wanted, as rules hide some. */
const spareItems = 60;

/** The kernel finds the best quickest; only where rules hide more of them than are to spare is every item looked at. */
function bestOfModel(model: ServingModel, eligible: Uint8Array, most: number): Found {
  const { catalogueOf } = model;
  const best = model.best(most + spareItems);
  const item: number[] = [];
  const score: number[] = [];
  for (let at = 0; at < best.item.length && item.length < most && best.score[at]! > 0; at += 1) {
    const index = catalogueOf[best.item[at]!]!;
    if (eligible[index] !== 1) continue;
    item.push(index);
    score.push(best.score[at]!);
  }
  const sawAll = item.length === most || best.item.length < most + spareItems || !(best.score.at(-1)! > 0);
  return sawAll ? { item, score } : topItems(model.scores, { most, least: 0, mask: eligible, catalogueOf });
}

/** The model's own likeness where it has one, else what the same people looked at; items it does not know by content. */
function findSimilar(question: Question): Found {
  const { about, model } = question;
  if (about.length === 0) return nothing;
  const viewed = findByLists(question, about, (serving) => serving.bundle.viewed);
  const isThin = viewed.item.length < 2 * question.k || !model;
  if (!isThin) return viewed;
  const alike = findByContent(
    question,
    about.map((item) => ({ item, weight: 1 })),
  );
  // Content fills up below what people's behaviour says.
  const lowest = viewed.item.length > 0 ? (viewed.score[viewed.item.length - 1] ?? 0) : 1;
  const best = alike.score[0] || 1;
  return {
    item: [...Array.from(viewed.item), ...Array.from(alike.item)],
    score: [...Array.from(viewed.score), ...Array.from(alike.score, (score) => (lowest * score) / best)],
  };
}

/** What is at hand: the cart or item named, else what was just bought. */
export function situationOf({ about, taste, now, surface }: Question): readonly number[] {
  if (about.length > 0 || surface.settings.kind !== 'after_purchase') return about;
  let latest = 0;
  for (const at of taste.bought.values()) latest = Math.max(latest, at);
  if (now - latest > justBoughtMs) return [];
  return [...taste.bought].filter(([, at]) => latest - at < 60_000).map(([item]) => item);
}

function findPopular(question: Question): Found {
  const { popular, eligible, excluded } = question;
  const most = mostOf(question);
  const item: number[] = [];
  const score: number[] = [];
  for (let at = 0; at < popular.item.length && item.length < most; at += 1) {
    const index = popular.item[at]!;
    if (eligible[index] !== 1 || excluded.has(index)) continue;
    item.push(index);
    score.push(popular.score[at]!);
  }
  return { item, score };
}

/** Items the model does not know, those like the person's taste or the situation first; without either the latest first. */
function findNew(question: Question): Found {
  const { catalogue, eligible, model, about } = question;
  const fresh: number[] = [];
  for (let index = catalogue.size - 1; index >= 0 && fresh.length < 5_000; index -= 1) {
    if (eligible[index] === 1 && !knowsItem(model, index)) fresh.push(index);
  }
  const mixture = about.length > 0 ? about.map((item) => ({ item, weight: 1 })) : tasteMixture(question);
  if (mixture.length > 0) return findByContent(question, mixture, fresh);
  const latest = fresh
    .sort((a, b) => catalogue.versions[b]! - catalogue.versions[a]! || a - b)
    .slice(0, mostOf(question));
  return { item: latest, score: latest.map((_, place) => 1 / (1 + 0.01 * place)) };
}

function findByContent(
  question: Question,
  mixture: readonly { item: number; weight: number }[],
  among?: readonly number[],
): Found {
  const { content, eligible, catalogue } = question;
  if (mixture.length === 0) return nothing;
  content.bring();
  const items = Int32Array.from(among ?? catalogue.liveItems());
  const scores = content.scores(mixture, items);
  return topItems(scores, { most: mostOf(question), least: 0.02, mask: eligible, catalogueOf: items });
}

const mixtureItems = 30;

const tasteMixture = ({ taste }: Question): { item: number; weight: number }[] =>
  taste.item.map((item, at) => ({ item, weight: taste.weight[at]! })).slice(-mixtureItems);

/** What the search found keeps most of its order; the person's taste moves items within it. */
function findSearched(question: Question): Found {
  const { candidates, model, taste } = question;
  if (!candidates || candidates.length === 0) return nothing;
  const tasteOf = new Map<number, number>();
  if (model && taste.item.length > 0) {
    model.personal.scoreInto(question.history(), model.scores);
    let best = 0;
    const score = (index: number) => model.scores[model.modelOf[index] ?? -1] ?? 0;
    for (const index of candidates) best = Math.max(best, score(index));
    if (best > 0) for (const index of candidates) tasteOf.set(index, Math.max(0, score(index)) / best);
  }
  const scored = candidates.map((item, place) => ({
    item,
    score: 0.6 / (1 + 0.1 * place) + 0.4 * (tasteOf.get(item) ?? 0),
  }));
  scored.sort((a, b) => b.score - a.score);
  return { item: scored.map(({ item }) => item), score: scored.map(({ score }) => score) };
}
