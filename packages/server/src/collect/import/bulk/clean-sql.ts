import type { ImportPlan } from '../import-plan.ts';
import type { IdentitySql } from './identity-sql.ts';
import type { SourceSql } from './source-sql.ts';
import { literal } from './sql-text.ts';

/** One reason to refuse a row; the first that holds is the one reported. */
export type Refusal = {
  readonly when: string;
  readonly reason: string;
  readonly field: string;
  /** SQL text. Never an identifier's value: details are not sealed. */
  readonly detail: string;
};

export type Repair = { readonly when: string; readonly name: string };

/** Cleaning of one kind of rows as a sub-select over the source, with `reason` ('' when kept), `field`, `detail` and `repairs` beside its columns. */
export type CleanSql = { readonly from: string; readonly settings: string };

export function cleanSql(
  source: SourceSql,
  parts: {
    readonly columns: readonly string[];
    readonly refusals: readonly Refusal[];
    readonly repairs: readonly Repair[];
  },
): CleanSql {
  // Sums of conditions are computed whole columns at a time; the long chains only for rows with something in them.
  const anyOf = (conditions: readonly string[]) =>
    conditions.map((condition) => `ifNull(toUInt8(${condition}), 0)`).join(' + ');
  const choose = (value: (refusal: Refusal) => string) =>
    `if(wrongs = 0, '', multiIf(${parts.refusals.map((refusal) => `${refusal.when}, ${value(refusal)}`).join(', ')}, ''))`;
  const repairs = parts.repairs.map((repair) => `if(${repair.when}, [${literal(repair.name)}], [])`);
  const none = `CAST([], 'Array(String)')`;
  return {
    from: `(SELECT *, ${parts.columns.join(',\n      ')},
      ${anyOf(parts.refusals.map((refusal) => refusal.when)) || '0'} AS wrongs,
      ${choose((refusal) => literal(refusal.reason))} AS reason,
      ${choose((refusal) => literal(refusal.field))} AS field,
      ${choose((refusal) => refusal.detail)} AS detail,
      ${repairs.length === 0 ? none : `if(${anyOf(parts.repairs.map((repair) => repair.when))} = 0, ${none}, CAST(arrayConcat(${repairs.join(', ')}), 'Array(String)'))`} AS repairs
    FROM ${source.from})`,
    // Numbers beyond all bounds are refused by the rules; they must not end the import.
    settings: `${source.settings}, decimal_check_overflow = 0`,
  };
}

/** Refusals that hold for every kind: what is no row, or names nobody. */
export function commonRefusals(plan: ImportPlan, identity: IdentitySql | null): Refusal[] {
  const width = plan.file.columns.length;
  const asked = identity ? identity.kinds.join(', ') : '';
  return [
    { when: 'broken', reason: 'malformed_json', field: '', detail: `'is no JSON object on one line'` },
    ...(plan.file.format === 'csv' || plan.file.format === 'tsv'
      ? [
          {
            when: `extra IS NOT NULL`,
            reason: 'column_count',
            field: '',
            detail: `'has more fields than the ${width} columns of the header'`,
          },
          {
            when: `c${width} IS NULL`,
            reason: 'column_count',
            field: '',
            detail: `'has fewer fields than the ${width} columns of the header'`,
          },
        ]
      : []),
    ...(identity
      ? [
          {
            when: identity.isMissing,
            reason: 'missing_identity',
            field: identity.kinds[0] ?? '',
            detail: `'says nothing about who it was: ${asked} empty'`,
          },
          {
            when: identity.isBlocked,
            reason: 'blocked_identity',
            field: identity.kinds[0] ?? '',
            detail: `'names nobody: a placeholder such as guest or null'`,
          },
        ]
      : []),
  ];
}

export function instantRefusals(plan: ImportPlan, column: string, text: string, field: string): Refusal[] {
  const latest = Math.floor(plan.receivedAt.getTime() / 1000) + 3600;
  return [
    { when: `${text} = ''`, reason: 'bad_timestamp', field, detail: `'is empty'` },
    {
      when: `${column} IS NULL OR toUnixTimestamp64Milli(assumeNotNull(${column})) < -1262304000000`,
      reason: 'bad_timestamp',
      field,
      detail: `concat('is no date or time: ', substringUTF8(${text}, 1, 40))`,
    },
    {
      when: `toUnixTimestamp64Milli(assumeNotNull(${column})) > ${latest}000`,
      reason: 'in_future',
      field,
      detail: `concat('lies in the future: ', substringUTF8(${text}, 1, 40))`,
    },
  ];
}
