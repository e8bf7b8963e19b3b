import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { stopIfCancelled } from './bulk/bulk-engine.ts';
import type { ImportProgress, RunOptions } from './import-deps.ts';
import type { ImportRow } from './import-rows.ts';

/** Rows of one import that the journal has, or the catalogue: what a restarted run need not hand on again. */
export type HandedOn = { readonly journal: string; readonly rows: number };

export type ProgressKeeper = {
  readonly say: NonNullable<RunOptions['onProgress']>;
  /** Durable with what is said next. */
  readonly handOn: (handedOn: HandedOn) => void;
  readonly handedOn: () => HandedOn | null;
};

/** Where an import is, for those who watch it and for the run after a crash. Says it to nobody once the import was cancelled. */
export function keepProgress(
  stores: Stores,
  workspace: Workspace,
  row: ImportRow,
  options: RunOptions,
): ProgressKeeper {
  const rowsEstimate = row.detected?.rowsEstimate ?? null;
  const secondsLeft = secondsLeftTeller();
  let handedOn = row.handedOn;
  return {
    async say(progress) {
      const known = { ...progress, rowsTotal: progress.rowsTotal ?? rowsEstimate };
      const shown = { ...known, secondsLeft: progress.secondsLeft ?? secondsLeft(known, performance.now()) };
      const told = await stores.control
        .of(workspace.id)
        .query<{ id: number }>(
          `update imports set progress = $3 where workspace_id = $1 and id = $2 and state = 'running' returning id`,
          [row.id, JSON.stringify({ ...shown, ...(handedOn && { handedOn }) })],
        );
      if (told.length === 0) stopIfCancelled(AbortSignal.abort(new Error(`import ${row.id} is not running any more`)));
      await options.onProgress?.(shown);
    },
    handOn(now) {
      handedOn = now;
    },
    handedOn: () => handedOn,
  };
}

/** At the pace of the stage so far; unknown as long as it has none, and where a stage does not count. */
export function secondsLeftTeller(): (progress: Omit<ImportProgress, 'secondsLeft'>, nowMs: number) => number | null {
  let begun: { stage: string; rowsDone: number; atMs: number } | undefined;
  return ({ stage, rowsDone, rowsTotal }, nowMs) => {
    if (begun?.stage !== stage) begun = { stage, rowsDone, atMs: nowMs };
    const rows = rowsDone - begun.rowsDone;
    const seconds = (nowMs - begun.atMs) / 1_000;
    if (rowsTotal === null || rowsDone >= rowsTotal || rows <= 0 || seconds <= 0) return null;
    return Math.ceil(((rowsTotal - rowsDone) / rows) * seconds);
  };
}
