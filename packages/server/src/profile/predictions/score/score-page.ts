import {
  type Classifier,
  explainAnomaly,
  type FeatureTable,
  predictClasses,
  predictProbability,
  scoreAnomaly,
  takeRows,
} from '@zhiyin/learn';
import { assert } from '../../../domain/app-error.ts';
import type { PeopleFeatures } from '../../features/read-features.ts';
import { judgeByRules, toPoints } from '../anomaly.ts';
import type { Learned, PredictionBundle } from '../prediction.ts';
import { cellOf, explainRows } from './explain-rows.ts';
import type { SavedReasons, ScoredRow } from './scored-row.ts';

/** Scores and reasons of a page of people, for kinds that go by features. */
export function scorePage(bundle: PredictionBundle, { people, table }: PeopleFeatures): ScoredRow[] {
  const { learned } = bundle;
  if (learned.kind === 'yes_no') return scoreYesNo(bundle, learned, people, table);
  if (learned.kind === 'many') return scoreMany(learned, people, table);
  assert(learned.kind === 'anomaly', `scorePage: a ${learned.kind} does not go by features`);
  return scoreOdd(bundle, learned, people, table);
}

type Of<Kind extends Learned['kind']> = Extract<Learned, { kind: Kind }>;

function scoreYesNo(
  bundle: PredictionBundle,
  { model, background }: Of<'yes_no'>,
  people: readonly string[],
  table: FeatureTable,
): ScoredRow[] {
  const probabilities = predictProbability(model, table);
  const reasons = explainRows(model, table, background);
  return people.map((profileId, row) => ({
    profileId,
    score: probabilities[row]!,
    label: levelOf(bundle, probabilities[row]!),
    figures: {},
    reasons: reasons[row]!,
  }));
}

function scoreMany({ model, background }: Of<'many'>, people: readonly string[], table: FeatureTable): ScoredRow[] {
  const width = model.classes.length;
  const chances = predictClasses(model, table);
  const best = Uint32Array.from(people, (_, row) => {
    const own = chances.subarray(row * width, (row + 1) * width);
    return own.indexOf(own.reduce((most, chance) => Math.max(most, chance), 0));
  });
  const reasons: SavedReasons[] = Array.from({ length: people.length });
  // Reasons for the class that is told: each class is a model of its own.
  for (let code = 0; code < width; code += 1) {
    const rows = Uint32Array.from(best.keys()).filter((row) => best[row] === code);
    if (rows.length === 0) continue;
    const own: Classifier = model.models[code]!;
    explainRows(own, takeRows(table, rows), background).forEach((reason, i) => {
      reasons[rows[i]!] = reason;
    });
  }
  return people.map((profileId, row) => ({
    profileId,
    score: chances[row * width + best[row]!]!,
    label: model.classes[best[row]!]!,
    figures: {},
    reasons: reasons[row]!,
  }));
}

/** Odd by the forest, or by a rule that a person can be told: the rules come first among the reasons. */
function scoreOdd(
  bundle: PredictionBundle,
  { forest, scaling }: Of<'anomaly'>,
  people: readonly string[],
  table: FeatureTable,
): ScoredRow[] {
  const points = toPoints(scaling, table);
  const scores = scoreAnomaly(forest, points);
  const training = { values: scaling.sample, rows: scaling.sampleRows, dimensions: scaling.features.length };
  const shares = explainAnomaly(forest, points, training);
  const rules = judgeByRules(table);
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const width = scaling.features.length;
  return people.map((profileId, row) => {
    const own = shares.subarray(row * width, (row + 1) * width);
    const order = Array.from(own.keys()).sort((a, b) => own[b]! - own[a]!);
    const odd = order.slice(0, 4).filter((feature) => own[feature]! > 0.05);
    const broken = rules[row]!;
    const level = levelOf(bundle, scores[row]!);
    return {
      profileId,
      score: scores[row]!,
      label: broken.length > 0 ? 'high' : level,
      figures: { rules: broken.length },
      reasons: {
        base: null,
        rest: null,
        top: [
          ...broken.map((code) => [`rule:${code}`, null, 1] as const),
          ...odd.map((feature) => {
            const name = scaling.features[feature]!;
            return [name, cellOf(columns.get(name), row), own[feature]!] as const;
          }),
        ],
      },
    };
  });
}

export function levelOf({ levels }: PredictionBundle, score: number): string {
  if (!levels) return '';
  return score >= levels.high ? 'high' : score >= levels.medium ? 'medium' : 'low';
}
