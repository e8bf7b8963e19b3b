import type { QuarantineFilter } from '@zhiyin/contract';
import type { Question } from '../../storage/events/event-store.ts';
import { openRecordSql, type WorkspaceVault } from '../../storage/vault/index.ts';

export type FilterSql = { readonly where: string; readonly parameters: NonNullable<Question['parameters']> };

/** The filter as a condition on `@quarantine`. Text is looked for inside the sealed records, in the engine: nothing is read out for it. */
export function quarantineFilterSql(filter: QuarantineFilter, vault: WorkspaceVault): FilterSql {
  const conditions = ['state = {state:String}'];
  const parameters: Record<string, string | number> = { state: filter.state ?? 'open' };
  if (filter.reason) {
    conditions.push('reason = {reason:String}');
    parameters.reason = filter.reason;
  }
  if (filter.sourceId !== undefined) {
    conditions.push('source_id = {source:UInt32}');
    parameters.source = Number(filter.sourceId);
  }
  if (filter.importId !== undefined) {
    conditions.push('import_id = {import:UInt32}');
    parameters.import = Number(filter.importId);
  }
  if (filter.event) {
    conditions.push('(event_name = {event:String} or event_type = {event:String})');
    parameters.event = filter.event;
  }
  if (filter.recordKey) {
    conditions.push('record_key = {record:UUID}');
    parameters.record = filter.recordKey;
  }
  if (filter.text) {
    conditions.push(`positionCaseInsensitiveUTF8(ifNull(${openRecordSql('raw_sealed')}, ''), {text:String}) > 0`);
    parameters.text = filter.text;
    parameters.recordKey = vault.engineKeys().recordKey;
  }
  return { where: conditions.join(' and '), parameters };
}
