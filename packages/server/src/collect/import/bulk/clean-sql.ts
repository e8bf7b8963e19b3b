import type { ImportPlan } from '../import-plan.ts';
import type { IdentitySql } from './identity-sql.ts';
import type { SourceSql } from './source-sql.ts';
import { list } from './sql-text.ts';

/** One reason to refuse a row; the first that holds is the one reported. */
export type Refusal = {
  readonly when: string;
  readonly reason: string;
  readonly field: string;
  /** SQL text. Never an identifier's value: details are not sealed. */
  readonly detail: string;
};

export type Repair = { readonly when: string; readonly name: string };

/**
 * Cleaning of one kind of rows as a sub-select over the source. Beside its columns: `wrong` (0 when kept, else the number of the
 * refusal, from 1) and `mended` (a bit per repair) with what they say in words: `reason` ('' when kept), `field`, `detail`, `repairs`.
 */
export type CleanSql = {
  readonly from: string;
  readonly settings: string;
  /** Words of a `wrong` and of a `mended` that were carried on alone: numbers cost a fraction of what texts do. */
  readonly reasonOf: (wrong: string) => string;
  readonly fieldOf: (wrong: string) => string;
  readonly repairsOf: (mended: string) => string;
};

export function cleanSql(
  source: SourceSql,
  parts: {
    readonly columns: readonly string[];
    readonly refusals: readonly Refusal[];
    readonly repairs: readonly Repair[];
  },
): CleanSql {
  // Sums of conditions are computed whole columns at a time; the long chains only for rows with something in them.
  const held = (condition: string) => `ifNull(toUInt8(${condition}), 0)`;
  const wrongs = parts.refusals.map((refusal) => held(refusal.when)).join(' + ');
  const bits = parts.repairs.map((repair, bit) => `${held(repair.when)} * ${2 ** bit}`).join(' + ');
  const chain = (value: (refusal: Refusal, number: number) => string, otherwise: string) =>
    `multiIf(${parts.refusals.map((refusal, at) => value(refusal, at + 1)).join(', ')}, ${otherwise})`;
  const named = (values: readonly string[]) => (wrong: string) => `[${list(['', ...values])}][${wrong} + 1]`;
  const reasonOf = named(parts.refusals.map(({ reason }) => reason));
  const fieldOf = named(parts.refusals.map(({ field }) => field));
  const repairsOf = (mended: string) =>
    parts.repairs.length === 0
      ? `CAST([], 'Array(String)')`
      : `if(${mended} = 0, CAST([], 'Array(String)'), arrayMap(bit -> [${list(parts.repairs.map(({ name }) => name))}][bit + 1], bitPositionsToArray(${mended})))`;
  return {
    from: `(SELECT *, ${parts.columns.join(',\n      ')},
      toUInt32(${bits || '0'}) AS mended, ${repairsOf('mended')} AS repairs,
      ${wrongs || '0'} AS wrongs,
      toUInt8(if(wrongs = 0, 0, ${chain(({ when }, number) => `${when}, ${number}`, '0')})) AS wrong,
      ${reasonOf('wrong')} AS reason, ${fieldOf('wrong')} AS field,
      if(wrongs = 0, '', ${chain(({ when, detail }) => `${when}, ${detail}`, `''`)}) AS detail
    FROM ${source.from})`,
    // Numbers beyond all bounds are refused by the rules; they must not end the import.
    settings: `${source.settings}, decimal_check_overflow = 0`,
    reasonOf,
    fieldOf,
    repairsOf,
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
