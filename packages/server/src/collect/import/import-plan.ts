import type { ImportKind, ImportMapping, ImportOptions } from '@zhiyin/contract';
import type { IdentityKind } from '../../domain/identity.ts';
import type { ImportId, SourceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Compression } from './open-text.ts';

/** A file as the engine will read it: UTF-8, its columns known by name. */
export type ImportFile = {
  readonly path: string;
  readonly format: 'csv' | 'tsv' | 'ndjson' | 'parquet';
  readonly compression: Compression;
  readonly delimiter: string;
  readonly hasHeader: boolean;
  readonly columns: readonly string[];
  /** The first column holds row numbers: the file was rewritten without its unreadable rows. */
  readonly isNumbered: boolean;
  /**
   * For an engine that cannot open the file: its bytes go there with the statements that read them. The database in which rows stand
   * while a question is asked about them. Null: the engine opens the file itself.
   */
  readonly sentTo: string | null;
};

/** What cleaning knows and imports need. Handed in, because `clean` comes after `collect`. */
export type CleaningRules = {
  /** Lower-case values that name nobody: `guest`, `null`, … */
  blockedIdentifiers(workspace: Workspace): readonly string[];
  /** ISO 4217 code → digits of the minor unit. */
  readonly currencyExponents: ReadonlyMap<string, number>;
  /** Other spellings of currencies: `RMB`, `￥`, `元`. Undefined: none. */
  findCurrency(text: string, ownCurrency: string): string | undefined;
};

/** Everything a run depends on besides the stores; the same plan on the same file gives the same result. */
export type ImportPlan = {
  readonly importId: ImportId;
  readonly sourceId: SourceId;
  readonly workspace: Workspace;
  readonly kind: ImportKind;
  readonly file: ImportFile;
  readonly mapping: ImportMapping;
  readonly options: ImportOptions & {
    readonly timeZone: string;
    readonly currency: string;
    readonly dayFirst: boolean;
    readonly repeatedRows: 'keep' | 'one';
  };
  readonly rules: CleaningRules;
  /** The same for every row of the run: rows of one import stay in one partition. */
  readonly receivedAt: Date;
};

/** Number of the column (from 1) that fills a field. */
export function columnOf(plan: Pick<ImportPlan, 'file' | 'mapping'>, field: string): number | undefined {
  const index = plan.file.columns.findIndex(
    (column) => Object.hasOwn(plan.mapping, column) && plan.mapping[column] === field,
  );
  return index < 0 ? undefined : index + 1;
}

/** Columns kept under their own name. */
export function keptColumns(
  plan: Pick<ImportPlan, 'file' | 'mapping'>,
): { readonly name: string; readonly number: number }[] {
  return plan.file.columns.flatMap((name, index) =>
    Object.hasOwn(plan.mapping, name) && plan.mapping[name] === '*' ? [{ name, number: index + 1 }] : [],
  );
}

export type MappedIdentity = { readonly kind: IdentityKind; readonly number: number };
