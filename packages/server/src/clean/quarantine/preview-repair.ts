import type { RepairPreview, RepairRequest } from '@zhiyin/contract';
import type { JsonObject } from '../../domain/events.ts';
import { asImportId, asSourceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import { cleanCall } from '../clean-call.ts';
import { cleanReview } from '../clean-review.ts';
import { type CompiledSettings, compileSettings } from '../clean-settings.ts';
import { cleanSpend } from '../clean-spend.ts';
import { type Arrival, quarantine } from '../draft.ts';
import { isObject } from '../json.ts';
import { loadSettings } from '../load-settings.ts';
import { applyRepairActions } from '../repair-actions.ts';
import { maskRaw } from './mask-raw.ts';
import { countQuarantine, parseRaw, type QuarantinedRecord, readQuarantine } from './read-quarantine.ts';

const previewRowsMax = 20;

/** What mending would make of the first records: before, after, and how cleaning would judge them. Changes nothing. */
export async function previewRepair(
  stores: Stores,
  workspace: Workspace,
  request: RepairRequest,
  view: { readonly reveal: boolean },
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
  const rows = page.records.map(async (record) => {
    const before = record.raw ?? '';
    const parsed = parseRaw(before);
    const after = isObject(parsed) ? applyRepairActions(parsed, request.actions, workspace.timeZone) : parsed;
    const judged = await judge(stores, vault, workspace, record, isObject(after) ? after : undefined, settings);
    return {
      recordKey: record.recordKey,
      before: show(before),
      after: show(isObject(after) ? JSON.stringify(after) : before),
      ...judged,
    };
  });
  return { total, rows: await Promise.all(rows) };
}

async function judge(
  stores: Stores,
  vault: WorkspaceVault,
  workspace: Workspace,
  record: QuarantinedRecord,
  call: JsonObject | undefined,
  settings: CompiledSettings,
): Promise<Pick<RepairPreview['rows'][number], 'outcome' | 'reason' | 'detail'>> {
  const arrival: Arrival = {
    workspaceId: workspace.id,
    sourceId: asSourceId(record.sourceId),
    importId: asImportId(record.importId),
    receivedAt: record.receivedAt,
    fallbackMessageId: `replay:${record.recordKey}`,
  };
  const result =
    call === undefined
      ? quarantine('not_an_object', '', 'the record is no object: it can only be discarded or sent again')
      : record.eventType === 'reviews'
        ? cleanReview(call, arrival, settings)
        : record.eventType === 'spend'
          ? cleanSpend(call, arrival, settings)
          : cleanCall(call, arrival, settings, []);
  if (result.kind === 'quarantine') {
    const place = result.field === '' ? '' : `${result.field} `;
    return { outcome: 'quarantined', reason: result.reason, detail: `${place}${result.detail}` };
  }
  if (result.kind === 'event') {
    const key = vault.messageKey(arrival.sourceId, result.draft.messageId);
    const seen = await stores.control.query('select 1 from seen_messages where message_key = $1::uuid', [key]);
    if (seen.length > 0)
      return { outcome: 'duplicate', reason: null, detail: 'a message with this id was kept before' };
  }
  return { outcome: 'valid', reason: null, detail: null };
}
