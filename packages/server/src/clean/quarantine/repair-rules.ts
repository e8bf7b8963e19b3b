import type { RepairRequest, RepairRule } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlStore } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { loadRepairRules } from '../load-settings.ts';
import type { CleanAct } from './discard-quarantine.ts';

/** Keeps a mending for what arrives from now on. The same name again replaces the rule, so that a repeated request keeps one. */
export async function keepRepairRule(
  control: ControlStore,
  workspace: Workspace,
  request: RepairRequest,
): Promise<void> {
  const { reason, sourceId, event } = request.filter;
  const matches = {
    ...(reason === undefined ? {} : { reason }),
    ...(sourceId === undefined ? {} : { sourceId: Number(sourceId) }),
    ...(event === undefined ? {} : { event }),
  };
  await control.transaction(async (session) => {
    const scoped = session.of(workspace.id);
    await scoped.query('delete from repair_rules where workspace_id = $1 and name = $2', [request.keepAs!]);
    await scoped.query('insert into repair_rules (workspace_id, name, matches, actions) values ($1, $2, $3, $4)', [
      request.keepAs!,
      JSON.stringify(matches),
      JSON.stringify(request.actions),
    ]);
  });
}

export function listRepairRules(stores: Pick<Stores, 'control'>, workspace: Workspace): Promise<RepairRule[]> {
  return loadRepairRules(stores.control, workspace.id);
}

export async function updateRepairRule(
  stores: Pick<Stores, 'control'>,
  workspace: Workspace,
  ruleId: number,
  update: { readonly enabled: boolean },
  act?: CleanAct,
): Promise<RepairRule> {
  await stores.control.transaction(async (session) => {
    const rows = await session
      .of(workspace.id)
      .query('update repair_rules set enabled = $3 where workspace_id = $1 and id = $2 returning id', [
        ruleId,
        update.enabled,
      ]);
    if (rows.length === 0) throw noSuchRule(ruleId);
    await act?.audit(session, { enabled: update.enabled });
  });
  const rule = (await loadRepairRules(stores.control, workspace.id)).find((one) => one.id === ruleId);
  if (!rule) throw noSuchRule(ruleId);
  return rule;
}

export async function deleteRepairRule(
  stores: Pick<Stores, 'control'>,
  workspace: Workspace,
  ruleId: number,
  act?: CleanAct,
): Promise<void> {
  await stores.control.transaction(async (session) => {
    const rows = await session
      .of(workspace.id)
      .query<{ name: string }>('delete from repair_rules where workspace_id = $1 and id = $2 returning name', [ruleId]);
    if (rows.length === 0) throw noSuchRule(ruleId);
    await act?.audit(session, { name: rows[0]!.name });
  });
}

const noSuchRule = (ruleId: number): AppError =>
  new AppError('not_found', `there is no repair rule ${ruleId} in this workspace`, { details: { field: 'ruleId' } });
