import type { WorkspaceId } from '../domain/ids.ts';
import { restoredJobsFact, type WaitingJob } from '../storage/backup/index.ts';
import type { ControlStore } from '../storage/control/control-store.ts';
import type { StorageLogger } from '../storage/engines/supervise.ts';
import type { JobData, Jobs } from './jobs.ts';

type Sent = { readonly workspaceId: WorkspaceId | null; readonly subject: string; readonly ids: JobData };

/**
 * Jobs that waited or ran when a backup was made, sent once more at the first start on what was restored. A crash in between sends
 * some twice: each has its key, so the queue takes it once.
 */
export async function sendRestoredJobs(
  control: ControlStore,
  jobs: Jobs,
  logger: Pick<StorageLogger, 'info' | 'warn'>,
): Promise<void> {
  const [fact] = await control.query<{ value: WaitingJob[] }>('select value from platform_facts where name = $1', [
    restoredJobsFact,
  ]);
  if (!fact) return;
  let sent = 0;
  for (const { name, data, singletonKey, startAfter } of fact.value) {
    if (!jobs.knows(name)) {
      logger.warn({ job: name }, 'restore: this version has no such job; it is left out');
      continue;
    }
    const { workspaceId, subject, ids } = data as Sent;
    await jobs.send(name, ids, {
      subject,
      ...(singletonKey === null ? {} : { singletonKey }),
      ...(workspaceId === null ? {} : { workspaceId }),
      startAfterSeconds: Math.max(0, Math.ceil((Date.parse(startAfter) - Date.now()) / 1_000)),
    });
    sent += 1;
  }
  await control.query('delete from platform_facts where name = $1', [restoredJobsFact]);
  logger.info({ sent }, 'restore: jobs that waited or ran are queued again');
}
