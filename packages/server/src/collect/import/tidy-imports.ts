import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import type { ImportDeps } from './import-deps.ts';

/** An upload nobody went on with, or a file nobody started. */
const unfinishedDays = 7;
/** Folders that belong to no import at all may be of one that begins right now. */
const youngestStrayMs = 86_400_000;
/** A preview and its like take half a minute at most. */
const longestQuestionMinutes = 60;

/**
 * Removes uploads that were never finished or never started, and what imports that have ended left on disk. Mended rows and imports
 * at work keep their files.
 */
export async function tidyImports(
  stores: Stores,
  deps: ImportDeps,
  audit: (session: ControlSession, removed: { workspaceId: WorkspaceId; importId: number }) => Promise<void>,
): Promise<{ imports: number; folders: number }> {
  const now = deps.now?.() ?? new Date();
  const given = await stores.control.transaction(async (session) => {
    const removed = await session.query<{ id: number; workspace_id: WorkspaceId }>(
      `update imports set state = 'cancelled', ended_at = $1, error = $2
       where state in ('uploading', 'ready') and created_at < $1::timestamptz - make_interval(days => ${unfinishedDays})
       returning id, workspace_id`,
      [now, `Removed: it was not started within ${unfinishedDays} days.`],
    );
    for (const { id, workspace_id } of removed) await audit(session, { workspaceId: workspace_id, importId: id });
    return removed;
  });
  const names = await readdir(deps.importDir).catch(() => []);
  const kept = new Set((await listNeeded(stores)).map(String));
  let folders = 0;
  for (const name of names) {
    if (kept.has(name) || !/^(?:\d+|judged-.*)$/u.test(name)) continue;
    const folder = path.join(deps.importDir, name);
    const found = await stat(folder).catch(() => undefined);
    if (!found || now.getTime() - found.mtimeMs < youngestStrayMs) continue;
    await rm(folder, { recursive: true, force: true });
    folders += 1;
  }
  const dropped = await tidyStaging(stores, deps);
  if (given.length + folders + dropped > 0)
    deps.log.info({ imports: given.length, folders, tables: dropped }, 'imports: tidied');
  return { imports: given.length, folders };
}

async function listNeeded(stores: Stores): Promise<number[]> {
  const rows = await stores.control.query<{ id: number }>(
    `select id from imports where state in ('uploading', 'ready', 'queued', 'running')`,
  );
  return rows.map(({ id }) => id);
}

/**
 * Drops tables that imports left in the engine when they or their node died, on every node that answers. Those of imports at work
 * stay, and those of a question that may still be asked. Returns how many went.
 */
export async function tidyStaging(stores: Stores, deps: ImportDeps): Promise<number> {
  const kept = new Set((await listNeeded(stores)).map((id) => `import_${id}_`));
  const reason = 'imports: tables that were left behind';
  let dropped = 0;
  for (const { url, maintain } of stores.events.eachNode()) {
    try {
      const found = await maintain<{ name: string; isView: number }>(
        `SELECT name, engine = 'MaterializedView' AS isView FROM system.tables
         WHERE database = {database:String} AND (match(name, '^import_[0-9]+_')
           OR (startsWith(name, 'import_asked_') AND metadata_modification_time < now() - INTERVAL ${longestQuestionMinutes} MINUTE))
         ORDER BY isView DESC, name`,
        reason,
        { database: deps.database },
      );
      for (const { name } of found) {
        if (kept.has(/^import_\d+_/.exec(name)?.[0] ?? '')) continue;
        await maintain(`DROP TABLE IF EXISTS ${deps.database}.${name} SYNC`, reason);
        dropped += 1;
      }
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code !== 'storage.unavailable') throw cause;
      deps.log.warn({ node: url, cause: cause.message }, 'imports: a node could not be tidied');
    }
  }
  return dropped;
}
