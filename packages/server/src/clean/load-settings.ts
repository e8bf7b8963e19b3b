import type { RepairAction, RepairRule } from '@zhiyin/contract';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { ControlStore } from '../storage/control/control-store.ts';
import type { CleanSettings, PropertyPolicy } from './clean-settings.ts';

type RuleRow = {
  id: number;
  name: string;
  matches: RepairRule['matches'];
  actions: RepairAction[];
  enabled: boolean;
  created_at: Date;
};

export async function loadRepairRules(control: ControlStore, workspaceId: WorkspaceId): Promise<RepairRule[]> {
  const rows = await control
    .of(workspaceId)
    .query<RuleRow>(
      'select id, name, matches, actions, enabled, created_at from repair_rules where workspace_id = $1 order by id',
    );
  return rows.map(({ created_at, ...rule }) => ({ ...rule, createdAt: created_at.toISOString() }));
}

/** All that cleaning a workspace's records depends on. */
export async function loadSettings(control: ControlStore, workspace: Workspace): Promise<CleanSettings> {
  const [rules, policies] = await Promise.all([
    loadRepairRules(control, workspace.id),
    control
      .of(workspace.id)
      .query<PropertyPolicy>(
        'select property, class, action from property_policies where workspace_id = $1 order by property',
      ),
  ]);
  const { timeZone, currency, settings } = workspace;
  return { workspace: { timeZone, currency, settings }, rules, policies };
}
