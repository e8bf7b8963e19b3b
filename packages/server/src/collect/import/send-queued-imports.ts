import type { WorkspaceId } from '../../domain/ids.ts';
import type { Stores } from '../../storage/stores.ts';

/** As much of the job queue as imports need. */
export type ImportQueue = {
  send(
    name: string,
    data: { readonly importId: number },
    options: { readonly subject: string; readonly singletonKey: string; readonly workspaceId: WorkspaceId },
  ): Promise<string | null>;
};

const sentAtOnceMax = 1_000;

/**
 * A job for every import that is queued: of one workspace, or of all. One that has its job already gets no second, so this heals
 * whatever stopped between queueing an import and sending its job.
 */
export async function sendQueuedImports(stores: Stores, queue: ImportQueue, workspaceId?: WorkspaceId): Promise<void> {
  const rows = await stores.control.query<{ id: number; workspace_id: WorkspaceId }>(
    `select id, workspace_id from imports where state = 'queued' and ($1::integer is null or workspace_id = $1) order by id limit ${sentAtOnceMax}`,
    [workspaceId ?? null],
  );
  for (const { id, workspace_id } of rows) {
    const subject = `import ${id}`;
    await queue.send('import', { importId: id }, { subject, singletonKey: subject, workspaceId: workspace_id });
  }
}
