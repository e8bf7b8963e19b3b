import type { CustomerRunCreate, LookAlike } from '@zhiyin/contract';
import {
  type Classifier,
  type ClassifierName,
  chooseClassifier,
  computeImportance,
  evaluateClassifier,
  type FeatureTable,
  integerDraw,
  predictProbability,
  seededRandom,
} from '@zhiyin/learn';
import type { Workspace } from '../../domain/workspace.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import { behaviourFeatures, readBehaviour } from '../clusters/index.ts';
import { saveComputedTraits } from '../computed-traits/index.ts';
import { RunFailure } from '../customers/run-failure.ts';

export type LookAlikeResult = NonNullable<LookAlike['result']> & { readonly seedPeople: number };
export type LookAlikeOptions = {
  readonly request: Extract<CustomerRunCreate, { kind: 'look_alike' }>;
  readonly runId: number;
  /** Profile ids of the seed. */
  readonly seedIds: readonly string[];
  readonly at: Date;
  readonly seed: number;
  readonly progress: (stage: 'read' | 'choose' | 'fit' | 'describe' | 'save', done: number) => void;
};

const seedMin = 50;
/** Learned on at most so many of the seed and of the others; everybody is scored. */
const learnRowsMax = 20_000;
const folds = 3;
const sizes = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1] as const;

/**
 * Who behaves like a given set of people: a classifier of the seed against the others, judged on people of the seed that it did not see,
 * and everybody's place among the others as a computed trait. @throws RunFailure when the seed or the others are too few.
 */
export async function findLookAlikes(
  events: EventStore,
  workspace: Pick<Workspace, 'id' | 'currency' | 'timeZone'>,
  options: LookAlikeOptions,
): Promise<LookAlikeResult> {
  const { at, seed, runId, progress } = options;
  progress('read', 0);
  const { people, points } = await readBehaviour(events, workspace, { at, who: 'active' });
  const wanted = new Set(options.seedIds);
  const labels = Uint8Array.from(people, (profileId) => (wanted.has(profileId) ? 1 : 0));
  const seedPeople = labels.reduce((sum, label) => sum + label, 0);
  const others = people.length - seedPeople;
  if (seedPeople < seedMin) {
    throw new RunFailure(
      'too_few_people',
      `The seed has ${seedPeople} people seen in the last year; at least ${seedMin} are needed.`,
    );
  }
  if (others < seedMin) {
    throw new RunFailure(
      'one_class',
      `Nearly everybody is in the seed: ${others} others are left, at least ${seedMin} are needed.`,
    );
  }
  const everybody = toTable(points);
  const rows = drawRows(labels, seed);
  const table = takeTableRows(everybody, rows);
  const known = Uint8Array.from(rows, (row) => labels[row] ?? 0);
  progress('choose', 0);
  const choose = (part: FeatureTable, of: Uint8Array, names: readonly ClassifierName[]) => {
    const chosen = chooseClassifier(part, of, { seed, rowsPerClassMin: 20, names });
    if (chosen.kind === 'refused') throw new RunFailure('too_few_people', 'There are too few people to learn from.');
    return chosen;
  };
  const chosen = choose(table, known, ['base-rate', 'logistic', 'trees-small']);
  const heldOut = crossValidate(
    table,
    known,
    seed,
    (part, of) => choose(part, of, [chosen.name, 'base-rate']).model,
    (done) => progress('fit', done),
  );
  const report = evaluateClassifier(heldOut, known);

  progress('describe', 0);
  const probability = predictProbability(chosen.model, everybody);
  const othersSorted = Float64Array.from([...probability].filter((_, row) => labels[row] === 0)).sort();
  const trait = `look_alike.${runId}`;
  progress('save', 0);
  await saveComputedTraits({ events }, workspace, {
    name: trait,
    source: `look_alike:${runId}`,
    computedAt: at,
    covers: 'everyone',
    rows: people.map((profileId, row) => ({ profileId, value: placeAmong(othersSorted, probability[row] ?? 0) })),
  });
  const seedHeldOut = heldOut.filter((_, i) => known[i] === 1);
  return {
    at: at.toISOString(),
    seedPeople,
    others,
    model: chosen.name,
    auc: { value: report.auc, low: report.aucInterval[0], high: report.aucInterval[1] },
    curve: drawCurve(othersSorted, heldOut, known, seedHeldOut, others),
    reasons: explainSeed(chosen.model, table, points, labels),
    trait,
    notes: wanted.size > seedPeople ? [{ code: 'unmatched_people', count: wanted.size - seedPeople, names: [] }] : [],
  };
}

const toTable = (points: { rows: number; dimensions: number; values: Float64Array }): FeatureTable => ({
  rows: points.rows,
  columns: behaviourFeatures.map(({ key }, column) => ({
    kind: 'number',
    name: key,
    values: Float64Array.from(
      { length: points.rows },
      (_, row) => points.values[row * points.dimensions + column] ?? Number.NaN,
    ),
  })),
});

function takeTableRows(table: FeatureTable, rows: Uint32Array): FeatureTable {
  return {
    rows: rows.length,
    columns: table.columns.map((column) =>
      column.kind === 'number'
        ? { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] ?? -1) },
    ),
  };
}

/** All of the smaller class up to a bound, and as many of the other as it takes to be seen against. */
function drawRows(labels: Uint8Array, seed: number): Uint32Array {
  const random = seededRandom(seed);
  const ofClass = (label: number) => {
    const rows = [...labels.keys()].filter((row) => labels[row] === label);
    if (rows.length <= learnRowsMax) return rows;
    return Array.from({ length: learnRowsMax }, () => rows[integerDraw(random, rows.length)] ?? 0);
  };
  return Uint32Array.from([...new Set([...ofClass(1), ...ofClass(0)])]).sort();
}

/** Probability of each row by a model that did not see it. */
function crossValidate(
  table: FeatureTable,
  labels: Uint8Array,
  seed: number,
  fit: (part: FeatureTable, labels: Uint8Array) => Classifier,
  progress: (done: number) => void,
): Float64Array {
  const random = seededRandom(seed + 7);
  const foldOf = Uint8Array.from(labels, () => integerDraw(random, folds));
  const held = new Float64Array(table.rows);
  for (let fold = 0; fold < folds; fold++) {
    const inside = Uint32Array.from([...foldOf.keys()].filter((row) => foldOf[row] !== fold));
    const outside = Uint32Array.from([...foldOf.keys()].filter((row) => foldOf[row] === fold));
    const model = fit(
      takeTableRows(table, inside),
      Uint8Array.from(inside, (row) => labels[row] ?? 0),
    );
    predictProbability(model, takeTableRows(table, outside)).forEach((value, i) => {
      held[outside[i] ?? 0] = value;
    });
    progress((fold + 1) / folds);
  }
  return held;
}

/** Share of the others that score lower: 0.9 and more are the tenth of them that is most alike. */
function placeAmong(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return Math.round((low / Math.max(1, sorted.length)) * 10_000) / 10_000;
}

/** What each size would hold of people like the seed, by people of the seed that the models had not seen. */
function drawCurve(
  othersSorted: Float64Array,
  heldOut: Float64Array,
  labels: Uint8Array,
  seedHeldOut: Float64Array,
  others: number,
): LookAlikeResult['curve'] {
  const othersHeldOut = heldOut.filter((_, i) => labels[i] === 0).sort();
  return sizes.map((share) => {
    const threshold = othersHeldOut[Math.max(0, Math.floor((1 - share) * othersHeldOut.length))] ?? 0;
    const recall = seedHeldOut.filter((value) => value >= threshold).length / Math.max(1, seedHeldOut.length);
    const taken = othersHeldOut.filter((value) => value >= threshold).length / Math.max(1, othersHeldOut.length);
    const score = Math.round((1 - share) * 10_000) / 10_000;
    const limit = Math.ceil(score * othersSorted.length);
    return {
      people: Math.max(0, others - limit),
      score,
      recall,
      lift: taken > 0 ? recall / taken : 0,
    };
  });
}

function explainSeed(
  model: Classifier,
  table: FeatureTable,
  points: { rows: number; dimensions: number; values: Float64Array },
  labels: Uint8Array,
): LookAlikeResult['reasons'] {
  const part = takeTableRows(
    table,
    Uint32Array.from({ length: Math.min(2_000, table.rows) }, (_, i) => i),
  );
  const meanOf = (column: number, label: number): number | null => {
    let sum = 0;
    let count = 0;
    for (let row = 0; row < points.rows; row++) {
      const value = points.values[row * points.dimensions + column] ?? Number.NaN;
      if (labels[row] !== label || Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return count > 0 ? sum / count : null;
  };
  return computeImportance(model, part)
    .filter(({ importance }) => importance > 0)
    .slice(0, 8)
    .map(({ feature, importance }) => {
      const column = behaviourFeatures.findIndex(({ key }) => key === feature);
      const { words, unit } = behaviourFeatures[column] as (typeof behaviourFeatures)[number];
      return { feature, words, unit, importance, seed: meanOf(column, 1), others: meanOf(column, 0) };
    });
}
