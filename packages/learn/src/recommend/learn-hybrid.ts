import {
  type BlendTable,
  bestGainOf,
  bestOf,
  blendNdcg,
  createBlendTable,
  fillColumn,
  learnBlend,
} from './blend-weights.ts';
import type { Measured, Measuring } from './choose-recommender.ts';
import { assembleHybrid, type Evidence, evidenceOf, type Hybrid, type HybridOptions } from './hybrid.ts';
import { itemCounts } from './interactions.ts';
import { popularity } from './popularity.ts';
import { recommendMany } from './recommend-many.ts';
import type { History } from './recommender.ts';
import { type AnyRecommender, recommenders } from './recommenders.ts';

export type LearnedHybrid = { readonly options: HybridOptions; readonly model: Hybrid; readonly fitSeconds: number };

const partsMax = 4;
/** Popularity comes in for people about whom little is known, content for such items; neither is a part like the others. */
const noParts = new Set<string>(['popularity', 'content']);

/**
 * The weights that rank the part held back best: first of the models, then of content by how much is known about an item, then of
 * popularity by how much is known about a person (tried on histories cut short).
 * @returns undefined where there is nothing to combine.
 */
export function learnHybrid(finalists: readonly Measured[], measuring: Measuring): LearnedHybrid | undefined {
  const parts = finalists.filter(({ kind }) => !noParts.has(kind));
  const content = finalists.find(({ kind }) => kind === 'content');
  if (parts.length === 0) return undefined;
  const { split, people, histories, k, kernels, tools } = measuring;
  const started = measuring.now();
  const table = createBlendTable(
    finalists.map(({ lists }) => lists),
    parts.length,
    split.held,
    people,
    k,
  );
  parts.forEach((part, column) => {
    fillColumn(table, column, part, histories, kernels);
  });
  const blend = learnBlend(table, partsMax);
  const chosen = parts.flatMap((part, column) =>
    blend.weights[column] > 0 ? [{ ...part, weight: blend.weights[column] }] : [],
  );
  const forItems = content
    ? learnItemEvidence(sumColumns(table, blend.weights), content, measuring)
    : { itemHalf: 0, contentWeight: 0, contentShare: 0 };
  const draft = { ...forItems, personHalf: 0, popularityWeight: 1 };
  const forPeople = learnPersonEvidence(chosen, draft, measuring);
  const evidence = { ...draft, ...forPeople };
  return {
    options: { parts: chosen.map(({ kind, options, weight }) => ({ kind, options, weight })), evidence },
    model: assembleHybrid(split.train, chosen, evidence, tools),
    fitSeconds: measuring.now() - started + chosen.reduce((sum, { fitSeconds }) => sum + fitSeconds, 0),
  };
}

/** A table of two columns, the first with the blend, the second for content. */
function sumColumns(table: BlendTable, weights: readonly number[]): BlendTable {
  const { columns } = table;
  const score = new Float32Array(table.item.length * 2);
  for (let entry = 0; entry < table.item.length; entry++) {
    for (let column = 0; column < columns; column++)
      score[2 * entry] += weights[column] * table.score[entry * columns + column];
  }
  return { ...table, columns: 2, score };
}

type ItemEvidence = Pick<Evidence, 'itemHalf' | 'contentWeight' | 'contentShare'>;

/** New items are seen at this price at most: the share of NDCG that may be lost by showing them where they fit. */
export const priceOfNewItems = 0.05;
const contentWeights = [0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 5];

/**
 * Some items have nothing left in the part to learn from. Of all ways to let content speak for them that rank (nearly) as well as
 * the best, the one that finds most of what people took of those items.
 */
function learnItemEvidence(table: BlendTable, content: Measured, measuring: Measuring): ItemEvidence {
  const { split, histories, kernels } = measuring;
  fillColumn(table, 1, content, histories, kernels);
  const counts = itemCounts(split.train.interactions);
  const hiddenOnly = onlyHidden(table, split.hiddenItems, measuring);
  const tried: (ItemEvidence & { ndcg: number; ofNew: number })[] = [];
  for (const itemHalf of [1, 5, 20]) {
    for (const contentShare of [0, 0.03, 0.1, 0.3]) {
      const score = weighByEvidence(table, counts, itemHalf, contentShare);
      for (const contentWeight of contentWeights) {
        const weights = [1, contentWeight];
        const ndcg = blendNdcg({ ...table, score }, weights);
        tried.push({
          itemHalf,
          contentShare,
          contentWeight,
          ndcg,
          ofNew: blendNdcg({ ...hiddenOnly, score }, weights),
        });
      }
    }
  }
  const best = tried.reduce((most, { ndcg }) => Math.max(most, ndcg), 0);
  const { itemHalf, contentShare, contentWeight } = tried
    .filter(({ ndcg }) => ndcg >= (1 - priceOfNewItems) * best)
    .reduce((most, one) => (one.ofNew > most.ofNew || (one.ofNew === most.ofNew && one.ndcg > most.ndcg) ? one : most));
  return { itemHalf, contentShare, contentWeight };
}

function weighByEvidence(table: BlendTable, counts: Uint32Array, itemHalf: number, share: number): Float32Array {
  const score = table.score.slice();
  table.item.forEach((item, entry) => {
    const known = evidenceOf(counts[item], itemHalf);
    score[2 * entry] *= known;
    score[2 * entry + 1] *= 1 - known * (1 - share);
  });
  return score;
}

/** The same table, with nothing but hidden items to be found. */
function onlyHidden(table: BlendTable, hiddenItems: Uint32Array, { split, people, k }: Measuring): BlendTable {
  const isHidden = new Uint8Array(split.held.items);
  for (const item of hiddenItems) isHidden[item] = 1;
  const { held } = split;
  return {
    ...table,
    isHeld: table.isHeld.map((flag, entry) => flag & isHidden[table.item[entry]]),
    bestGain: Float64Array.from(people, (person) => {
      const own = held.itemOf.subarray(held.offsets[person], held.offsets[person + 1]);
      return bestGainOf(
        own.reduce((sum, item) => sum + isHidden[item], 0),
        k,
      );
    }),
  };
}

const peopleCutShort = 600;
const gainMin = 0.0005;
/** Every fourth is left whole: what helps newcomers must not cost those who are known. */
const lengthsCutTo = [1, 2, 4, Number.POSITIVE_INFINITY];

/** People known by a few entries only: the same people, their histories cut short. */
function learnPersonEvidence(
  parts: readonly (Measured & { readonly weight: number })[],
  draft: Evidence,
  measuring: Measuring,
): Pick<Evidence, 'personHalf' | 'popularityWeight'> {
  const { split, kernels, tools, k, depth } = measuring;
  const rows = Math.min(peopleCutShort, measuring.people.length);
  const people = measuring.people.slice(0, rows);
  const histories = measuring.histories
    .slice(0, rows)
    .map((history, row) => cutShort(history, lengthsCutTo[row % lengthsCutTo.length]));
  const models = [
    { recommender: recommenders.hybrid as AnyRecommender, model: assembleHybrid(split.train, parts, draft, tools) },
    { recommender: recommenders.popularity as AnyRecommender, model: popularity.fit(split.train, {}, tools) },
  ];
  const excludedOf = (row: number) => measuring.histories[row].item;
  const lists = models.map(({ recommender, model }) =>
    recommendMany(recommender, model, rows, (row) => histories[row], { k: depth, kernels, excludedOf }),
  );
  const table = createBlendTable(lists, 2, split.held, people, k);
  models.forEach((one, column) => {
    fillColumn(table, column, one, histories, kernels, column === 0 ? 'as it is' : 'by spread');
  });
  let best = { personHalf: 0, popularityWeight: 1, ndcg: blendNdcg(table, [1, 0]) };
  for (const personHalf of [0.2, 0.5, 1, 2, 4]) {
    const score = table.score.slice();
    histories.forEach((history, row) => {
      const known = evidenceOf(history.item.length, personHalf);
      for (let entry = table.offsets[row]; entry < table.offsets[row + 1]; entry++) {
        score[2 * entry] *= known;
        score[2 * entry + 1] *= 1 - known;
      }
    });
    const found = bestOf(
      [0.25, 0.5, 1, 2, 4, 8].map((weight) => [1, weight]),
      { ...table, score },
    );
    if (found.ndcg > best.ndcg + gainMin) best = { personHalf, popularityWeight: found.weights[1], ndcg: found.ndcg };
  }
  return { personHalf: best.personHalf, popularityWeight: best.popularityWeight };
}

/** The latest entries of a history. */
function cutShort(history: History, length: number): History {
  const from = Math.max(0, history.item.length - length);
  const latest = (values: ArrayLike<number>) => Array.from(values).slice(from);
  return { item: latest(history.item), weight: latest(history.weight) };
}
