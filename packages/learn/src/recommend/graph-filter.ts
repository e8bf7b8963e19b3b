import type { SparseMatrix } from '@zhiyin/kernels';
import { DomainError } from '../errors.ts';
import {
  type FilterGraph,
  graphSharesInto,
  passGraphInto,
  type SparseRows,
  sparseRowsOf,
} from './graph-filter-graph.ts';
import { serveGraphFilter } from './graph-filter-serve.ts';
import { addSpectrumInto, coordinatesInto, type Spectrum, scaledCoordinates } from './graph-filter-spectrum.ts';
import { historyEntries } from './history-entries.ts';
import { type Interactions, transpose } from './interactions.ts';
import type { FitTools, Recommender } from './recommender.ts';
import { similarByFactors } from './similar-by-factors.ts';
import { truncatedSvd } from './truncated-svd.ts';
import { checkInteractions, checkNumbers, powers, rowSums } from './walk-weights.ts';

/**
 * A filter on the graph of people and items: what a person has passes to those who share it and on to what they have, plus a part
 * that keeps only the graph's low frequencies, the tastes that many share. No training: one decomposition.
 */
export type GraphFilter = { readonly kind: 'graph-filter'; readonly version: 1; readonly items: number } & FilterGraph &
  Spectrum;

export type GraphFilterOptions = {
  /** How strongly degrees discount where a pass starts, at the people on its way, and where it ends. */
  readonly sourceExponent?: number;
  readonly personExponent?: number;
  readonly targetExponent?: number;
  /** Low frequencies kept; 0 leaves the pass over the graph alone. */
  readonly factors?: number;
  /** How much the low frequencies count against the pass. */
  readonly lowPass?: number;
  /** The degree of items where the low frequencies are read and written. */
  readonly spectrumSourceExponent?: number;
  readonly spectrumTargetExponent?: number;
  /** Holds back the lowest frequencies, what everybody likes, within the low-pass part and within the pass. */
  readonly lowPassSharpening?: number;
  readonly passSharpening?: number;
  /** Size of the space the decomposition searches, as a multiple of `factors`. */
  readonly spaceFactor?: number;
};

/** As published: GF-CF. Source: Shen et al. (2021), CIKM, 1619-1629. */
export const gfCfOptions = {
  sourceExponent: 0.5,
  personExponent: 1,
  targetExponent: 0.5,
  factors: 256,
  lowPass: 0.3,
  spectrumSourceExponent: 0.5,
  spectrumTargetExponent: 0.5,
  lowPassSharpening: 0,
  passSharpening: 0,
  spaceFactor: 3,
} as const satisfies Required<GraphFilterOptions>;

/**
 * What is used unless options say otherwise. Chosen on a validation part of the training pairs of yelp2018; most is gained by
 * discounting people with long histories less than GF-CF does.
 */
export const graphFilterDefaults = {
  ...gfCfOptions,
  personExponent: 0.6,
  factors: 384,
  lowPass: 0.2,
  spectrumTargetExponent: 0.4,
  lowPassSharpening: 0.15,
  passSharpening: 0.3,
  spaceFactor: 2.5,
} as const satisfies Required<GraphFilterOptions>;

/**
 * One sharpening step after the two filters are added, Euler's, as published; the step on the pass acts within the low frequencies
 * kept, where nearly all of it is. Source: Choi et al. (2023), SIGIR, 1096-1106 (BSPM, early merge).
 */
export const sharpenedOptions = { ...gfCfOptions, factors: 384, lowPassSharpening: 0.6, passSharpening: 0.6 } as const;

/**
 * s = r D^-source Rᵀ … : s_i = Σ_j r_j (Σ_u r_uj r_ui / (d_j^source d_u^person d_i^target) + Σ_f g_f v_jf v_if d_i^τ / d_j^σ)
 * with v the right singular vectors of D_u^(-person/2) R D_i^-½, x = their values squared over the largest, s₀² that largest, and
 * gains g = s₀² (lowPass (1 − lowPassSharpening x) − passSharpening x²). Linear in the history: new people need no refit.
 * Cost of a score: O(entries of those who share something with the person + items · factors).
 */
export const graphFilter: Recommender<GraphFilter, GraphFilterOptions> = {
  kind: 'graph-filter',
  fit({ interactions }, options, tools) {
    const settings = { ...graphFilterDefaults, ...options };
    checkSettings(settings, interactions);
    const graph = buildGraph(interactions, settings);
    tools.progress?.(0.05);
    const spectrum = computeSpectrum(interactions, settings, tools);
    tools.progress?.(1);
    return { kind: 'graph-filter', version: 1, items: interactions.items, ...graph, ...spectrum };
  },
  scoreInto(model, history, scores) {
    const entries = historyEntries(history, model.items);
    passGraphInto(model, entries, scores);
    if (model.factors > 0)
      addSpectrumInto(model, coordinatesInto(model, entries, new Float64Array(model.factors)), scores);
  },
  explain(model, history, item) {
    const entries = historyEntries(history, model.items);
    const shares = graphSharesInto(model, item, new Float64Array(entries.item.length), entries);
    const { factors, itemFactors, gains, sourceScale, targetScale } = model;
    return Array.from(entries.item, (from, at) => {
      let low = 0;
      for (let f = 0; f < factors; f++) {
        low += gains[f] * itemFactors[from * factors + f] * itemFactors[item * factors + f];
      }
      return { item: from, share: shares[at] + entries.weight[at] * low * sourceScale[from] * targetScale[item] };
    }).sort((a, b) => b.share - a.share || a.item - b.item);
  },
  serve: serveGraphFilter,
  similar: (model, item, k) => similarByFactors(model.itemFactors, model.factors, item, k),
  scoreManyInto(model, histories, scores, kernels) {
    const { items, factors } = model;
    const rows = histories.map((history) => historyEntries(history, items));
    kernels.scope(() => {
      if (factors > 0) {
        const people = scaledCoordinates(model, rows, kernels.float32(rows.length * factors));
        kernels.gemm({
          m: rows.length,
          n: items,
          k: factors,
          a: people,
          b: model.itemFactors,
          c: scores,
          transposeB: true,
        });
      }
      const pass = new Float32Array(items);
      rows.forEach((entries, row) => {
        passGraphInto(model, entries, pass);
        for (let item = 0, at = row * items; item < items; item++, at++) {
          scores[at] = pass[item] + (factors > 0 ? scores[at] * model.targetScale[item] : 0);
        }
      });
    });
  },
};

type Settings = Required<GraphFilterOptions>;

function buildGraph(interactions: Interactions, settings: Settings): FilterGraph {
  const columns = transpose(interactions);
  const itemDegree = rowSums(columns);
  const personDegree = rowSums(interactions);
  const { sourceExponent, personExponent, targetExponent } = settings;
  return {
    users: interactions.users,
    owners: sparseRowsOf(columns, powers(itemDegree, -sourceExponent), undefined),
    people: sparseRowsOf(interactions, powers(personDegree, -personExponent), powers(itemDegree, -targetExponent)),
  };
}

function computeSpectrum(interactions: Interactions, settings: Settings, tools: FitTools): Spectrum {
  const itemDegree = rowSums(transpose(interactions));
  const scales = {
    sourceScale: powers(itemDegree, -settings.spectrumSourceExponent),
    targetScale: powers(itemDegree, settings.spectrumTargetExponent),
  };
  if (settings.factors === 0) {
    return { factors: 0, itemFactors: new Float32Array(0), gains: new Float32Array(0), ...scales };
  }
  const rows = sparseRowsOf(
    interactions,
    powers(rowSums(interactions), -settings.personExponent / 2),
    powers(itemDegree, -0.5),
  );
  const { factors, singularValues, right } = truncatedSvd(normalised(interactions, rows), settings, {
    kernels: tools.kernels,
    seed: tools.seed,
    progress: (done) => tools.progress?.(0.05 + 0.95 * done),
  });
  return { factors, itemFactors: right, gains: gainsOf(singularValues, settings), ...scales };
}

function gainsOf(singularValues: Float64Array, settings: Settings): Float32Array {
  const { lowPass, lowPassSharpening, passSharpening } = settings;
  return Float32Array.from(singularValues, (value) => {
    const share = (value / singularValues[0]) ** 2;
    return singularValues[0] ** 2 * (lowPass * (1 - lowPassSharpening * share) - passSharpening * share * share);
  });
}

function normalised({ users, items }: Interactions, rows: SparseRows): SparseMatrix {
  return { rows: users, columns: items, offsets: rows.offsets, columnOf: rows.columnOf, weightOf: rows.weightOf };
}

function checkSettings(settings: Settings, interactions: Interactions): void {
  checkInteractions('graphFilter', interactions);
  checkNumbers('graphFilter', settings);
  const { factors, spaceFactor } = settings;
  if (!Number.isInteger(factors) || factors < 0) {
    throw new DomainError(`graphFilter: factors must be 0 or a positive integer, got ${factors}`);
  }
  if (spaceFactor < 1) throw new DomainError(`graphFilter: spaceFactor must be 1 or more, got ${spaceFactor}`);
}
