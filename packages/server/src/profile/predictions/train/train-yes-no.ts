import type { ClassifierFigures, PredictionCard } from '@zhiyin/contract';
import {
  type ChosenClassifier,
  type ClassificationReport,
  type Classifier,
  chooseClassifier,
  classifierNames,
  computeCalibration,
  computeGains,
  evaluateClassifier,
  type FeatureTable,
  predictProbability,
  refitClassifier,
  takeRows,
} from '@zhiyin/learn';
import { describeLeaks, measureEffects } from '../describe-features.ts';
import { isPositive } from '../labels.ts';
import { say } from '../prediction.ts';
import { measureSpread } from '../spread.ts';
import { emptyCard } from './empty-card.ts';
import { type Cuts, readCuts, rowsWhere, takeColumns } from './read-cuts.ts';
import { Refusal } from './refusal.ts';
import type { Learning, TrainTask } from './train-prediction.ts';

type Chosen = Extract<ChosenClassifier, { kind: 'chosen' }>;

/** Fewer of either kind carry no model. */
export const positivesMin = 100;
const backgroundRows = 300;
const effectRows = 1_500;

/** The simple model to beat: how long ago, and how often. A brand could do this in a spreadsheet. */
const baselineName = 'recency-frequency';
const baselineFeatures: Readonly<Record<string, readonly string[]>> = {
  buyers: ['days_since_order', 'orders'],
  active: ['days_since_seen', 'seen_90d'],
  everyone: ['days_since_seen', 'seen_90d'],
};

/**
 * Yes or no for each person: kinds are fitted on the oldest instants, compared on the one before the last, and the best is judged on
 * the last against recency and frequency. What serves is fitted on all of them.
 */
export async function trainYesNo(task: TrainTask): Promise<Learning> {
  const { definition, progress } = task;
  const startedAt = performance.now();
  const cuts = await readCuts({ ...task, progress: (done) => progress('read', 0.02 + 0.25 * done) });
  const labels = Uint8Array.from(cuts.outcomes, (outcome) => (isPositive(definition.kind, outcome) ? 1 : 0));
  refuseTooFew(labels);

  const last = cuts.instants.length - 1;
  const known = rowsWhere(cuts.table.rows, (row) => last === 0 || cuts.cutOf[row]! < last);
  const test = last === 0 ? known : rowsWhere(cuts.table.rows, (row) => cuts.cutOf[row] === last);
  const choose = (table: FeatureTable, names?: readonly ['logistic']) =>
    chooseOn(table, known, cuts, labels, task, names);
  progress('choose', 0.3);
  const chosen = choose(cuts.table);
  const baseline = choose(takeColumns(cuts.table, baselineFeatures[definition.who.who]!), ['logistic']);
  progress('test', 0.75);
  // With one instant only there is no later one to test on: what folds of people said stands in for it.
  const judged = last === 0 ? judgeByFolds(chosen, baseline) : judge(chosen, baseline, cuts, test, labels);

  const wins = judged.model.logLoss < judged.baseline.logLoss && judged.model.aucInterval.low > 0.5;
  const baselineWorks = judged.baseline.aucInterval.low > 0.5;
  if (!wins && !baselineWorks) throw new Refusal(say('nothing_learned', { auc: judged.model.auc }));
  progress('fit', 0.8);
  const winner = wins ? chosen : baseline;
  const table = wins ? cuts.table : takeColumns(cuts.table, baselineFeatures[definition.who.who]!);
  const model = refitClassifier(winner, table, labels, { seed: task.seed });
  const shown = takeRows(table, spreadRows(test, effectRows));
  const probabilities = predictProbability(model, takeRows(table, test));
  const sorted = probabilities.toSorted();
  const levels = { high: quantile(sorted, 0.9), medium: quantile(sorted, 0.5) };

  const card: PredictionCard = {
    ...emptyCard,
    method: wins ? chosen.name : baselineName,
    baseline: baselineName,
    earnsItsPlace: wins,
    verdict: say(wins ? 'wins' : 'baseline_serves', {
      method: chosen.name,
      auc: judged.model.auc,
      baselineAuc: judged.baseline.auc,
      people: test.length,
    }),
    data: {
      cuts: describeCuts(cuts, labels),
      people: new Set(cuts.people).size,
      features: table.columns.length,
      share: task.share,
    },
    candidates: chosen.candidates.map(({ name, report, seconds }) => toFigures(name, report, seconds)),
    test: wins ? judged.model : judged.baseline,
    testBaseline: judged.baseline,
    gains: wins
      ? judged.gains
      : judged.gains.map(({ people, baseline: own }) => ({ people, positives: own, baseline: own })),
    calibration: wins ? judged.calibration : judged.baselineCalibration,
    effects: measureEffects(model, shown, task.plan),
    leaks: describeLeaks(chosen.leaks, task.plan),
    limits: describeLimits(cuts, task),
    levels,
    fitSeconds: (performance.now() - startedAt) / 1_000,
  };
  const background = takeRows(table, spreadRows(test, backgroundRows));
  const spread = measureSpread(takeRows(table, test), probabilities);
  return { card, bundle: { learned: { kind: 'yes_no', model, background }, levels, spread }, serves: true };
}

function refuseTooFew(labels: Uint8Array): void {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (labels.length === 0) throw new Refusal(say('nobody_eligible'));
  if (positives < positivesMin) throw new Refusal(say('few_positives', { found: positives, needed: positivesMin }));
  if (negatives < positivesMin) throw new Refusal(say('few_negatives', { found: negatives, needed: positivesMin }));
}

/** More rows than this, and a network takes longer than it is worth. */
const networkRowsMax = 12_000;
const names = (rows: number) => classifierNames.filter((name) => name !== 'network' || rows <= networkRowsMax);

/** Compared on the latest of the known instants where there are several, else on folds of people. */
function chooseOn(
  table: FeatureTable,
  known: Uint32Array,
  cuts: Cuts,
  labels: Uint8Array,
  task: TrainTask,
  only: readonly ['logistic'] | undefined,
): Chosen {
  const at = Float64Array.from(known, (row) => cuts.cutOf[row]!);
  const latest = at.reduce((most, cut) => Math.max(most, cut), 0);
  const chosen = chooseClassifier(
    takeRows(table, known),
    Uint8Array.from(known, (row) => labels[row]!),
    {
      seed: task.seed,
      rowsPerClassMin: positivesMin / 4,
      timeBudgetMs: task.timeBudgetSeconds * 1_000,
      names: only ?? names(known.length),
      ...(latest > 0 ? { at, heldFrom: latest } : {}),
      ...(only ? {} : { progress: (done: number) => task.progress('choose', 0.3 + 0.4 * done) }),
    },
  );
  if (chosen.kind === 'chosen') return chosen;
  throw new Refusal(say(chosen.reason, { found: chosen.found, needed: chosen.needed }));
}

type Judged = {
  readonly model: ClassifierFigures;
  readonly baseline: ClassifierFigures;
  readonly gains: PredictionCard['gains'];
  readonly calibration: PredictionCard['calibration'];
  readonly baselineCalibration: PredictionCard['calibration'];
};

/** Both on people at an instant that neither has seen. */
function judge(chosen: Chosen, baseline: Chosen, cuts: Cuts, test: Uint32Array, labels: Uint8Array): Judged {
  const truth = Uint8Array.from(test, (row) => labels[row]!);
  const held = takeRows(cuts.table, test);
  const score = (model: Classifier) => predictProbability(model, held);
  const [own, simple] = [score(chosen.model), score(baseline.model)];
  const gains = computeGains(own, truth);
  const simpleGains = computeGains(simple, truth);
  return {
    model: toFigures(chosen.name, evaluateClassifier(own, truth), 0),
    baseline: toFigures(baselineName, evaluateClassifier(simple, truth), 0),
    gains: gains.map((point, i) => ({ ...point, baseline: simpleGains[i]!.positives })),
    calibration: [...computeCalibration(own, truth)],
    baselineCalibration: [...computeCalibration(simple, truth)],
  };
}

function judgeByFolds(chosen: Chosen, baseline: Chosen): Judged {
  const reportOf = (one: Chosen, name: string) =>
    toFigures(name, one.candidates.find((candidate) => candidate.name === one.name)!.report, 0);
  return {
    model: reportOf(chosen, chosen.name),
    baseline: reportOf(baseline, baselineName),
    gains: [],
    calibration: [],
    baselineCalibration: [],
  };
}

const toFigures = (name: string, report: ClassificationReport, seconds: number): ClassifierFigures => ({
  name,
  auc: orHalf(report.auc),
  aucInterval: { low: orHalf(report.aucInterval[0]), high: orHalf(report.aucInterval[1]) },
  logLoss: report.logLoss,
  brier: report.brier,
  calibrationError: report.calibrationError,
  liftTopTenth: Number.isFinite(report.liftTopTenth) ? report.liftTopTenth : 1,
  seconds,
});
const orHalf = (value: number): number => (Number.isFinite(value) ? value : 0.5);

function describeCuts({ instants, cutOf }: Cuts, labels: Uint8Array): PredictionCard['data']['cuts'] {
  return instants.map((at, cut) => {
    let [people, positives] = [0, 0];
    cutOf.forEach((own, row) => {
      if (own !== cut) return;
      people += 1;
      positives += labels[row]!;
    });
    return { at: at.toISOString(), people, positives };
  });
}

function describeLimits(cuts: Cuts, task: TrainTask): PredictionCard['limits'] {
  return [
    ...(cuts.instants.length === 1 ? [say('one_cut')] : []),
    ...(task.share < 1 ? [say('sampled', { share: task.share })] : []),
    say('horizon', { days: task.definition.horizonDays }),
  ];
}

/** At most so many rows, evenly spread. */
export function spreadRows(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}

export const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
