import { type RepairRequest, repairRequestSchema } from '@zhiyin/contract';
import { AppError, assert } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';

/** Puts a large replay aside for a job; gives the number by which the job finds it. */
export async function saveRepairRun(stores: Stores, workspace: Workspace, request: RepairRequest): Promise<number> {
  const vault = await stores.vault.of(workspace.id);
  const [row] = await stores.control
    .of(workspace.id)
    .query<{ id: number }>('insert into repair_runs (workspace_id, request_sealed) values ($1, $2) returning id', [
      vault.sealRecord(Buffer.from(JSON.stringify(request))),
    ]);
  assert(row !== undefined, 'a repair run was just saved');
  return row.id;
}

export async function loadRepairRun(stores: Stores, workspace: Workspace, runId: number): Promise<RepairRequest> {
  const [row] = await stores.control
    .of(workspace.id)
    .query<{ request_sealed: Buffer }>('select request_sealed from repair_runs where workspace_id = $1 and id = $2', [
      runId,
    ]);
  if (!row) throw new AppError('not_found', `Replay ${runId} does not exist.`);
  const vault = await stores.vault.of(workspace.id);
  return repairRequestSchema.parse(JSON.parse(vault.openRecord(row.request_sealed).toString()));
}
