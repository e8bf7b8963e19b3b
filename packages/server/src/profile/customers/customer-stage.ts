import type * as contract from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { addDays, startOfDay } from '../../domain/calendar.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import type { ClusteringResult } from '../clusters/index.ts';
import { getCompany, listCompanies } from '../companies/index.ts';
import type { GraphResult } from '../graph/index.ts';
import type { LookAlikeResult } from '../look-alikes/index.ts';
import { readRfm, readRfmMigration } from '../rfm/index.ts';
import { readCustomerPanel } from './customer-panels.ts';
import { cancelRun, createRun, findLatestRun, listRuns, listStoredRuns, setRunJob } from './customer-runs.ts';
import { loadCustomerSettings, saveCustomerSettings } from './customer-settings.ts';
import { listCustomerPeople } from './list-customer-people.ts';
import { listTotals } from './list-totals.ts';

type View = { readonly reveal: boolean; readonly locale: contract.Locale };
type Act = {
  readonly audit: (
    session: ControlSession,
    details?: Record<string, string | number | boolean | null>,
  ) => Promise<void>;
};
type Queue = {
  send(
    name: string,
    data: Record<string, number>,
    options: { subject: string; workspaceId: WorkspaceId },
  ): Promise<string | null>;
  cancel(workspaceId: WorkspaceId, jobId: string): Promise<void>;
};

export const customersJob = 'customers-run';

/** What the console and programs ask of customers as groups. `at` is the day up to and with which orders count. */
export const customerStage = {
  readSettings: (stores: Stores, workspace: Workspace) => loadCustomerSettings(stores.control, workspace),

  async saveSettings(stores: Stores, workspace: Workspace, settings: contract.CustomerSettings, act: Act) {
    await stores.control.transaction(async (session) => {
      await saveCustomerSettings(session, workspace, settings);
      await act.audit(session);
    });
    return loadCustomerSettings(stores.control, workspace);
  },

  async readRfm(stores: Stores, workspace: Workspace, query: { at?: string | undefined }): Promise<contract.Rfm> {
    const settings = await loadCustomerSettings(stores.control, workspace);
    const [rfm, saved] = await Promise.all([
      readRfm(stores, workspace, settings.rfm, instantOf(query.at, workspace)),
      findLatestRun<{ at: string }>(stores.control, workspace.id, 'rfm', true),
    ]);
    return { ...rfm, savedAt: saved?.result?.at ?? null };
  },

  async readMigration(stores: Stores, workspace: Workspace, query: { from: string; to?: string | undefined }) {
    const settings = await loadCustomerSettings(stores.control, workspace);
    const range = { from: instantOf(query.from, workspace), to: instantOf(query.to, workspace) };
    if (range.from >= range.to) {
      throw new AppError('input.invalid', 'from: must be before to', {
        details: { field: 'from', fix: 'Choose an earlier day.' },
      });
    }
    return readRfmMigration(stores, workspace, settings.rfm, range);
  },

  readPanel: (stores: Stores, workspace: Workspace, panel: contract.CustomerPanelName) =>
    readCustomerPanel(stores, workspace, panel, new Date()),

  async listPeople(stores: Stores, workspace: Workspace, query: contract.CustomerPeopleQuery, view: View) {
    return listCustomerPeople(stores, workspace, await loadCustomerSettings(stores.control, workspace), query, view);
  },

  listRuns: (stores: Stores, workspace: Workspace, kind?: contract.CustomerRunKind) =>
    listRuns(stores.control, workspace.id, kind),

  async startRun(
    stores: Stores,
    workspace: Workspace,
    start: { readonly request: contract.CustomerRunCreate; readonly startedBy: contract.CustomerRun['startedBy'] },
    act: Act & { readonly jobs: Queue },
  ): Promise<contract.CustomerRun> {
    const run = await stores.control.transaction(async (session) => {
      const created = await createRun(session, workspace.id, start);
      await act.audit(session, { runId: created.id, kind: created.kind });
      return created;
    });
    await sendRun(stores, act.jobs, workspace.id, run.id);
    return run;
  },

  async cancelRun(stores: Stores, workspace: Workspace, runId: number, act: Act & { readonly jobs: Queue }) {
    const { run, jobId } = await stores.control.transaction(async (session) => {
      const cancelled = await cancelRun(session, workspace.id, runId);
      await act.audit(session);
      return cancelled;
    });
    // The job may have ended in the meantime: then there is nothing to stop.
    if (jobId) await act.jobs.cancel(workspace.id, jobId).catch(() => undefined);
    return run;
  },

  async readClusters(stores: Stores, workspace: Workspace): Promise<contract.ClusteringAnswer> {
    const [done, latest, labels] = await Promise.all([
      findLatestRun<ClusteringResult>(stores.control, workspace.id, 'clusters', true),
      findLatestRun(stores.control, workspace.id, 'clusters', false),
      stores.control
        .of(workspace.id)
        .query<{ cluster_key: number; label: string }>(
          'select cluster_key, label from cluster_labels where workspace_id = $1',
        ),
    ]);
    if (!done?.result) return { clustering: null, run: latest?.run ?? null };
    const labelOf = new Map(labels.map(({ cluster_key, label }) => [cluster_key, label]));
    const { nextKey: _, clusters, ...result } = done.result;
    return {
      clustering: {
        ...result,
        run: done.run,
        clusters: clusters.map((cluster) => ({ ...cluster, label: labelOf.get(cluster.key) ?? null })),
      },
      run: latest?.run ?? null,
    };
  },

  async labelCluster(
    stores: Stores,
    workspace: Workspace,
    key: number,
    label: string | null,
    act: Act,
  ): Promise<contract.Cluster> {
    const { clustering } = await customerStage.readClusters(stores, workspace);
    const cluster = clustering?.clusters.find((one) => one.key === key);
    if (!cluster) {
      throw new AppError('not_found', `cluster ${key}: the last run found none with this number`, {
        details: { field: 'clusterKey', fix: 'GET …/customers/clusters lists them.' },
      });
    }
    await stores.control.transaction(async (session) => {
      await session.of(workspace.id).query(
        label === null
          ? 'delete from cluster_labels where workspace_id = $1 and cluster_key = $2'
          : `insert into cluster_labels (workspace_id, cluster_key, label) values ($1, $2, $3)
             on conflict (workspace_id, cluster_key) do update set label = excluded.label`,
        label === null ? [key] : [key, label],
      );
      await act.audit(session, { label });
    });
    return { ...cluster, label };
  },

  async listLookAlikes(stores: Stores, workspace: Workspace): Promise<contract.LookAlike[]> {
    const runs = await listStoredRuns<LookAlikeResult>(stores.control, workspace.id, 'look_alike');
    return runs.flatMap(({ run, request, result }) => {
      if (request.kind !== 'look_alike') return [];
      const { seed, name } = request;
      const { seedPeople = null, ...rest } = result ?? {};
      return {
        run,
        name,
        seed: {
          kind: seed.kind,
          name: seed.kind === 'computed' ? seed.name : String(seed.kind === 'list' ? seed.listId : seed.segmentId),
          value: seed.kind === 'computed' ? seed.value : null,
          people: seedPeople,
        },
        result: result ? (rest as contract.LookAlike['result']) : null,
      };
    });
  },

  async readInfluence(stores: Stores, workspace: Workspace, view: View): Promise<contract.Influence> {
    const [done, latest] = await Promise.all([
      findLatestRun<GraphResult>(stores.control, workspace.id, 'graph', true),
      findLatestRun(stores.control, workspace.id, 'graph', false),
    ]);
    const found = done?.result;
    if (!found) return { run: latest?.run ?? null, result: null, people: [] };
    const { leaders, nextKey: _, communities, ...result } = found;
    const named = [
      ...new Set([...leaders.map(({ profileId }) => profileId), ...communities.map(({ leaderId }) => leaderId)]),
    ];
    const people = new Map(
      (await listTotals(stores, workspace, named, view)).map((person) => [person.profileId, person]),
    );
    return {
      run: latest?.run ?? null,
      result: {
        ...result,
        events: [...result.events],
        notes: [...result.notes],
        communities: communities.map((community) => ({
          ...community,
          leaderName: people.get(community.leaderId)?.displayName ?? community.leaderId,
        })),
      },
      people: leaders.flatMap(({ profileId, ...leader }) => {
        const person = people.get(profileId);
        return person ? [{ ...person, ...leader }] : [];
      }),
    };
  },

  listCompanies: (stores: Stores, workspace: Workspace, query: contract.CompaniesQuery) =>
    listCompanies(stores, workspace, query),
  getCompany: (stores: Stores, workspace: Workspace, groupId: string, view: View) =>
    getCompany(stores, workspace, groupId, view),
};
export type CustomerStage = typeof customerStage;

export async function sendRun(
  stores: Stores,
  jobs: Pick<Queue, 'send'>,
  workspaceId: WorkspaceId,
  runId: number,
): Promise<void> {
  const jobId = await jobs.send(customersJob, { runId }, { subject: `customers ${runId}`, workspaceId });
  await setRunJob(stores.control, workspaceId, runId, jobId);
}

/** The end of a day of the brand; now, when none is given. */
function instantOf(day: string | undefined, workspace: Workspace): Date {
  return day === undefined ? new Date() : startOfDay(addDays(day, 1), workspace.timeZone);
}
