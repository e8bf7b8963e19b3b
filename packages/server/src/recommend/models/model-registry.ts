import type { RecommendModel as ModelCard } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession, ControlStore } from '../../storage/control/control-store.ts';
import type { SavedModel } from '../../storage/models/model-files.ts';

/** Told to every server when a surface or the served model of a workspace changes. */
export const recommendChannel = 'recommend_changed';

export async function announceRecommend(session: ControlSession, workspaceId: WorkspaceId): Promise<void> {
  await session.query('select pg_notify($1, $2)', [recommendChannel, String(workspaceId)]);
}

/** What training found out about a model; kept as it is. */
export type CardFacts = Pick<
  ModelCard,
  | 'kind'
  | 'measures'
  | 'baseline'
  | 'verdict'
  | 'data'
  | 'embeddings'
  | 'tried'
  | 'next'
  | 'cycles'
  | 'newItems'
  | 'fitSeconds'
>;

type Row = {
  version: number;
  kind: string;
  state: ModelCard['state'];
  card: Omit<CardFacts, 'kind'>;
  file_name: string;
  size_bytes: string;
  checksum: string;
  trained_at: Date;
  served_since: Date | null;
};

const columns = 'version, kind, state, card, file_name, size_bytes, checksum, trained_at, served_since';
/** Older retired models go, file and all. */
export const modelsKept = 20;

export async function listModels(control: ControlSession, workspaceId: WorkspaceId): Promise<ModelCard[]> {
  const rows = await control
    .of(workspaceId)
    .query<Row>(`select ${columns} from recommend_models where workspace_id = $1 order by version desc limit 100`);
  return rows.map(toCard);
}

export async function findServingModel(
  control: ControlSession,
  workspaceId: WorkspaceId,
): Promise<{ card: ModelCard; fileName: string } | undefined> {
  const [row] = await control
    .of(workspaceId)
    .query<Row>(`select ${columns} from recommend_models where workspace_id = $1 and state = 'serving'`);
  return row && { card: toCard(row), fileName: row.file_name };
}

/** The next version, served at once or not. Versions rise by one per workspace; a lock keeps two trainings apart. */
export async function registerModel(
  control: ControlStore,
  workspaceId: WorkspaceId,
  model: { readonly card: CardFacts; readonly saved: SavedModel; readonly state: 'candidate' | 'serving' | 'rejected' },
): Promise<{ version: number; forgotten: string[] }> {
  const { kind, ...card } = model.card;
  return control.transaction(async (session) => {
    const own = session.of(workspaceId);
    await own.query('select id from workspaces where id = $1 for update');
    const [next] = await own.query<{ version: number }>(
      'select coalesce(max(version), 0) + 1 as version from recommend_models where workspace_id = $1',
    );
    const version = next!.version;
    if (model.state === 'serving') {
      await own.query(`update recommend_models set state = 'retired' where workspace_id = $1 and state = 'serving'`);
    }
    await own.query(
      `insert into recommend_models (workspace_id, version, kind, state, card, file_name, size_bytes, checksum, served_since)
       values ($1, $2, $3, $4, $5, $6, $7, $8, case when $4 = 'serving' then now() end)`,
      [
        version,
        kind,
        model.state,
        JSON.stringify(card),
        model.saved.fileName,
        model.saved.sizeBytes,
        model.saved.checksum,
      ],
    );
    const forgotten = await own.query<{ file_name: string }>(
      `delete from recommend_models where workspace_id = $1 and state <> 'serving' and version <= $2 - ${modelsKept}
       returning file_name`,
      [version],
    );
    await announceRecommend(session, workspaceId);
    return { version, forgotten: forgotten.map((row) => row.file_name) };
  });
}

/** Serves this version from now on: forward, or back to an earlier one. @throws AppError `not_found` */
export async function serveModel(
  control: ControlStore,
  workspaceId: WorkspaceId,
  version: number,
  audit: (session: ControlSession, details: { before: number | null }) => Promise<void>,
): Promise<ModelCard> {
  return control.transaction(async (session) => {
    const own = session.of(workspaceId);
    const [wanted] = await own.query<Row>(
      `select ${columns} from recommend_models where workspace_id = $1 and version = $2 for update`,
      [version],
    );
    if (!wanted) {
      throw new AppError('not_found', `Model ${version} does not exist.`, {
        details: { field: 'version', fix: 'GET …/recommend/models lists the models there are.' },
      });
    }
    const before = await own.query<{ version: number }>(
      `update recommend_models set state = 'retired' where workspace_id = $1 and state = 'serving' and version <> $2 returning version`,
      [version],
    );
    const [row] = await own.query<Row>(
      `update recommend_models set state = 'serving', served_since = case when state = 'serving' then served_since else now() end
       where workspace_id = $1 and version = $2 returning ${columns}`,
      [version],
    );
    await audit(session, { before: before[0]?.version ?? null });
    await announceRecommend(session, workspaceId);
    return toCard(row!);
  });
}

function toCard(row: Row): ModelCard {
  return {
    version: row.version,
    kind: row.kind,
    state: row.state,
    ...row.card,
    sizeBytes: Number(row.size_bytes),
    checksum: row.checksum,
    trainedAt: row.trained_at.toISOString(),
    servedSince: row.served_since?.toISOString() ?? null,
  };
}
