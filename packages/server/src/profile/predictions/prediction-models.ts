import type { PredictionCard, PredictionModel } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession, ControlStore } from '../../storage/control/control-store.ts';
import type { SavedModel } from '../../storage/models/model-files.ts';

type Row = {
  prediction_id: number;
  version: number;
  state: PredictionModel['state'];
  card: PredictionCard;
  file_name: string;
  size_bytes: string;
  checksum: string;
  trained_at: Date;
  served_since: Date | null;
};

const columns = 'prediction_id, version, state, card, file_name, size_bytes, checksum, trained_at, served_since';
/** Older retired models go, file and all. */
const modelsKept = 10;

export async function listPredictionModels(
  control: ControlSession,
  workspaceId: WorkspaceId,
  predictionId: number,
): Promise<PredictionModel[]> {
  const rows = await control
    .of(workspaceId)
    .query<Row>(
      `select ${columns} from prediction_models where workspace_id = $1 and prediction_id = $2 order by version desc limit 50`,
      [predictionId],
    );
  return rows.map(toModel);
}

/** By prediction: the model that serves. */
export async function servingModels(
  control: ControlSession,
  workspaceId: WorkspaceId,
): Promise<Map<number, PredictionModel & { readonly fileName: string }>> {
  const rows = await control
    .of(workspaceId)
    .query<Row>(`select ${columns} from prediction_models where workspace_id = $1 and state = 'serving'`);
  return new Map(rows.map((row) => [row.prediction_id, { ...toModel(row), fileName: row.file_name }]));
}

/** The next version, served at once. Versions rise by one per prediction; a lock keeps two trainings apart. */
export async function registerPredictionModel(
  control: ControlStore,
  workspaceId: WorkspaceId,
  predictionId: number,
  model: { readonly card: PredictionCard; readonly saved: SavedModel; readonly serves: boolean },
): Promise<{ version: number; forgotten: string[] }> {
  return control.transaction(async (session) => {
    const own = session.of(workspaceId);
    await own.query('select id from predictions where workspace_id = $1 and id = $2 for update', [predictionId]);
    const [next] = await own.query<{ version: number }>(
      'select coalesce(max(version), 0) + 1 as version from prediction_models where workspace_id = $1 and prediction_id = $2',
      [predictionId],
    );
    const version = next!.version;
    if (model.serves) {
      await own.query(
        `update prediction_models set state = 'retired' where workspace_id = $1 and prediction_id = $2 and state = 'serving'`,
        [predictionId],
      );
    }
    await own.query(
      `insert into prediction_models (workspace_id, prediction_id, version, state, card, file_name, size_bytes, checksum, served_since)
       values ($1, $2, $3, $4, $5, $6, $7, $8, case when $4 = 'serving' then now() end)`,
      [
        predictionId,
        version,
        model.serves ? 'serving' : 'candidate',
        JSON.stringify(model.card),
        model.saved.fileName,
        model.saved.sizeBytes,
        model.saved.checksum,
      ],
    );
    const forgotten = await own.query<{ file_name: string }>(
      `delete from prediction_models where workspace_id = $1 and prediction_id = $2 and state <> 'serving' and version <= $3
       returning file_name`,
      [predictionId, version - modelsKept],
    );
    return { version, forgotten: forgotten.map((row) => row.file_name) };
  });
}

/** Serves this version from now on: forward, or back to an earlier one. @throws AppError `not_found` */
export async function servePredictionModel(
  control: ControlStore,
  workspaceId: WorkspaceId,
  predictionId: number,
  version: number,
  audit: (session: ControlSession, details: { before: number | null }) => Promise<void>,
): Promise<PredictionModel> {
  return control.transaction(async (session) => {
    const own = session.of(workspaceId);
    const [wanted] = await own.query<Row>(
      `select ${columns} from prediction_models where workspace_id = $1 and prediction_id = $2 and version = $3 for update`,
      [predictionId, version],
    );
    if (!wanted) {
      throw new AppError('not_found', `Model ${version} of prediction ${predictionId} does not exist.`, {
        details: { field: 'version', fix: 'GET …/predictions/:predictionId/models lists the models there are.' },
      });
    }
    const before = await own.query<{ version: number }>(
      `update prediction_models set state = 'retired'
       where workspace_id = $1 and prediction_id = $2 and state = 'serving' and version <> $3 returning version`,
      [predictionId, version],
    );
    const [row] = await own.query<Row>(
      `update prediction_models set state = 'serving', served_since = case when state = 'serving' then served_since else now() end
       where workspace_id = $1 and prediction_id = $2 and version = $3 returning ${columns}`,
      [predictionId, version],
    );
    await audit(session, { before: before[0]?.version ?? null });
    return toModel(row!);
  });
}

function toModel(row: Row): PredictionModel {
  return {
    version: row.version,
    state: row.state,
    card: row.card,
    sizeBytes: Number(row.size_bytes),
    checksum: row.checksum,
    trainedAt: row.trained_at.toISOString(),
    servedSince: row.served_since?.toISOString() ?? null,
  };
}
