import type { RepairRequest } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { JsonObject } from '../../domain/events.ts';
import { asImportId, asSourceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { isObject } from '../json.ts';
import { countOrigins, ruleNote } from './count-origins.ts';
import { isImportRow, mendRecord } from './mend-record.ts';
import { countQuarantine, type QuarantinedRecord, readQuarantine } from './read-quarantine.ts';
import { keepRepairRule } from './repair-rules.ts';
import type { ReplayTools } from './replay-tools.ts';
import { ReplayedRows } from './replayed-rows.ts';

const pageRows = 500;
const bodyBytesMax = 400_000;

/**
 * Mends what the filter finds and sends it through cleaning once more, page by page. Records stay in quarantine until cleaning has
 * kept them, and a record replayed twice is kept once: after a crash this can simply be run again.
 */
export async function replayQuarantine(
  stores: Stores,
  workspace: Workspace,
  request: RepairRequest,
  tools: ReplayTools,
): Promise<{ records: number; jobId: null; note: string | null }> {
  if (request.filter.state !== undefined && request.filter.state !== 'open') {
    throw new AppError('input.invalid', 'filter.state: only open records can be replayed', {
      details: { field: 'filter.state', fix: 'Leave state out, or set it to open.' },
    });
  }
  const vault = await stores.vault.of(workspace.id);
  let note: string | null = null;
  if (request.keepAs) {
    const origins = await countOrigins(stores, workspace, request.filter);
    note = ruleNote(origins);
    if (origins.records > 0 || origins.fileRows === 0) await keepRepairRule(stores.control, workspace, request);
  }
  const fileRows = new ReplayedRows(stores, workspace, tools.imports);
  let after: { receivedAt: string; recordKey: string } | undefined;
  let replayed = 0;
  let looked = 0;
  const total = tools.onProgress ? await countQuarantine(stores.events, workspace.id, vault, request.filter) : 0;
  do {
    tools.signal?.throwIfAborted();
    const page = await readQuarantine(stores.events, workspace.id, vault, {
      filter: request.filter,
      limit: pageRows,
      order: 'stable',
      after,
    });
    replayed += await replayRecords(workspace, request, tools, page.records);
    await fileRows.take(page.records, request.actions);
    looked += page.records.length;
    tools.onProgress?.(looked, Math.max(total, looked));
    after = page.records.length === pageRows ? page.last : undefined;
  } while (after);
  return { records: replayed + (await fileRows.end()), jobId: null, note };
}

/** Everything but rows of files: through the journal. */
async function replayRecords(
  workspace: Workspace,
  request: RepairRequest,
  tools: ReplayTools,
  records: readonly QuarantinedRecord[],
): Promise<number> {
  const entries: JsonObject[] = [];
  for (const record of records) {
    if (isImportRow(record)) continue;
    const mended = mendRecord(record, request.actions, workspace.timeZone);
    // Text that never was an object has nothing to mend; it can be discarded.
    if (!isObject(mended)) continue;
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
  return entries.length;
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
