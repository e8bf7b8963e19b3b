import type { Kernels, SparseMatrix } from '@zhiyin/kernels';
import { DomainError, ShapeError } from '../errors.ts';
import { selectLargest } from '../numerics/select-largest.ts';
import { transpose } from './interactions.ts';
import { explainByWeights, type ItemWeights, scoreByWeightsInto, serveByWeights } from './item-weights.ts';
import type { History, ItemContent, Recommender, TrainingData } from './recommender.ts';
import { topK } from './top-k.ts';
import { checkInteractions, checkNumbers, powers, rowSums } from './walk-weights.ts';

/** Every item as a linear function of all others: weights that best reproduce what people have, in closed form. */
export type Ease = ItemWeights & {
  readonly kind: 'ease';
  readonly version: 1;
  readonly lambda: number;
  readonly dropout: number;
  readonly contentWeight: number;
  readonly linksMax: number;
  readonly personExponent: number;
  readonly itemExponent: number;
  /** What an item's column was multiplied by before it was learned from: its weight to the power of -itemExponent. */
  readonly itemScale: Float32Array;
  /** Diagonal of the inverse P: what turns weights into partial correlations. */
  readonly diagonal: Float32Array;
  /** Σ weight² per item, content included. Of an item with none nothing can be said. */
  readonly support: Float32Array;
  /** items × items P, kept for `updateEase` where that was asked for; else empty. */
  readonly inverse: Float32Array;
};

export type EaseOptions = {
  /**
   * Added to the diagonal: more pulls all weights towards 0. About 50 on very sparse data to 1000 on dense. With exponents it is
   * scaled as the mean of the diagonal is, so that it means the same.
   */
  readonly lambda?: number;
  /** Denoising: the share of a person's items imagined away while learning, in [0, 1). Protects popular items from leaning on themselves. */
  readonly dropout?: number;
  /** How much shared content counts beside shared people; 0 leaves content out. With it items nobody had yet get weights. */
  readonly contentWeight?: number;
  /** The strongest weights kept for each item recommended; 1000 unless given. */
  readonly linksMax?: number;
  /**
   * How much less is learned from an entry of somebody who has much: a person counts by their weight to the power of minus this.
   * About 0.7 ranks better than 0 on all data measured; 0 is the method as published.
   */
  readonly personExponent?: number;
  /** The same for items, before weights are sought and undone after: about 0.25 helps where popularity differs much. */
  readonly itemExponent?: number;
  /** Keeps the inverse (items² numbers) so that `updateEase` can add and take away people. */
  readonly keepInverse?: boolean;
};

/** 30,000² numbers are 3.4 of the 4 GiB that kernels can hold. */
const itemsMax = 30_000;

/**
 * B = I − P / diag(P) column by column, with P = (XᵀX + w² T Tᵀ + Λ)⁻¹, X people × items, T items × content,
 * Λ_jj = lambda + dropout / (1 − dropout) (XᵀX)_jj. A score is Σ_j x_j B_ji and explains itself.
 * Cost: Σ over people of (entries)² + items³; memory: 4 items² bytes.
 * Sources: Steck (2019), WWW; Steck (2020), NeurIPS 33 (dropout); Jeunen, Van Balen, Goethals (2020), RecSys (content).
 * @throws DomainError when there are more than 30,000 items or an option is out of range; ShapeError when content is of other items.
 */
export const ease: Recommender<Ease, EaseOptions> = {
  kind: 'ease',
  fit: fitEase,
  scoreInto: scoreByEaseInto,
  similar: similarByEase,
  explain: explainByWeights,
  serve: (model) => serveByWeights(model, (_, history, scores) => scoreByEaseInto(model, history, scores)),
};

function scoreByEaseInto(model: Ease, history: History, scores: Float32Array): void {
  scoreByWeightsInto(model, history, scores);
  for (let item = 0; item < model.items; item++) {
    if (!(model.support[item] > 0)) scores[item] = Number.NEGATIVE_INFINITY;
  }
}

export function fitEase(
  data: TrainingData,
  options: EaseOptions,
  tools: { kernels: Kernels; progress?: (done: number) => void },
): Ease {
  const settings = checkedSettings(data, options);
  const { items } = data.interactions;
  const { kernels, progress } = tools;
  return kernels.scope(() => {
    const matrix = kernels.float32(items * items);
    const itemScale = powers(rowSums(transpose(data.interactions)), -settings.itemExponent);
    const learned = discounted(data, settings, itemScale);
    kernels.sparseGram(rowsToLearnFrom(learned, settings.contentWeight), matrix);
    const lambda = settings.lambda * shareLeft(data, learned);
    progress?.(0.1);
    const support = new Float32Array(items);
    for (let item = 0; item < items; item++) {
      const at = item * items + item;
      support[item] = matrix[at];
      matrix[at] += lambda + (settings.dropout / (1 - settings.dropout)) * support[item];
    }
    if (!kernels.invertPositiveDefinite(matrix, items)) {
      throw new DomainError(`fitEase: lambda ${settings.lambda} is too small for these data; try ten times as much`);
    }
    progress?.(0.8);
    const model = modelOfInverse(matrix, { ...settings, items, support, itemScale });
    progress?.(1);
    return options.keepInverse ? { ...model, inverse: matrix.slice() } : model;
  });
}

type Settings = Pick<Ease, 'lambda' | 'dropout' | 'contentWeight' | 'linksMax' | 'personExponent' | 'itemExponent'>;

function checkedSettings({ interactions, content }: TrainingData, options: EaseOptions): Settings {
  const { lambda = 300, dropout = 0, contentWeight = 0, linksMax = 1000 } = options;
  const { personExponent = 0, itemExponent = 0 } = options;
  checkInteractions('fitEase', interactions);
  checkNumbers('fitEase', { personExponent, itemExponent });
  if (interactions.items > itemsMax) {
    throw new DomainError(
      `fitEase: ${interactions.items} items are too many for a dense matrix, at most ${itemsMax}; use als, rp3beta or graph-filter`,
    );
  }
  if (!(lambda > 0 && Number.isFinite(lambda)))
    throw new DomainError(`fitEase: lambda must be positive, got ${lambda}`);
  if (!(dropout >= 0 && dropout < 1)) throw new DomainError(`fitEase: dropout must be in [0, 1), got ${dropout}`);
  if (!(contentWeight >= 0 && Number.isFinite(contentWeight))) {
    throw new DomainError(`fitEase: contentWeight must be at least 0, got ${contentWeight}`);
  }
  if (!(Number.isInteger(linksMax) && linksMax >= 1)) {
    throw new DomainError(`fitEase: linksMax must be a positive integer, got ${linksMax}`);
  }
  if (content && contentWeight > 0 && content.items !== interactions.items) {
    throw new ShapeError(`fitEase: content describes ${content.items} items, interactions have ${interactions.items}`);
  }
  return { lambda, dropout, contentWeight: content ? contentWeight : 0, linksMax, personExponent, itemExponent };
}

/** Entries by the exponents: r_ui · d_u^(-person / 2) · d_i^-item, content by the item's alone. */
function discounted(data: TrainingData, settings: Settings, itemScale: Float32Array): TrainingData {
  if (settings.personExponent === 0 && settings.itemExponent === 0) return data;
  const { interactions, content } = data;
  const personScale = powers(rowSums(interactions), -settings.personExponent / 2);
  const weightOf = interactions.weightOf.slice();
  for (let user = 0; user < interactions.users; user++) {
    for (let at = interactions.offsets[user]; at < interactions.offsets[user + 1]; at++) {
      weightOf[at] *= personScale[user] * itemScale[interactions.itemOf[at]];
    }
  }
  if (!content) return { interactions: { ...interactions, weightOf } };
  const contentWeightOf = content.weightOf.slice();
  for (let item = 0; item < content.items; item++) {
    for (let at = content.offsets[item]; at < content.offsets[item + 1]; at++) {
      contentWeightOf[at] *= itemScale[item] || 1;
    }
  }
  return { interactions: { ...interactions, weightOf }, content: { ...content, weightOf: contentWeightOf } };
}

/** What the exponents left of the mean of the diagonal. */
function shareLeft(before: TrainingData, after: TrainingData): number {
  const squares = ({ interactions }: TrainingData) =>
    interactions.weightOf.reduce((sum, weight) => sum + weight * weight, 0);
  return before === after || squares(before) === 0 ? 1 : squares(after) / squares(before);
}

/** People as rows; below them features as rows, each "having" the items that show it: one Gram matrix of both. */
function rowsToLearnFrom({ interactions, content }: TrainingData, contentWeight: number): SparseMatrix {
  const { users, items, offsets, itemOf, weightOf } = interactions;
  const people = { rows: users, columns: items, offsets, columnOf: itemOf, weightOf };
  if (!content || contentWeight === 0) return people;
  const features = featureRows(content);
  const allOffsets = new Uint32Array(users + features.users + 1);
  allOffsets.set(offsets);
  for (let row = 1; row <= features.users; row++) allOffsets[users + row] = offsets[users] + features.offsets[row];
  const columnOf = new Uint32Array(itemOf.length + features.itemOf.length);
  columnOf.set(itemOf);
  columnOf.set(features.itemOf, itemOf.length);
  const weights = new Float32Array(columnOf.length);
  weights.set(weightOf);
  features.weightOf.forEach((weight, at) => {
    weights[weightOf.length + at] = contentWeight * weight;
  });
  return { rows: users + features.users, columns: items, offsets: allOffsets, columnOf, weightOf: weights };
}

function featureRows({ items, features, offsets, featureOf, weightOf }: ItemContent) {
  return transpose({ users: items, items: features, offsets, itemOf: featureOf, weightOf });
}

/**
 * Weights from P, which is symmetric: B_ji = −P_ji / P_ii. Of each target i those weights are kept that are no weaker than its
 * `linksMax`th; where weights tie there may be a few more.
 */
export function modelOfInverse(
  inverse: Float32Array,
  settings: Settings & { readonly items: number; readonly support: Float32Array; readonly itemScale: Float32Array },
): Ease {
  const { items, lambda, dropout, contentWeight, linksMax, personExponent, itemExponent, support, itemScale } =
    settings;
  const diagonal = Float32Array.from({ length: items }, (_, item) => inverse[item * items + item]);
  const weakest = weakestKept(inverse, items, linksMax);
  const isKept = (source: number, target: number) =>
    source !== target && Math.abs(inverse[source * items + target]) >= weakest[target];
  const offsets = new Uint32Array(items + 1);
  for (let source = 0; source < items; source++) {
    let kept = 0;
    for (let target = 0; target < items; target++) if (isKept(source, target)) kept++;
    offsets[source + 1] = offsets[source] + kept;
  }
  const itemOf = new Uint32Array(offsets[items]);
  const weightOf = new Float32Array(offsets[items]);
  let at = 0;
  for (let source = 0; source < items; source++) {
    for (let target = 0; target < items; target++) {
      if (!isKept(source, target)) continue;
      itemOf[at] = target;
      weightOf[at++] = (-inverse[source * items + target] / diagonal[target]) * scaleRatio(itemScale, source, target);
    }
  }
  return {
    kind: 'ease',
    version: 1,
    items,
    offsets,
    itemOf,
    weightOf,
    lambda,
    dropout,
    contentWeight,
    linksMax,
    personExponent,
    itemExponent,
    itemScale,
    diagonal,
    support,
    inverse: new Float32Array(0),
  };
}

/** Weights found between scaled columns, for columns as they are. */
function scaleRatio(itemScale: Float32Array, source: number, target: number): number {
  return (itemScale[source] || 1) / (itemScale[target] || 1);
}

/** Per target the size of its `linksMax`th strongest entry beside the diagonal; never 0, which is no link. */
function weakestKept(inverse: Float32Array, items: number, linksMax: number): Float32Array {
  const least = 1.2e-38;
  const weakest = new Float32Array(items).fill(least);
  if (linksMax >= items - 1) return weakest;
  const strengths = new Float32Array(items);
  for (let target = 0; target < items; target++) {
    for (let item = 0; item < items; item++) strengths[item] = Math.abs(inverse[target * items + item]);
    strengths[target] = 0;
    weakest[target] = Math.max(least, selectLargest(strengths, linksMax));
  }
  return weakest;
}

/** By partial correlation, −P_ij / √(P_ii P_jj): what two items share beyond what all others tell of them. */
function similarByEase(model: Ease, item: number, k: number) {
  const [start, end] = [model.offsets[item], model.offsets[item + 1]];
  const correlations = Float32Array.from({ length: end - start }, (_, at) => {
    const other = model.itemOf[start + at];
    const weight = model.weightOf[start + at] * scaleRatio(model.itemScale, other, item);
    return weight * Math.sqrt(model.diagonal[other] / model.diagonal[item]);
  });
  const nearest = topK(correlations, k);
  return {
    item: nearest.map((at) => model.itemOf[start + at]),
    score: Float32Array.from(nearest, (at) => correlations[at]),
  };
}
