import type {
  Prediction,
  PredictionRun,
  PredictionSaid,
  predictionCreateSchema,
  predictionUpdateSchema,
} from '@zhiyin/contract';
import type { z } from 'zod';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession, ControlStore } from '../../storage/control/control-store.ts';
import { type Definition, say, traitsOf } from './prediction.ts';
import { servingModels } from './prediction-models.ts';
import { latestRuns } from './prediction-runs.ts';

type Row = {
  id: number;
  key: string;
  name: string;
  kind: Prediction['kind'];
  goal_event: string | null;
  horizon_days: number;
  who: Prediction['who'];
  schedule: Prediction['schedule'];
  archived_at: Date | null;
  created_at: Date;
};
type Audit = (session: ControlSession, details?: Record<string, string | number | boolean | null>) => Promise<void>;

const columns = 'id, key, name, kind, goal_event, horizon_days, who, schedule, archived_at, created_at';
const predictionsMax = 50;
/** After this long a model has not seen the latest season. */
const oldDays = 45;
const driftHigh = 0.25;

export async function listPredictions(
  control: ControlSession,
  workspaceId: WorkspaceId,
  now: Date,
): Promise<Prediction[]> {
  const rows = await control
    .of(workspaceId)
    .query<Row>(`select ${columns} from predictions where workspace_id = $1 order by archived_at is not null, id`);
  const [models, runs] = [await servingModels(control, workspaceId), await latestRuns(control, workspaceId)];
  return rows.map((row) => {
    const model = models.get(row.id);
    const { fileName: _, ...serving } = model ?? { fileName: '' };
    const { run, scored } = runs.get(row.id) ?? { run: null, scored: null };
    const card = model ? (serving as NonNullable<Prediction['serving']>) : null;
    return {
      id: row.id,
      key: row.key,
      name: row.name,
      kind: row.kind,
      goalEvent: row.goal_event,
      horizonDays: row.horizon_days,
      who: row.who,
      schedule: row.schedule,
      archivedAt: row.archived_at?.toISOString() ?? null,
      createdAt: row.created_at.toISOString(),
      traits: traitsOf(row, row.horizon_days).map(({ name }) => name),
      serving: card,
      run,
      scored,
      warnings: warningsOf(card, scored, now),
    };
  });
}

/** @throws AppError `not_found` */
export async function getPrediction(
  control: ControlSession,
  workspaceId: WorkspaceId,
  predictionId: number,
  now: Date,
): Promise<Prediction> {
  const found = (await listPredictions(control, workspaceId, now)).find(({ id }) => id === predictionId);
  if (found) return found;
  throw notFound(predictionId);
}

/** What training and scoring go by. @throws AppError `not_found` */
export async function getDefinition(
  control: ControlSession,
  workspaceId: WorkspaceId,
  predictionId: number,
): Promise<Definition> {
  const [row] = await control
    .of(workspaceId)
    .query<Row>(`select ${columns} from predictions where workspace_id = $1 and id = $2`, [predictionId]);
  if (!row) throw notFound(predictionId);
  return {
    id: row.id,
    key: row.key,
    kind: row.kind,
    goalEvent: row.goal_event,
    horizonDays: row.horizon_days,
    who: { who: row.who.kind, withinDays: row.who.withinDays },
  };
}

/** @throws AppError `conflict` when the key is taken or there are too many. */
export async function createPrediction(
  control: ControlStore,
  workspaceId: WorkspaceId,
  create: z.output<typeof predictionCreateSchema>,
  audit: Audit,
): Promise<number> {
  return control.transaction(async (session) => {
    const own = session.of(workspaceId);
    const [{ count } = { count: '0' }] = await own.query<{ count: string }>(
      'select count(*) as count from predictions where workspace_id = $1 and archived_at is null',
    );
    if (Number(count) >= predictionsMax) {
      throw new AppError('conflict', `There are ${count} predictions already, ${predictionsMax} at most.`, {
        details: { fix: 'Archive one that is no longer used.' },
      });
    }
    const [row] = await own.query<{ id: number }>(
      `insert into predictions (workspace_id, key, name, kind, goal_event, horizon_days, who, schedule)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (workspace_id, key) do nothing returning id`,
      [
        create.key,
        create.name,
        create.kind,
        create.goalEvent,
        create.horizonDays,
        JSON.stringify(create.who),
        create.schedule,
      ],
    );
    if (!row) {
      throw new AppError('conflict', `key: there is a prediction with the key ${create.key} already.`, {
        details: { field: 'key', fix: 'Choose another key: it begins the names of the traits.' },
      });
    }
    await audit(session, { predictionId: row.id, kind: create.kind, key: create.key });
    return row.id;
  });
}

/** @throws AppError `not_found` */
export async function updatePrediction(
  control: ControlStore,
  workspaceId: WorkspaceId,
  predictionId: number,
  update: z.output<typeof predictionUpdateSchema>,
  audit: Audit,
): Promise<void> {
  await control.transaction(async (session) => {
    const rows = await session.of(workspaceId).query<{ id: number }>(
      `update predictions set name = coalesce($3, name), schedule = coalesce($4, schedule),
         archived_at = case when $5::boolean is null then archived_at when $5 then coalesce(archived_at, now()) end
       where workspace_id = $1 and id = $2 returning id`,
      [predictionId, update.name ?? null, update.schedule ?? null, update.archived ?? null],
    );
    if (rows.length === 0) throw notFound(predictionId);
    await audit(session, { ...update });
  });
}

function warningsOf(serving: Prediction['serving'], scored: PredictionRun | null, now: Date): PredictionSaid[] {
  if (!serving) return [];
  const age = Math.floor((now.getTime() - Date.parse(serving.trainedAt)) / 86_400_000);
  // What the model does not go by may drift as it likes.
  const weighs = new Set(serving.card.effects.map(({ feature }) => feature));
  const drifted = (scored?.drift?.features ?? []).filter(
    ({ feature, index }) => index > driftHigh && weighs.has(feature),
  );
  const realised = scored?.realised;
  const promised = serving.card.test?.aucInterval.low;
  return [
    ...(age > oldDays ? [say('old_model', { days: age })] : []),
    ...((scored?.drift?.score ?? 0) > driftHigh ? [say('score_drift', { index: scored!.drift!.score! })] : []),
    ...(drifted.length > 0 ? [say('feature_drift', { count: drifted.length, feature: drifted[0]!.feature })] : []),
    ...(realised?.aucInterval && promised !== undefined && realised.aucInterval.high < promised
      ? [say('worse_than_tested', { auc: realised.auc ?? 0, promised })]
      : []),
    ...(serving.card.leaks.length > 0 ? [say('suspected_leak', { feature: serving.card.leaks[0]!.feature })] : []),
  ];
}

const notFound = (predictionId: number): AppError =>
  new AppError('not_found', `Prediction ${predictionId} does not exist.`, {
    details: { field: 'predictionId', fix: 'GET …/predictions lists them.' },
  });
