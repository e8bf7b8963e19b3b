import { explainSaid, type RepairPreview, type RepairRequest, said } from '@zhiyin/contract';
import type { JsonObject } from '../../domain/events.ts';
import { asImportId, asSourceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import { cleanCall } from '../clean-call.ts';
import { cleanPushed } from '../clean-record.ts';
import { type CompiledSettings, compileSettings } from '../clean-settings.ts';
import { type Arrival, quarantine } from '../draft.ts';
import { isObject } from '../json.ts';
import { loadSettings } from '../load-settings.ts';
import { maskRaw } from './mask-raw.ts';
import { isImportRow, mendRecord } from './mend-record.ts';
import { countQuarantine, type QuarantinedRecord, readQuarantine } from './read-quarantine.ts';
import type { ImportReplay } from './replay-tools.ts';

const previewRowsMax = 20;

/** What mending would make of the first records: before, after, and how cleaning would judge them. Changes nothing. */
export async function previewRepair(
  stores: Stores,
  workspace: Workspace,
  request: RepairRequest,
  view: { readonly reveal: boolean },
  imports: Pick<ImportReplay, 'judgeImportRows'>,
): Promise<RepairPreview> {
  const vault = await stores.vault.of(workspace.id);
  const settings = compileSettings(await loadSettings(stores.control, workspace));
  const [total, page] = await Promise.all([
    countQuarantine(stores.events, workspace.id, vault, request.filter),
    readQuarantine(stores.events, workspace.id, vault, {
      filter: request.filter,
      limit: previewRowsMax,
      order: 'newest',
    }),
  ]);
  const show = (text: string) => (view.reveal ? text : maskRaw(text));
  const mended = page.records.map((record) => {
    const after = mendRecord(record, request.actions, workspace.timeZone);
    return { record, after: isObject(after) ? after : undefined };
  });
  const ofFiles = await judgeFileRows(stores, workspace, mended, imports);
  const rows = mended.map(async ({ record, after }) => {
    const before = record.raw ?? '';
    const judged = ofFiles.get(record.recordKey) ?? (await judge(stores, vault, workspace, record, after, settings));
    return {
      recordKey: record.recordKey,
      before: show(before),
      after: show(after ? JSON.stringify(after) : before),
      ...judged,
    };
  });
  return { total, rows: await Promise.all(rows) };
}

/** Rows of files are judged by the import they came with. */
async function judgeFileRows(
  stores: Stores,
  workspace: Workspace,
  mended: readonly { readonly record: QuarantinedRecord; readonly after: JsonObject | undefined }[],
  imports: Pick<ImportReplay, 'judgeImportRows'>,
) {
  const judgements = new Map<string, Awaited<ReturnType<ImportReplay['judgeImportRows']>>[number]>();
  const rows = mended.flatMap(({ record, after }) => (isImportRow(record) && after ? [{ record, after }] : []));
  for (const [importId, group] of Map.groupBy(rows, ({ record }) => record.importId)) {
    const judged = await imports.judgeImportRows(
      stores,
      workspace,
      importId,
      group.map(({ after }) => after),
    );
    for (const [index, { record }] of group.entries()) judgements.set(record.recordKey, judged[index]!);
  }
  return judgements;
}

async function judge(
  stores: Stores,
  vault: WorkspaceVault,
  workspace: Workspace,
  record: QuarantinedRecord,
  call: JsonObject | undefined,
  settings: CompiledSettings,
): Promise<Pick<RepairPreview['rows'][number], 'outcome' | 'reason' | 'field' | 'detail' | 'explanation'>> {
  const arrival: Arrival = {
    workspaceId: workspace.id,
    sourceId: asSourceId(record.sourceId),
    importId: asImportId(record.importId),
    receivedAt: record.receivedAt,
    fallbackMessageId: `replay:${record.recordKey}`,
  };
  const result =
    call === undefined
      ? quarantine('not_an_object', '', said('record_no_object'))
      : record.eventType === 'reviews' || record.eventType === 'spend'
        ? cleanPushed(record.eventType, call, arrival, settings)
        : cleanCall(call, arrival, settings, []);
  if (result.kind === 'quarantine') {
    const { reason, field, detail } = result;
    const explanation = explainSaid(detail);
    return { outcome: 'quarantined', reason, field, detail: `${field} ${detail}`.trim(), explanation };
  }
  if (result.kind === 'event') {
    const key = vault.messageKey(arrival.sourceId, result.draft.messageId);
    const seen = await stores.control.query('select 1 from seen_messages where message_key = $1::uuid', [key]);
    if (seen.length > 0) return verdict('duplicate', said('known_message'));
  }
  return verdict('valid', null);
}

const verdict = (outcome: 'valid' | 'duplicate', detail: string | null) => ({
  outcome,
  reason: null,
  field: null,
  detail,
  explanation: detail === null ? null : explainSaid(detail),
});
