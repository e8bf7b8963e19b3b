import type { Kernels, SparseMatrix } from '@zhiyin/kernels';
import { DomainError } from '../errors.ts';
import { normalDraw, seededRandom } from '../numerics/random.ts';
import { type AlsContent, createContentPrior } from './als-content.ts';
import { explainByFactors, foldInManyInto, scoreByFactorsInto } from './als-fold-in.ts';
import { serveByFactors } from './als-serve.ts';
import { type Interactions, transpose } from './interactions.ts';
import type { Recommender } from './recommender.ts';
import { similarByFactors } from './similar-by-factors.ts';
import { checkInteractions, checkNumbers, checkPositiveInteger, powers, rowSums } from './walk-weights.ts';

/** Matrix factorisation for implicit feedback. A person's factors follow from their history and the items' factors. */
export type Als = {
  readonly kind: 'als';
  readonly version: 1;
  readonly items: number;
  readonly users: number;
  readonly factors: number;
  /** a0: the weight of every pair, seen or not, against 1 of a pair seen with weight 1. */
  readonly unobservedWeight: number;
  readonly regularisation: number;
  readonly frequencyExponent: number;
  readonly personExponent: number;
  /** items × factors. */
  readonly itemFactors: Float32Array;
  /** users × factors, those of the interactions fitted; what `updateAls` needs to bring items up to date. */
  readonly userFactors: Float32Array;
  /** factors × factors: unobservedWeight · itemFactorsᵀ itemFactors. */
  readonly gram: Float32Array;
  /** What features say about an item nobody has had; absent when fitted without content. */
  readonly content?: AlsContent;
};

export type AlsOptions = {
  readonly factors?: number;
  readonly iterations?: number;
  readonly unobservedWeight?: number;
  readonly regularisation?: number;
  /** 0: each row is held back equally; 1: in proportion to how much is known about it. */
  readonly frequencyExponent?: number;
  /**
   * How much less items learn from each entry of somebody who has much: a person counts by their weight to the power of minus this.
   * 0 is the method as published.
   */
  readonly personExponent?: number;
  /** `conjugate-gradients`: three steps from the last iteration's factors. `exact`: solved whole, for checks and small data. */
  readonly solver?: 'conjugate-gradients' | 'exact';
  /** Lets items lean towards what their content says, so that new items have factors. Needs content. */
  readonly useContent?: boolean;
};

const defaults = {
  factors: 64,
  iterations: 16,
  unobservedWeight: 0.3,
  regularisation: 0.01,
  frequencyExponent: 1,
  personExponent: 0,
  solver: 'conjugate-gradients',
  useContent: false,
} as const satisfies Required<AlsOptions>;

/**
 * Minimises Σ_seen w (1 − x·y)² + a0 Σ_all (x·y)² + λ Σ_u (w_u + a0 · items)^ν |x_u|² + the same for items, w_u the sum of the
 * person's weights; people, then items, in each iteration. Start: N(0, 0.1 / √factors).
 * Cost per iteration: O(entries · factors + (users + items) · factors²) per conjugate-gradient step.
 * Sources: Hu, Koren, Volinsky (2008), ICDM, 263-272; Takács et al. (2011), RecSys, 297-300; Rendle et al. (2022), RecSys, 427-435.
 */
export const als: Recommender<Als, AlsOptions> = {
  kind: 'als',
  fit({ interactions, content }, options, tools) {
    const settings = { ...defaults, ...options };
    const { factors, iterations } = settings;
    checkOptions(settings, interactions);
    const { users, items } = interactions;
    const { kernels } = tools;
    return kernels.scope(() => {
      const random = seededRandom(tools.seed);
      const userFactors = drawFactors(kernels, users, factors, random);
      const itemFactors = drawFactors(kernels, items, factors, random);
      const sides = createSides(kernels, interactions, settings);
      const prior =
        settings.useContent && content
          ? createContentPrior(kernels, content, factors, sides.items.regularisation)
          : undefined;
      for (let iteration = 0; iteration < iterations; iteration++) {
        solveSide(kernels, sides.users, itemFactors, userFactors, settings);
        prior?.refit(itemFactors);
        solveSide(kernels, sides.items, userFactors, itemFactors, settings, prior?.values);
        tools.progress?.((iteration + 1) / iterations);
      }
      prior?.refit(itemFactors);
      if (prior) putNewItems(sides.items.matrix, prior.values, itemFactors, factors);
      return {
        kind: 'als',
        version: 1,
        items,
        users,
        factors,
        unobservedWeight: settings.unobservedWeight,
        regularisation: settings.regularisation,
        frequencyExponent: settings.frequencyExponent,
        personExponent: settings.personExponent,
        itemFactors: itemFactors.slice(),
        userFactors: userFactors.slice(),
        gram: gramOf(kernels, itemFactors, items, factors, settings.unobservedWeight).slice(),
        ...(prior ? { content: prior.model() } : {}),
      };
    });
  },
  scoreInto: scoreByFactorsInto,
  explain: explainByFactors,
  serve: serveByFactors,
  similar: (model, item, k) => similarByFactors(model.itemFactors, model.factors, item, k),
  rankMany(model, histories, { k, exclude }, kernels) {
    const { items, factors, itemFactors } = model;
    return kernels.scope(() => {
      const people = kernels.float32(histories.length * factors);
      foldInManyInto(model, histories, people, kernels);
      return kernels.scoreTopK({
        rows: histories.length,
        columns: items,
        factors,
        left: people,
        right: itemFactors,
        k,
        exclude,
      });
    });
  },
  scoreManyInto(model, histories, scores, kernels) {
    const { items, factors, itemFactors } = model;
    kernels.scope(() => {
      const people = kernels.float32(histories.length * factors);
      foldInManyInto(model, histories, people, kernels);
      kernels.gemm({
        m: histories.length,
        n: items,
        k: factors,
        a: people,
        b: itemFactors,
        c: scores,
        transposeB: true,
      });
    });
  },
};

export type AlsChanges = {
  /** All that is known now: at least as many people and items as the model has, in the same order. */
  readonly interactions: Interactions;
  /** People and items whose rows are not what they were when the model was fitted. New ones count by themselves. */
  readonly touchedUsers: ArrayLike<number>;
  readonly touchedItems: ArrayLike<number>;
};

/**
 * Brings a model up to date without a refit: first the people touched are solved against the items as they are, then the items
 * touched against the people. Other rows stay. A refit now and then is still needed: rows that did not change lean on those that
 * did. Cost: one exact solve per row touched and one pass over all factors.
 * @throws DomainError when the interactions have fewer people or items than the model, or an index is outside them.
 */
export function updateAls(model: Als, changes: AlsChanges, kernels: Kernels): Als {
  const { interactions } = changes;
  const { factors, unobservedWeight } = model;
  checkInteractions('updateAls', interactions);
  if (interactions.users < model.users || interactions.items < model.items) {
    throw new DomainError(
      `updateAls: the model knows ${model.users} people and ${model.items} items, got ${interactions.users} × ${interactions.items}`,
    );
  }
  const touchedUsers = touchedRows('touchedUsers', changes.touchedUsers, model.users, interactions.users);
  const touchedItems = touchedRows('touchedItems', changes.touchedItems, model.items, interactions.items);
  return kernels.scope(() => {
    const userFactors = grownRows(model.userFactors, interactions.users * factors);
    const itemFactors = grownRows(model.itemFactors, interactions.items * factors);
    const sides = createSides(kernels, interactions, { ...defaults, ...model });
    solveRows(kernels, sides.users, touchedUsers, itemFactors, userFactors, model);
    solveRows(kernels, sides.items, touchedItems, userFactors, itemFactors, model);
    return {
      ...model,
      users: interactions.users,
      items: interactions.items,
      userFactors,
      itemFactors,
      gram: gramOf(kernels, itemFactors, interactions.items, factors, unobservedWeight).slice(),
    };
  });
}

type Settings = Required<AlsOptions>;

/** One half of the alternation: whose rows are solved, and how strongly each is held back. */
type Side = {
  readonly matrix: SparseMatrix;
  readonly regularisation: Float32Array;
  /** By what the rows of the other side are multiplied, and the targets; absent: 1. */
  readonly scale?: Float32Array;
  readonly targetOf?: Float32Array;
};

function createSides(kernels: Kernels, interactions: Interactions, settings: Settings): { users: Side; items: Side } {
  const items = createSide(kernels, transpose(interactions), settings);
  return {
    users: createSide(kernels, interactions, settings),
    items: settings.personExponent === 0 ? items : discounted(kernels, items, interactions, settings.personExponent),
  };
}

/**
 * With people counting by c, Σ c x xᵀ is the plain sum over rows scaled by √c, and Σ c x that with targets of √c.
 * c averages 1 over entries, so that other options mean the same.
 */
function discounted(kernels: Kernels, side: Side, interactions: Interactions, personExponent: number): Side {
  const degree = rowSums(interactions);
  const raw = powers(degree, -personExponent);
  const total = degree.reduce((sum, weight) => sum + weight, 0);
  const counted = degree.reduce((sum, weight, user) => sum + weight * raw[user], 0);
  const scale = kernels.float32(raw.length);
  for (let user = 0; user < raw.length; user++)
    scale[user] = counted > 0 ? Math.sqrt((raw[user] * total) / counted) : 0;
  const targetOf = kernels.float32(side.matrix.weightOf.length);
  for (let at = 0; at < targetOf.length; at++)
    targetOf[at] = side.matrix.weightOf[at] * scale[side.matrix.columnOf[at]];
  return { ...side, scale, targetOf };
}

function createSide(kernels: Kernels, rows: Interactions, settings: Settings): Side {
  const { unobservedWeight, frequencyExponent } = settings;
  const regularisation = kernels.float32(rows.users);
  rowSums(rows).forEach((sum, row) => {
    regularisation[row] = settings.regularisation * (sum + unobservedWeight * rows.items) ** frequencyExponent;
  });
  return { matrix: sparseRows(kernels, rows), regularisation };
}

/** Copied once, so that sweeps need not. */
function sparseRows(kernels: Kernels, { users, items, offsets, itemOf, weightOf }: Interactions): SparseMatrix {
  const [ownOffsets, columnOf, weights] = [
    kernels.uint32(offsets.length),
    kernels.uint32(itemOf.length),
    kernels.float32(weightOf.length),
  ];
  ownOffsets.set(offsets);
  columnOf.set(itemOf);
  weights.set(weightOf);
  return { rows: users, columns: items, offsets: ownOffsets, columnOf, weightOf: weights };
}

function solveSide(
  kernels: Kernels,
  side: Side,
  other: Float32Array,
  solved: Float32Array,
  { factors, unobservedWeight, solver }: Settings,
  prior?: Float32Array,
): void {
  kernels.scope(() => {
    const { matrix, regularisation, targetOf } = side;
    const fixed = scaledRows(kernels, other, factors, side.scale);
    const gram = gramOf(kernels, fixed, matrix.columns, factors, unobservedWeight);
    const sweep = { matrix, targetOf, factors, fixed, gram, regularisation, solved, ...(prior ? { prior } : {}) };
    if (solver === 'exact') kernels.choleskySweep(sweep);
    else kernels.conjugateGradientSweep(sweep);
  });
}

function scaledRows(kernels: Kernels, rows: Float32Array, factors: number, scale?: Float32Array): Float32Array {
  if (!scale) return rows;
  const scaled = kernels.float32(rows.length);
  for (let row = 0, at = 0; row < scale.length; row++) {
    for (const end = at + factors; at < end; at++) scaled[at] = scale[row] * rows[at];
  }
  return scaled;
}

function solveRows(
  kernels: Kernels,
  { matrix, regularisation, scale, targetOf }: Side,
  rows: Uint32Array,
  other: Float32Array,
  solved: Float32Array,
  { factors, unobservedWeight }: Als,
): void {
  if (rows.length === 0) return;
  const fixed = scaledRows(kernels, other, factors, scale);
  const gram = gramOf(kernels, fixed, matrix.columns, factors, unobservedWeight);
  const part = kernels.float32(rows.length * factors);
  kernels.choleskySweep({
    matrix: pickRows(matrix, rows),
    targetOf: targetOf && pickRows({ ...matrix, weightOf: targetOf }, rows).weightOf,
    factors,
    fixed,
    gram,
    regularisation: Float32Array.from(rows, (row) => regularisation[row]),
    solved: part,
  });
  rows.forEach((row, at) => {
    solved.set(part.subarray(at * factors, (at + 1) * factors), row * factors);
  });
}

function pickRows({ columns, offsets, columnOf, weightOf }: SparseMatrix, rows: Uint32Array): SparseMatrix {
  const pickedOffsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, at) => {
    pickedOffsets[at + 1] = pickedOffsets[at] + offsets[row + 1] - offsets[row];
  });
  const picked = {
    columnOf: new Uint32Array(pickedOffsets[rows.length]),
    weightOf: new Float32Array(pickedOffsets[rows.length]),
  };
  rows.forEach((row, at) => {
    picked.columnOf.set(columnOf.subarray(offsets[row], offsets[row + 1]), pickedOffsets[at]);
    picked.weightOf.set(weightOf.subarray(offsets[row], offsets[row + 1]), pickedOffsets[at]);
  });
  return { rows: rows.length, columns, offsets: pickedOffsets, ...picked };
}

function touchedRows(name: string, touched: ArrayLike<number>, known: number, rows: number): Uint32Array {
  const all = new Set<number>();
  for (let at = 0; at < touched.length; at++) {
    if (!(Number.isInteger(touched[at]) && touched[at] >= 0 && touched[at] < rows)) {
      throw new DomainError(`updateAls: ${name} must be indices below ${rows}, got ${touched[at]}`);
    }
    all.add(touched[at]);
  }
  for (let row = known; row < rows; row++) all.add(row);
  return Uint32Array.from(all).sort();
}

function gramOf(
  kernels: Kernels,
  fixed: Float32Array,
  rows: number,
  factors: number,
  unobservedWeight: number,
): Float32Array {
  const gram = kernels.float32(factors * factors);
  kernels.syrk({ n: factors, k: rows, a: fixed, c: gram, alpha: unobservedWeight });
  return gram;
}

function drawFactors(kernels: Kernels, rows: number, factors: number, random: () => number): Float32Array {
  const drawn = kernels.float32(rows * factors);
  const scale = 0.1 / Math.sqrt(factors);
  for (let at = 0; at < drawn.length; at++) drawn[at] = scale * normalDraw(random);
  return drawn;
}

function grownRows(rows: Float32Array, length: number): Float32Array {
  const grown = new Float32Array(length);
  grown.set(rows);
  return grown;
}

/** Items nobody has had get what their content says, unshrunk: being unseen is no evidence against them. */
function putNewItems(matrix: SparseMatrix, prior: Float32Array, itemFactors: Float32Array, factors: number): void {
  for (let item = 0; item < matrix.rows; item++) {
    if (matrix.offsets[item] < matrix.offsets[item + 1]) continue;
    itemFactors.set(prior.subarray(item * factors, (item + 1) * factors), item * factors);
  }
}

function checkOptions(settings: Settings, interactions: Interactions): void {
  const { factors, iterations, unobservedWeight, regularisation, frequencyExponent } = settings;
  checkInteractions('als', interactions);
  checkPositiveInteger('als', 'factors', factors);
  checkPositiveInteger('als', 'iterations', iterations);
  checkNumbers('als', { unobservedWeight, regularisation, frequencyExponent, personExponent: settings.personExponent });
  if (unobservedWeight < 0) {
    throw new DomainError(`als: unobservedWeight must be 0 or more, got ${unobservedWeight}`);
  }
  if (regularisation <= 0) throw new DomainError(`als: regularisation must be above 0, got ${regularisation}`);
}
