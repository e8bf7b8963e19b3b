import { sealRecordSql, surrogateSql } from '../../../storage/vault/index.ts';
import type { ImportPlan } from '../import-plan.ts';
import { type CleanSql, cleanSql } from './clean-sql.ts';
import { identitySql } from './identity-sql.ts';
import { sourceSql } from './source-sql.ts';
import { literal } from './sql-text.ts';

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

/** Every distinct identifier of the file, sealed, with its surrogate. Read by Node for the vault. */
export function stagedPeopleSelect(plan: ImportPlan): string {
  const identity = identitySql(plan);
  const source = sourceSql(plan.file);
  const clean = cleanSql(source, {
    columns: [...identity.columns],
    refusals: [{ when: '0', reason: '', field: '', detail: `''` }],
    repairs: [],
  });
  const each = identity.kinds.map(
    (kind) =>
      `SELECT DISTINCT ${literal(kind)} AS kind, toString(value_${kind}) AS value FROM ${clean.from} WHERE usable_${kind}`,
  );
  return `SELECT ${surrogateSql('kind', 'value')} AS identity_id, kind, ${sealRecordSql('value', 'cityHash64(kind, value)')} AS value_sealed
    FROM (${each.join(' UNION ALL ')})
    SETTINGS ${clean.settings}`;
}
