import type { WorkspaceId } from '../../../domain/ids.ts';
import type { EventStore } from '../../../storage/events/event-store.ts';

/** People of an older run that stay, to compare what was foretold with what came. */
const peopleKept = 20_000;

/** Of runs before this one only a part of the people stays, the same people in every run. */
export async function thinOldScores(
  events: EventStore,
  workspaceId: WorkspaceId,
  predictionId: number,
  runId: number,
  people: number,
): Promise<void> {
  const kept = Math.ceil((1_000 * peopleKept) / Math.max(1, people));
  if (kept >= 1_000) return;
  await events.maintainEveryNode(
    `DELETE FROM @local(prediction_scores) WHERE workspace_id = {workspaceId:UInt32} AND prediction_id = {prediction:UInt32}
       AND run_id < {run:UInt32} AND cityHash64(profile_id) % 1000 >= {kept:UInt32} SETTINGS lightweight_deletes_sync = 2`,
    'predictions: scores of older runs',
    { workspaceId, prediction: predictionId, run: runId, kept },
  );
}
