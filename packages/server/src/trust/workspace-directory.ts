import { workspaceSettingsSchema } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { asWorkspaceId, type WorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { ControlSession, ControlStore } from '../storage/control/control-store.ts';

export const workspaceChannel = 'workspace_changed';
const keptMs = 30_000;

export interface WorkspaceDirectory {
  /** @throws AppError `not_found` */
  get(workspaceId: WorkspaceId): Promise<Workspace>;
  list(): Promise<Workspace[]>;
  close(): Promise<void>;
}

/** What stages need to know of each brand. Kept for a short while; a change anywhere is told to every process. */
export async function openWorkspaceDirectory(
  control: ControlStore,
  { now = Date.now }: { now?: () => number } = {},
): Promise<WorkspaceDirectory> {
  const kept = new Map<number, { workspace: Workspace; until: number }>();
  const stop = await control.listen(workspaceChannel, (payload) => {
    if (payload === '') kept.clear();
    else kept.delete(Number(payload));
  });
  const keep = (workspace: Workspace) => {
    kept.set(workspace.id, { workspace, until: now() + keptMs });
    return workspace;
  };
  return {
    async get(workspaceId) {
      const found = kept.get(workspaceId);
      if (found && found.until > now()) return found.workspace;
      const workspace = await findWorkspace(control, workspaceId);
      if (!workspace) throw new AppError('not_found', `Workspace ${workspaceId} does not exist.`);
      return keep(workspace);
    },
    async list() {
      const rows = await control.query<WorkspaceRow>(`select ${columns} from workspaces order by id`);
      return rows.map(parseWorkspace).map(keep);
    },
    close: stop,
  };
}

/** To be called in the transaction of a change; reaches the listeners when it commits. */
export async function announceWorkspace(session: ControlSession, workspaceId: WorkspaceId): Promise<void> {
  await session.query('select pg_notify($1, $2)', [workspaceChannel, String(workspaceId)]);
}

type WorkspaceRow = {
  id: number;
  name: string;
  time_zone: string;
  currency: string;
  locale: Workspace['locale'];
  is_demo: boolean;
  created_at: Date;
  settings: unknown;
};
const columns = 'id, name, time_zone, currency, locale, is_demo, created_at, settings';

export async function findWorkspace(control: ControlSession, workspaceId: WorkspaceId): Promise<Workspace | undefined> {
  const [row] = await control.of(workspaceId).query<WorkspaceRow>(`select ${columns} from workspaces where id = $1`);
  return row && parseWorkspace(row);
}

function parseWorkspace(row: WorkspaceRow): Workspace {
  return {
    id: asWorkspaceId(row.id),
    name: row.name,
    timeZone: row.time_zone,
    currency: row.currency,
    locale: row.locale,
    isDemo: row.is_demo,
    createdAt: row.created_at,
    settings: workspaceSettingsSchema.parse(row.settings),
  };
}
