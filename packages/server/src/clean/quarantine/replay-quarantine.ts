import type { RepairRequest } from '@zhiyin/contract';
import type { JournalWriter } from '../../collect/journal/journal.ts';
import { AppError } from '../../domain/app-error.ts';
import type { JsonObject } from '../../domain/events.ts';
import { asImportId, asSourceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { isObject } from '../json.ts';
import { applyRepairActions } from '../repair-actions.ts';
import { parseRaw, type QuarantinedRecord, readQuarantine } from './read-quarantine.ts';
import { keepRepairRule } from './repair-rules.ts';

const pageRows = 500;
const bodyBytesMax = 400_000;

/** A refused row of a file, mended: `{column: value}` under the columns of its import. */
export type MendedImportRow = {
  readonly recordKey: string;
  readonly importId: number;
  readonly rowNumber: number;
  readonly row: JsonObject;
};
/** Provided by imports: only they know how a row of a file becomes a record. */
export type ReplayImportRows = (
  stores: Stores,
  workspace: Workspace,
  rows: readonly MendedImportRow[],
) => Promise<void>;

export type ReplayTools = {
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly replayImportRows?: ReplayImportRows;
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
};

/**
 * Mends what the filter finds and sends it through cleaning once more, page by page. Records stay in quarantine until cleaning has
 * kept them, and a record replayed twice is kept once: after a crash this can simply be run again.
 */
export async function replayQuarantine(
  stores: Stores,
  workspace: Workspace,
  request: RepairRequest,
  tools: ReplayTools,
): Promise<{ records: number; jobId: null }> {
  if (request.filter.state !== undefined && request.filter.state !== 'open') {
    throw new AppError('input.invalid', 'filter.state: only open records can be replayed', {
      details: { field: 'filter.state', fix: 'Leave state out, or set it to open.' },
    });
  }
  if (request.keepAs) await keepRepairRule(stores.control, workspace, request);
  const vault = await stores.vault.of(workspace.id);
  let after: { receivedAt: string; recordKey: string } | undefined;
  let replayed = 0;
  do {
    tools.signal?.throwIfAborted();
    const page = await readQuarantine(stores.events, workspace.id, vault, {
      filter: request.filter,
      limit: pageRows,
      order: 'stable',
      after,
    });
    replayed += await replayPage(stores, workspace, request, tools, page.records);
    after = page.records.length === pageRows ? page.last : undefined;
  } while (after);
  return { records: replayed, jobId: null };
}

async function replayPage(
  stores: Stores,
  workspace: Workspace,
  request: RepairRequest,
  tools: ReplayTools,
  records: readonly QuarantinedRecord[],
): Promise<number> {
  const imported: MendedImportRow[] = [];
  const entries: JsonObject[] = [];
  for (const record of records) {
    const parsed = parseRaw(record.raw ?? '');
    // Text that never was an object has nothing to mend; it can be discarded.
    if (!isObject(parsed)) continue;
    const mended = applyRepairActions(parsed, request.actions, workspace.timeZone);
    if (record.eventType.startsWith('import:')) {
      imported.push({
        recordKey: record.recordKey,
        importId: record.importId,
        rowNumber: record.rowNumber,
        row: mended,
      });
      continue;
    }
    entries.push({
      recordKey: record.recordKey,
      receivedAt: record.receivedAt.toISOString(),
      sourceId: record.sourceId,
      importId: record.importId,
      kind: record.eventType === 'reviews' || record.eventType === 'spend' ? record.eventType : 'calls',
      call: mended,
    });
  }
  for (const body of packEntries(entries)) {
    await tools.journal.append({
      kind: 'replay',
      workspaceId: workspace.id,
      sourceId: asSourceId(0),
      importId: asImportId(0),
      receivedAt: tools.now?.() ?? new Date(),
      route: '',
      ip: '',
      userAgent: '',
      // They were counted as received when they first came.
      count: 0,
      body,
    });
  }
  if (imported.length > 0 && tools.replayImportRows) await tools.replayImportRows(stores, workspace, imported);
  return entries.length + (tools.replayImportRows ? imported.length : 0);
}

/** Bodies of bounded size, so that one page of large records is not one huge journal record. */
function* packEntries(entries: readonly JsonObject[]): Generator<Buffer> {
  let texts: string[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const text = JSON.stringify(entry);
    if (bytes + text.length > bodyBytesMax && texts.length > 0) {
      yield Buffer.from(`{"records":[${texts.join(',')}]}`);
      texts = [];
      bytes = 0;
    }
    texts.push(text);
    bytes += text.length;
  }
  if (texts.length > 0) yield Buffer.from(`{"records":[${texts.join(',')}]}`);
}
