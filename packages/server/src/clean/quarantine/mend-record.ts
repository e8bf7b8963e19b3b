import type { RepairAction } from '@zhiyin/contract';
import type { Json, JsonObject } from '../../domain/events.ts';
import { isObject } from '../json.ts';
import { applyRepairActions, applyRowActions } from '../repair-actions.ts';
import { parseRaw, type QuarantinedRecord } from './read-quarantine.ts';

/** Rows of files that the import itself refused. Rows it handed on as calls, reviews or spend were refused as such. */
export function isImportRow(record: Pick<QuarantinedRecord, 'eventType'>): boolean {
  return record.eventType.startsWith('import:');
}

/** A record after mending; its text when it never was an object. A line of a file that is no row can be mended as `_line`. */
export function mendRecord(record: QuarantinedRecord, actions: readonly RepairAction[], timeZone: string): Json {
  const parsed = parseRaw(record.raw ?? '');
  if (isImportRow(record)) {
    const row: JsonObject = isObject(parsed) ? parsed : { _line: record.raw ?? '' };
    return applyRowActions(row, actions, timeZone);
  }
  return isObject(parsed) ? applyRepairActions(parsed, actions, timeZone) : parsed;
}
