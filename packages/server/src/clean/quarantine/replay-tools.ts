import type { MendedRow, RowJudgement } from '../../collect/import/index.ts';
import type { JournalWriter } from '../../collect/journal/journal.ts';
import type { JsonObject } from '../../domain/events.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';

/** Provided by imports: only they know how a row of a file becomes a record. */
export type ImportReplay = {
  judgeImportRows(
    stores: Stores,
    workspace: Workspace,
    importId: number,
    rows: readonly JsonObject[],
  ): Promise<RowJudgement[]>;
  /** Moves the rows out of quarantine into imports of their own, once, and sees to it that these run. */
  replayImportRows(stores: Stores, workspace: Workspace, rows: readonly MendedRow[]): Promise<{ rows: number }>;
};

export type ReplayTools = {
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly imports: ImportReplay;
  readonly signal?: AbortSignal;
  /** Records handed on so far, of those the filter found at the start. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly now?: () => Date;
};
