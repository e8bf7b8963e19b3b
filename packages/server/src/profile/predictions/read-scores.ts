import type {
  Locale,
  Page,
  PersonScore,
  PredictionReason,
  ScoredPerson,
  scoredPeopleQuerySchema,
} from '@zhiyin/contract';
import type { z } from 'zod';
import { asProfileId } from '../../domain/ids.ts';
import { toInstant } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { displayNames } from '../display-name.ts';
import { currentProfile, identitiesOf } from '../profile-identities.ts';
import { listPredictions } from './manage-predictions.ts';
import type { SavedReasons } from './score/scored-row.ts';
import { formatCursor, parseCursor } from './score-cursor.ts';
import { wordsOfReason } from './words-of-reason.ts';

type Row = {
  prediction_id: number;
  run_id: number;
  profile_id: string;
  score: number;
  label: string;
  figures: Record<string, number>;
  reasons: string;
  scored_at: string;
};

/** Everybody a prediction scored in its latest run, the highest or the lowest first. */
export async function listScoredPeople(
  stores: Stores,
  workspace: Workspace,
  predictionId: number,
  query: z.output<typeof scoredPeopleQuerySchema>,
  view: { readonly reveal: boolean; readonly locale: Locale },
  run: { readonly id: number; readonly people: number | null },
): Promise<Page<ScoredPerson>> {
  const { order, label, limit } = query;
  const after = query.cursor ? parseCursor(query.cursor) : undefined;
  const [sign, direction] = order === 'highest' ? ['<', 'DESC'] : ['>', 'ASC'];
  const { rows } = await stores.events.read<Row>(workspace.id, {
    name: 'prediction-people',
    parameters: {
      prediction: predictionId,
      run: run.id,
      limit: limit + 1,
      ...(label ? { label } : {}),
      ...(after ? { score: after.score, profile: after.profileId } : {}),
    },
    sql: `SELECT prediction_id, run_id, profile_id, score, toString(label) AS label, figures, reasons, scored_at FROM @prediction_scores
          WHERE prediction_id = {prediction:UInt32} AND run_id = {run:UInt32} ${label ? 'AND label = {label:String}' : ''}
          ${after ? `AND (score ${sign} {score:Float64} OR (score = {score:Float64} AND profile_id > {profile:UInt64}))` : ''}
          ORDER BY score ${direction}, profile_id LIMIT {limit:UInt32}`,
  });
  const shown = rows.slice(0, limit);
  const identities = await identitiesOf(
    stores,
    workspace.id,
    shown.map((row) => asProfileId(row.profile_id)),
  );
  const names = await displayNames(stores, workspace.id, identities, view);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    rows: shown.map((row) => ({
      profileId: row.profile_id,
      displayName: names.get(asProfileId(row.profile_id))?.displayName ?? row.profile_id,
      score: row.score,
      label: row.label,
      figures: row.figures,
      reasons: toReasons(JSON.parse(row.reasons) as SavedReasons),
    })),
    nextCursor: last ? formatCursor(last.score, last.profile_id) : null,
    total: label ? null : run.people,
  };
}

/** What is foretold of one person, by every prediction that serves. */
export async function listPersonScores(
  stores: Stores,
  workspace: Workspace,
  id: string,
  now: Date,
): Promise<PersonScore[]> {
  const profileId = await currentProfile(stores, workspace.id, id);
  const predictions = (await listPredictions(stores.control, workspace.id, now)).filter(
    ({ scored, archivedAt }) => scored !== null && archivedAt === null,
  );
  if (predictions.length === 0) return [];
  const runs = predictions.map(({ scored }) => scored!.id);
  const { rows } = await stores.events.read<Row>(workspace.id, {
    name: 'person-predictions',
    parameters: { runs, profile: profileId },
    sql: `SELECT prediction_id, run_id, profile_id, score, toString(label) AS label, figures, reasons, scored_at
          FROM @prediction_scores WHERE profile_id = {profile:UInt64} AND run_id IN {runs:Array(UInt32)}`,
  });
  return predictions.flatMap((prediction) => {
    const row = rows.find((one) => Number(one.prediction_id) === prediction.id);
    if (!row) return [];
    const { base, rest, ...saved } = JSON.parse(row.reasons) as SavedReasons;
    return [
      {
        predictionId: prediction.id,
        key: prediction.key,
        name: prediction.name,
        kind: prediction.kind,
        horizonDays: prediction.horizonDays,
        goalEvent: prediction.goalEvent,
        score: row.score,
        label: row.label,
        rank: rankOf(prediction.scored!.histogram, row.score),
        figures: row.figures,
        reasons: toReasons({ base, rest, ...saved }),
        base,
        rest,
        scoredAt: toInstant(row.scored_at),
        modelVersion: prediction.scored!.modelVersion ?? 0,
      },
    ];
  });
}

/** Share of people below, by the steps of the histogram: near enough for "higher than 9 in 10". */
function rankOf(histogram: readonly { from: number; to: number; people: number }[], score: number): number {
  const all = histogram.reduce((sum, { people }) => sum + people, 0);
  const below = histogram.reduce((sum, { from, to, people }) => {
    if (score >= to) return sum + people;
    return score <= from ? sum : sum + (people * (score - from)) / (to - from);
  }, 0);
  return all === 0 ? 0 : Math.min(1, below / all);
}

function toReasons({ top }: SavedReasons): PredictionReason[] {
  return top.map(([feature, value, contribution]) => ({ feature, ...wordsOfReason(feature), value, contribution }));
}
