import type { PlainFigures, PredictionCard } from '@zhiyin/contract';
import {
  chooseManyClass,
  evaluateManyClass,
  type FeatureTable,
  fitOneVsRest,
  type ManyClassName,
  type OneVsRest,
  predictClasses,
  takeRows,
} from '@zhiyin/learn';
import { measureEffects } from '../describe-features.ts';
import { actions } from '../labels.ts';
import { say } from '../prediction.ts';
import { measureSpread } from '../spread.ts';
import { emptyCard } from './empty-card.ts';
import { type Cuts, readCuts, rowsWhere } from './read-cuts.ts';
import { Refusal } from './refusal.ts';
import type { Learning, TrainTask } from './train-prediction.ts';
import { positivesMin, spreadRows } from './train-yes-no.ts';

/** Categories told apart; the rest is one class. */
const classesMax = 8;
const others = '…';
const backgroundRows = 200;
const effectRows = 600;

/** Which of several things comes next. Learned from people to whom one of them happened (a category), or from everybody (an action). */
export async function trainMany(task: TrainTask): Promise<Learning> {
  const { definition, progress, seed } = task;
  const startedAt = performance.now();
  const all = await readCuts({ ...task, progress: (done) => progress('read', 0.02 + 0.25 * done) });
  const isAction = definition.kind === 'next_action';
  const rows = rowsWhere(all.table.rows, (row) => isAction || all.outcomes[row] !== undefined);
  if (rows.length < positivesMin) throw new Refusal(say('few_positives', { found: rows.length, needed: positivesMin }));
  const table = takeRows(all.table, rows);
  const outcomes = Array.from(rows, (row) => all.outcomes[row]);
  const cutOf = heldOut(all, rows);
  const classes = isAction ? [...actions] : mostFrequent(outcomes);
  if (classes.length < 2) throw new Refusal(say('one_class', { name: classes[0] ?? '' }));
  const labels = Int32Array.from(outcomes, (outcome) =>
    isAction
      ? Number(outcome ?? 0)
      : Math.max(0, classes.includes(outcome!) ? classes.indexOf(outcome!) : classes.indexOf(others)),
  );

  const last = cutOf.reduce((most, cut) => Math.max(most, cut), 0);
  const known = rowsWhere(table.rows, (row) => last < 2 || cutOf[row]! < last);
  const test = rowsWhere(table.rows, (row) => cutOf[row] === last);
  const pick = (some: Uint32Array) => Int32Array.from(some, (row) => labels[row]!);
  progress('choose', 0.3);
  const chosen = chooseManyClass(takeRows(table, known), pick(known), {
    classes,
    at: Float64Array.from(known, (row) => cutOf[row]!),
    heldFrom: last < 2 ? last : last - 1,
    seed,
    names: ['most-frequent', 'logistic', 'trees-small'],
  });
  progress('test', 0.75);
  const before = rowsWhere(table.rows, (row) => cutOf[row]! < last);
  const [beforeTable, testTable] = [takeRows(table, before), takeRows(table, test)];
  const measure = (name: ManyClassName) =>
    evaluateManyClass(
      predictClasses(fitOneVsRest(name, beforeTable, pick(before), classes, seed), testTable),
      pick(test),
      classes.length,
    );
  const own = measure(chosen.name);
  const simple = measure('most-frequent');
  const favourite = isAction ? undefined : accuracyOfFavourite(testTable, pick(test), classes);
  const wins = chosen.name !== 'most-frequent' && own.logLoss < simple.logLoss;
  progress('fit', 0.8);
  const model = fitOneVsRest(wins ? chosen.name : 'most-frequent', table, labels, classes, seed);
  const chances = predictClasses(model, testTable);
  const best = Float64Array.from({ length: testTable.rows }, (_, row) => chanceOfBest(chances, row, classes.length));

  const card: PredictionCard = {
    ...emptyCard,
    method: wins ? chosen.name : 'most-frequent',
    baseline: 'most-frequent',
    earnsItsPlace: wins,
    verdict: say(wins ? 'wins_many' : 'baseline_serves_many', {
      method: chosen.name,
      accuracy: own.accuracy,
      accuracyTop3: own.accuracyTop3,
      baselineAccuracy: simple.accuracy,
      people: test.length,
    }),
    data: {
      cuts: all.instants.map((at, cut) => {
        const people = all.cutOf.reduce((sum, one) => sum + (one === cut ? 1 : 0), 0);
        const positives = all.cutOf.reduce(
          (sum, one, row) => sum + (one === cut && all.outcomes[row] !== undefined ? 1 : 0),
          0,
        );
        return { at: at.toISOString(), people, positives };
      }),
      people: new Set(all.people).size,
      features: table.columns.length,
      share: task.share,
    },
    plain: [
      ...(chosen.name === 'most-frequent' ? [] : [figure(chosen.name, 'accuracy', own.accuracy)]),
      figure('most-frequent', 'accuracy', simple.accuracy),
      ...(favourite === undefined ? [] : [figure('own-favourite', 'accuracy', favourite)]),
      ...chosen.candidates.map(({ name, report }) => figure(name, 'log_loss', report.logLoss)),
    ],
    effects:
      model.models[mostCommon(labels, classes.length)]!.parts.length === 0
        ? []
        : effectsOf(model, table, test, labels, task),
    limits: [
      ...(all.instants.length === 1 ? [say('one_cut')] : []),
      ...(task.share < 1 ? [say('sampled', { share: task.share })] : []),
      say(isAction ? 'horizon' : 'given_purchase', { days: definition.horizonDays }),
    ],
    classes: classes.map((name, code) => ({
      name,
      people: labels.reduce((sum, label) => sum + (label === code ? 1 : 0), 0),
    })),
    fitSeconds: (performance.now() - startedAt) / 1_000,
  };
  const background = takeRows(table, spreadRows(test, backgroundRows));
  return {
    card,
    bundle: {
      learned: { kind: 'many', model, background },
      levels: null,
      spread: measureSpread(testTable, best),
    },
    serves: true,
  };
}

/** Number of the instant per row; with one instant only, every fourth person stands for a later one. */
function heldOut({ instants, cutOf }: Cuts, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row, i) => (instants.length === 1 ? (i % 4 === 0 ? 1 : 0) : cutOf[row]!));
}

function mostFrequent(outcomes: readonly (string | undefined)[]): string[] {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) if (outcome !== undefined) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  return sorted.length <= classesMax ? sorted : [...sorted.slice(0, classesMax - 1), others];
}

/** What people bought most so far, as a forecast of what they buy next: simple, and hard to beat. */
function accuracyOfFavourite(table: FeatureTable, labels: Int32Array, classes: readonly string[]): number | undefined {
  const column = table.columns.find(({ name }) => name === 'top_category');
  if (column?.kind !== 'category' || table.rows === 0) return undefined;
  let right = 0;
  labels.forEach((label, row) => {
    const favourite = column.levels[column.codes[row]!];
    if (favourite === classes[label]) right += 1;
  });
  return right / table.rows;
}

/** What the model goes by for the most common class. */
function effectsOf(model: OneVsRest, table: FeatureTable, test: Uint32Array, labels: Int32Array, task: TrainTask) {
  return measureEffects(
    model.models[mostCommon(labels, model.classes.length)]!,
    takeRows(table, spreadRows(test, effectRows)),
    task.plan,
  );
}

function mostCommon(labels: Int32Array, classes: number): number {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]! += 1;
  return counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
}

function chanceOfBest(chances: Float64Array, row: number, width: number): number {
  return chances.subarray(row * width, (row + 1) * width).reduce((most, chance) => Math.max(most, chance), 0);
}

const figure = (name: string, measure: PlainFigures['measure'], value: number): PlainFigures => ({
  name,
  measure,
  value,
  problems: [],
});
