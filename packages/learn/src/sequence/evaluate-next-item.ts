import type { Kernels } from '@zhiyin/kernels';
import { DomainError } from '../errors.ts';
import type { History, Recommender, RecommendModel } from '../recommend/recommender.ts';
import { countCases, type NextItems } from './next-items.ts';

export type NextItemReport = {
  /** Share of cases with the target among the first k. */
  readonly hit: number;
  /** 1 / log2(1 + rank) of the target where it is among the first k, else 0; averaged over cases. */
  readonly ndcg: number;
  /** Standard error of `ndcg` over the cases. */
  readonly ndcgError: number;
  readonly cases: number;
  /** Cases whose target the person had taken before: misses where seen items are masked. */
  readonly repeatTargets: number;
};

export type NextItemOptions = {
  readonly k: number;
  /** Items of the history can't be answers (true, as in the published tables), or can (shops where people buy again). */
  readonly maskSeen: boolean;
};

/** Writes scores of many histories, row by row: `histories.length` × items. */
export type ScoreHistories = (histories: readonly History[], scores: Float32Array) => void;

/** Scores held at once: 32 MiB of them, and not more than help. */
const casesAtOnce = (items: number): number => Math.max(1, Math.min(128, Math.floor(2 ** 23 / Math.max(1, items))));

/**
 * Full ranking: the target against all items. Ties are pessimistic: whoever has the same score stands before the target.
 * Scores of the histories themselves are what the model says; nothing here looks at the target before ranking.
 */
export function evaluateNextItem(cases: NextItems, score: ScoreHistories, options: NextItemOptions): NextItemReport {
  const tally = openTally(options);
  const { items } = cases.sequences;
  const scores = new Float32Array(Math.min(countCases(cases), casesAtOnce(items)) * items);
  for (const chunk of chunksOf(cases)) {
    const rows = scores.subarray(0, chunk.histories.length * items);
    score(chunk.histories, rows);
    tally.add(chunk, rows);
  }
  return tally.report();
}

/** Cases that are scored together, and what came next in each. */
export type CaseChunk = { readonly histories: readonly History[]; readonly targets: Uint32Array };

export function* chunksOf({ sequences: { items, itemOf }, start, end }: NextItems): Generator<CaseChunk> {
  for (let from = 0; from < start.length; from += casesAtOnce(items)) {
    const n = Math.min(casesAtOnce(items), start.length - from);
    yield {
      histories: Array.from({ length: n }, (_, i) => historyOf(itemOf.subarray(start[from + i], end[from + i]))),
      targets: Uint32Array.from({ length: n }, (_, i) => itemOf[end[from + i]]),
    };
  }
}

export type NextItemTally = {
  /** @param scores chunk × items; scores of seen items are overwritten where they are masked. */
  add(chunk: CaseChunk, scores: Float32Array): void;
  report(): NextItemReport;
};

export function openTally({ k, maskSeen }: NextItemOptions): NextItemTally {
  if (!Number.isInteger(k) || k < 1) throw new DomainError(`evaluateNextItem: k must be a positive integer, got ${k}`);
  let cases = 0;
  let hits = 0;
  let gain = 0;
  let squares = 0;
  let repeatTargets = 0;
  return {
    add({ histories, targets }, scores) {
      const items = scores.length / histories.length;
      cases += histories.length;
      for (const [i, { item: seen }] of histories.entries()) {
        const row = scores.subarray(i * items, (i + 1) * items);
        if (Array.prototype.includes.call(seen, targets[i])) {
          repeatTargets++;
          if (maskSeen) continue;
        }
        if (maskSeen) for (let h = 0; h < seen.length; h++) row[seen[h]] = Number.NEGATIVE_INFINITY;
        const rank = pessimisticRank(row, targets[i]);
        if (rank > k) continue;
        hits++;
        gain += 1 / Math.log2(1 + rank);
        squares += 1 / Math.log2(1 + rank) ** 2;
      }
    },
    report() {
      const n = Math.max(1, cases);
      const ndcg = gain / n;
      const ndcgError = Math.sqrt(Math.max(0, squares / n - ndcg ** 2) / n);
      return { hit: hits / n, ndcg, ndcgError, cases, repeatTargets };
    },
  };
}

/** 1 for the best; behind all others of the same score. Infinity where there is no score. */
function pessimisticRank(scores: Float32Array, target: number): number {
  const own = scores[target];
  if (!(own > Number.NEGATIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  let rank = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i] >= own) rank++;
  return rank;
}

/** A history of items that count 1 each. */
export function historyOf(item: ArrayLike<number>): History {
  return { item, weight: new Float32Array(item.length).fill(1) };
}

/** All at once where the model can do that, else one by one. */
export function scoreHistories<Model extends RecommendModel, Options>(
  recommender: Pick<Recommender<Model, Options>, 'scoreInto' | 'scoreManyInto'>,
  model: Model,
  kernels: Kernels,
): ScoreHistories {
  return (histories, scores) => {
    if (recommender.scoreManyInto) recommender.scoreManyInto(model, histories, scores, kernels);
    else {
      for (const [i, history] of histories.entries()) {
        recommender.scoreInto(model, history, scores.subarray(i * model.items, (i + 1) * model.items));
      }
    }
  };
}
