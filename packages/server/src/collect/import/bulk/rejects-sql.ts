import { sealRecordSql } from '../../../storage/vault/index.ts';
import type { CleanSql } from './clean-sql.ts';

/**
 * Refused rows, whole and sealed. The key of a record is a hash of its content and of how often that content was refused
 * before in this file: the same rows in another file are the same records.
 */
export function rejectsSelect(clean: CleanSql): string {
  return `SELECT row, reason, field, detail,
      reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'reject', raw, row_number() OVER (PARTITION BY raw ORDER BY row))) AS record_key,
      ${sealRecordSql('raw', 'row')} AS raw_sealed
    FROM (SELECT row, reason, field, detail, raw FROM ${clean.from} WHERE reason != '')
    SETTINGS ${clean.settings}`;
}

/** The same out of `staging.refused`, where rows already stand sealed. */
export function numberedRejectsSelect(refused: string): string {
  return `SELECT row, reason, field, detail,
      reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'reject', raw_key, row_number() OVER (PARTITION BY raw_key ORDER BY row))) AS record_key,
      raw_sealed
    FROM ${refused}`;
}
