import { AppError } from '../../domain/app-error.ts';
import { asWorkspaceId, type WorkspaceId } from '../../domain/ids.ts';
import type { Stores } from '../../storage/stores.ts';
import { judgePastRuns } from './judge-past-runs.ts';
import { createRun } from './prediction-runs.ts';

/** A model is learned anew after this long. */
const trainEveryDays = 30;

type Due = { workspace_id: number; id: number; trains: boolean };

/**
 * Starts what is due: a scoring where the latest is a day or a week old, with a training first where the model is a month old. Past
 * scorings whose horizon is over are judged by the way.
 */
export async function keepPredictionsFresh(
  stores: Stores,
  now: Date,
  send: (workspaceId: WorkspaceId, runId: number) => Promise<void>,
): Promise<void> {
  const due = await stores.control.query<Due>(
    `select p.workspace_id, p.id, m.trained_at < $1::timestamptz - make_interval(days => $2) as trains
     from predictions p join prediction_models m on m.workspace_id = p.workspace_id and m.prediction_id = p.id and m.state = 'serving'
     where p.archived_at is null and p.schedule <> 'off' and not exists (select from prediction_runs r
       where r.workspace_id = p.workspace_id and r.prediction_id = p.id and (r.state in ('queued', 'running')
         or r.created_at > $1::timestamptz - make_interval(hours => case p.schedule when 'daily' then 23 else 167 end)))
     order by p.workspace_id, p.id`,
    [now, trainEveryDays],
  );
  for (const { workspace_id, id, trains } of due) {
    const workspaceId = asWorkspaceId(workspace_id);
    await judgePastRuns(stores, workspaceId, id, now);
    try {
      const run = await createRun(stores.control, workspaceId, {
        predictionId: id,
        kind: trains ? 'train' : 'score',
        startedBy: 'schedule',
      });
      await send(workspaceId, run.id);
    } catch (cause) {
      // Somebody started one just now.
      if (!(cause instanceof AppError && cause.code === 'conflict')) throw cause;
    }
  }
}
