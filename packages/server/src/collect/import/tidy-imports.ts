import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import type { ImportDeps } from './import-deps.ts';

/** An upload nobody went on with, or a file nobody started. */
const unfinishedDays = 7;
/** Folders that belong to no import at all may be of one that begins right now. */
const youngestStrayMs = 86_400_000;

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
  const needed = await stores.control.query<{ id: number }>(
    `select id from imports where state in ('uploading', 'ready', 'queued', 'running')`,
  );
  const kept = new Set(needed.map(({ id }) => String(id)));
  let folders = 0;
  for (const name of names) {
    if (kept.has(name) || !/^(?:\d+|judged-.*)$/u.test(name)) continue;
    const folder = path.join(deps.importDir, name);
    const found = await stat(folder).catch(() => undefined);
    if (!found || now.getTime() - found.mtimeMs < youngestStrayMs) continue;
    await rm(folder, { recursive: true, force: true });
    folders += 1;
  }
  if (given.length + folders > 0) deps.log.info({ imports: given.length, folders }, 'imports: tidied');
  return { imports: given.length, folders };
}
