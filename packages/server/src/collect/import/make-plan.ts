import { AppError } from '../../domain/app-error.ts';
import { asImportId, asSourceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { guessDayFirst } from './guess-day-first.ts';
import type { ImportDeps } from './import-deps.ts';
import { importFile } from './import-files.ts';
import type { ImportPlan } from './import-plan.ts';
import type { ImportRow } from './import-rows.ts';
import { transcodeFile } from './transcode-file.ts';

/** An import and its workspace → everything the run needs. Text that is not UTF-8 is rewritten beside the file first. */
export async function makePlan(
  deps: ImportDeps,
  workspace: Workspace,
  row: ImportRow,
  receivedAt: Date,
  signal?: AbortSignal,
): Promise<ImportPlan> {
  const { detected, kind } = row;
  if (!detected || !kind)
    throw new AppError('input.invalid', `Import ${row.id} has no file or no kind yet.`, { details: { field: 'kind' } });
  const original = importFile(deps.importDir, row.id);
  const isText = detected.format !== 'parquet';
  const encoding = (row.options.encoding ?? detected.encoding) as 'utf-8' | 'gb18030' | 'utf-16le';
  const mustRewrite = isText && encoding !== 'utf-8';
  const path = mustRewrite ? `${original}.utf-8` : original;
  if (mustRewrite)
    await transcodeFile({ path: original, compression: detected.compression, encoding }, path, {
      diskReserveBytes: deps.diskReserveBytes,
      signal,
    });
  const columns = detected.columns.map((column) => column.name);
  return {
    importId: asImportId(row.id),
    sourceId: asSourceId(row.sourceId),
    workspace,
    kind,
    file: {
      path,
      format: detected.format,
      compression: mustRewrite ? 'none' : detected.compression,
      delimiter: detected.delimiter ?? ',',
      hasHeader: detected.hasHeader,
      columns,
      isNumbered: false,
      sentTo: deps.engineReadsFiles ? null : deps.database,
    },
    mapping: row.mapping,
    options: {
      ...row.options,
      timeZone: row.options.timeZone ?? (detected.format === 'parquet' ? 'UTC' : workspace.timeZone),
      currency: row.options.currency ?? workspace.currency,
      dayFirst: row.options.dayFirst ?? guessDayFirst(detected.columns.flatMap((column) => column.samples)),
      repeatedRows: row.options.repeatedRows ?? 'keep',
    },
    rules: deps.ports.rules,
    receivedAt,
  };
}
