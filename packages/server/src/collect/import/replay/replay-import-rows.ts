import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { AppError } from '../../../domain/app-error.ts';
import { dayOf } from '../../../domain/calendar.ts';
import type { JsonObject } from '../../../domain/events.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps } from '../import-deps.ts';
import { importFile, makeImportFolder } from '../import-files.ts';
import { getImportRow } from '../import-rows.ts';
import { insertImport } from '../receive-import.ts';
import { mendedImport, readMendedRow } from './mended-import.ts';
import { markRecords, moveCounts, reserveRecords, saveTaken } from './taken-records.ts';

/** A refused row of a file, mended: `{column: value}` under the columns of its import, and where it stands in the counts. */
export type MendedRow = {
  readonly recordKey: string;
  readonly importId: number;
  readonly sourceId: number;
  readonly receivedAt: Date;
  readonly reason: string;
  readonly row: JsonObject;
};

/**
 * Mended rows go the way they came: as a file with the columns, mapping and options of their first import, queued as an import of
 * its own. Give rows only that `judgeImportRows` found good: others would be refused again under new contents.
 *
 * Reserving the records, the new import and the counts are one transaction; a record that was reserved before is left out,
 * so asking twice, or again after a crash, brings nothing twice. The caller sends the job of every queued import.
 * @returns the new imports and how many rows they have.
 */
export async function replayImportRows(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  rows: readonly MendedRow[],
): Promise<{ importIds: number[]; rows: number }> {
  const importIds: number[] = [];
  let total = 0;
  for (const [importId, group] of Map.groupBy(rows, (row) => row.importId)) {
    const queued = await queueMended(stores, deps, workspace, importId, group);
    await markRecords(
      stores,
      workspace.id,
      group.map(({ recordKey }) => recordKey),
      { from: 'open', to: 'replayed' },
    );
    if (!queued) continue;
    importIds.push(queued.importId);
    total += queued.rows;
  }
  return { importIds, rows: total };
}

async function queueMended(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  firstId: number,
  group: readonly MendedRow[],
): Promise<{ importId: number; rows: number } | undefined> {
  const first = await getImportRow(stores.control, workspace.id, firstId);
  const { detected, kind } = first;
  if (!detected || !kind || first.state !== 'done')
    throw new AppError('conflict', `Import ${firstId} is ${first.state}: its rows can be mended once it is done.`);
  return stores.control.transaction(async (session) => {
    const reserved = await reserveRecords(
      session,
      group.map(({ recordKey }) => recordKey),
    );
    const taken = group.filter(({ recordKey }) => reserved.has(recordKey));
    if (taken.length === 0) return undefined;
    const texts = taken.map(({ row }) => JSON.stringify(readMendedRow({ ...first, detected }, row) ?? row));
    const text = `${texts.join('\n')}\n`;
    const mended = mendedImport({ ...first, detected }, taken.length);
    const fileName = `${first.fileName} (mended)`.slice(0, 255);
    const importId = await insertImport(
      session,
      workspace,
      { fileName, kind, sizeBytes: Buffer.byteLength(text) },
      null,
    );
    const records = taken.map(({ recordKey, sourceId, reason, receivedAt }) => ({
      recordKey,
      sourceId,
      reason,
      day: dayOf(receivedAt, workspace.timeZone),
    }));
    // Written before the commit: a queued import always has its file. Without the commit both are tidied away.
    await makeImportFolder(deps.importDir, importId);
    await writeFile(importFile(deps.importDir, importId), text, { mode: 0o640, flush: true });
    await saveTaken(deps, importId, { importId: firstId, records });
    await session.of(workspace.id).query(
      `update imports set detected = $3, mapping = $4, options = $5, fingerprint = $6, state = 'queued'
       where workspace_id = $1 and id = $2`,
      [
        importId,
        JSON.stringify(mended.detected),
        JSON.stringify(mended.mapping),
        JSON.stringify(mended.options),
        createHash('sha256').update(text).digest('hex'),
      ],
    );
    await moveCounts(session, workspace.id, { importId: firstId, records }, 'take out');
    return { importId, rows: taken.length };
  });
}
