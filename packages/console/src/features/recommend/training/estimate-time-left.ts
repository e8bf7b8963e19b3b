import type { Training } from '@zhiyin/contract';

/** Below this share done, the run before says more about the time than this one does. */
const sayingMuch = 0.15;

/**
 * Milliseconds until the run ends: by its own pace once enough is done, before that by how long the last finished run took.
 * Null when nothing can be said yet.
 */
export function estimateTimeLeft(training: Training, before: readonly Training[], now: number): number | null {
  if (training.startedAt === null) return null;
  const elapsed = now - Date.parse(training.startedAt);
  if (training.progress >= sayingMuch) return Math.max(0, (elapsed / training.progress) * (1 - training.progress));
  const last = before.find((one) => one.state === 'done' && one.startedAt && one.endedAt);
  if (!last?.startedAt || !last.endedAt) return null;
  const took = Date.parse(last.endedAt) - Date.parse(last.startedAt);
  return elapsed < took ? took - elapsed : null;
}
