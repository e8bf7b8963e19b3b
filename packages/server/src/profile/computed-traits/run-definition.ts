import { AppError } from '../../domain/app-error.ts';
import { asWorkspaceId, type IdentityId, type WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Queue, type Run, sentenceOf, willTryAgain } from '../audiences/act.ts';
import { identitiesOf, profilesOf } from '../profile-identities.ts';
import { computeDefinition } from './compute-definition.ts';
import { type DefinitionRowKept, getKept, readKept, sendCompute } from './manage-definitions.ts';
import { type ComputedRow, saveComputedTraits } from './save-computed-traits.ts';

const liveEveryHours = 24;

/** The job: one trait of everybody. What went wrong is kept beside it, and its values stay as they were. */
export async function runDefinition(stores: Stores, workspace: Workspace, traitId: number, run: Run): Promise<void> {
  const row = await findKept(stores, workspace, traitId);
  if (!row) return;
  const startedAt = new Date();
  const own = stores.control.of(workspace.id);
  const hours = row.refresh.kind === 'live' ? liveEveryHours : row.refresh.everyHours;
  const pages = computeDefinition(stores, workspace, row.definition, { now: startedAt, signal: run.signal });
  try {
    const { saved } = await saveComputedTraits(stores, workspace, {
      name: row.name,
      source: `trait:${row.id}`,
      computedAt: startedAt,
      rows: counted(pages, run),
      covers: 'everyone',
      signal: run.signal,
    });
    const lastRun = { people: saved, elapsedMs: Date.now() - startedAt.getTime(), computedAt: startedAt.toISOString() };
    await own.query(
      `update computed_trait_definitions set last_run = $3, error = null, due_at = now() + make_interval(hours => $4)
       where workspace_id = $1 and id = $2`,
      [traitId, JSON.stringify(lastRun), hours],
    );
  } catch (cause) {
    if (willTryAgain(cause, run)) throw cause;
    const fix = cause instanceof AppError ? (cause.details.fix ?? '') : '';
    await own.query(
      `update computed_trait_definitions set error = $3, due_at = now() + make_interval(hours => $4)
       where workspace_id = $1 and id = $2`,
      [traitId, JSON.stringify({ message: sentenceOf(cause), fix, at: new Date().toISOString() }), hours],
    );
    throw cause;
  }
}

/** Traits whose time has come, of every workspace: a job each. */
export async function sendDueDefinitions(stores: Pick<Stores, 'control'>, jobs: Pick<Queue, 'send'>): Promise<void> {
  const due = await stores.control.query<{ id: number; workspace_id: number }>(
    'select id, workspace_id from computed_trait_definitions where due_at <= now() order by due_at limit 200',
  );
  for (const { id, workspace_id } of due) await sendCompute(jobs, asWorkspaceId(workspace_id), id);
}

/** Workspaces that have traits which are computed as things happen. */
export async function listLiveWorkspaces(stores: Pick<Stores, 'control'>): Promise<WorkspaceId[]> {
  const rows = await stores.control.query<{ workspace_id: number }>(
    `select distinct workspace_id from computed_trait_definitions where refresh ->> 'kind' = 'live' and definition ->> 'kind' <> 'sql'`,
  );
  return rows.map((row) => asWorkspaceId(row.workspace_id));
}

/** The live traits of these people, anew. */
export async function computeLive(
  stores: Stores,
  workspace: Workspace,
  identityIds: readonly IdentityId[],
  signal: AbortSignal,
): Promise<void> {
  const live = (await readKept(stores.control, workspace.id, null)).filter(
    (row) => row.refresh.kind === 'live' && row.definition.kind !== 'sql',
  );
  if (live.length === 0 || identityIds.length === 0) return;
  const profiles = [...new Set((await profilesOf(stores, workspace.id, identityIds)).values())];
  const among = [...(await identitiesOf(stores, workspace.id, profiles)).values()].flat();
  for (const row of live) {
    const now = new Date();
    const found = new Map<string, ComputedRow>();
    for await (const rows of computeDefinition(stores, workspace, row.definition, { now, among, signal })) {
      for (const one of rows) found.set(one.profileId, one);
    }
    await saveComputedTraits(stores, workspace, {
      name: row.name,
      source: `trait:${row.id}`,
      computedAt: now,
      rows: profiles.map((profileId) => found.get(profileId) ?? { profileId, value: null }),
      covers: 'rows',
    });
  }
}

/** Deleted while its job waited: there is nothing to do. */
async function findKept(stores: Stores, workspace: Workspace, traitId: number): Promise<DefinitionRowKept | undefined> {
  try {
    return await getKept(stores.control, workspace.id, traitId);
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'not_found') return undefined;
    throw cause;
  }
}

async function* counted(pages: AsyncIterable<ComputedRow[]>, run: Run): AsyncGenerator<ComputedRow[]> {
  let done = 0;
  for await (const page of pages) {
    yield page;
    done += page.length;
    run.progress(done, null);
  }
}
