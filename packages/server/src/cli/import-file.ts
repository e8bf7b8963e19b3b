import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Import, ImportKind, ImportMapping, ImportOptions, ImportPreview } from '@zhiyin/contract';
import { openImportStage } from '../collect/import/index.ts';
import type { StageParts } from '../compose-stages.ts';
import { importDeps } from '../compose-stages.ts';
import type { Config } from '../config.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Jobs } from '../jobs/index.ts';
import type { ControlSession } from '../storage/control/control-store.ts';
import type { OpenStores } from '../storage/open-stores.ts';
import { appendAudit, systemActor } from '../trust/index.ts';

export type ImportingPlatform = {
  readonly config: Config;
  readonly stores: OpenStores;
  readonly jobs: Jobs;
  readonly logger: StageParts['logger'];
};

export type FileToImport = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly bytes: Readable;
  readonly kind?: ImportKind | undefined;
  readonly options?: ImportOptions | undefined;
  /** Columns that are to be mapped otherwise than guessed. */
  readonly mapping?: ImportMapping | undefined;
};

export type PreparedImport = { readonly state: Import; readonly preview: ImportPreview };

/** Hands a file to the platform, as the console does: received, looked at, mapped; nothing is imported yet. */
export async function prepareImport(
  platform: ImportingPlatform,
  workspace: Workspace,
  file: FileToImport,
): Promise<PreparedImport> {
  const { stores } = platform;
  const stage = openImportStage(importDeps(platform));
  const act = actOn(workspace);
  const { name: fileName, sizeBytes, kind } = file;
  const created = await stage.createImport(stores, workspace, { fileName, sizeBytes, ...(kind ? { kind } : {}) }, act);
  let state = await stage.receiveImportFile(stores, workspace, created.id, file.bytes, act);
  const hasOptions = file.options !== undefined && Object.keys(file.options).length > 0;
  if (hasOptions || file.mapping) {
    const mapping = file.mapping ? { mapping: { ...state.mapping, ...file.mapping } } : {};
    state = await stage.updateImport(stores, workspace, created.id, { options: file.options ?? {}, ...mapping }, act);
  }
  return { state, preview: await stage.previewImport(stores, workspace, created.id) };
}

/** Starts what was prepared and waits until it has ended, one way or the other. The platform's worker does the work. */
export async function finishImport(
  platform: ImportingPlatform,
  workspace: Workspace,
  prepared: PreparedImport,
  onProgress: (progress: NonNullable<Import['progress']>) => void = () => undefined,
): Promise<Import> {
  const { stores, jobs } = platform;
  const stage = openImportStage(importDeps(platform));
  const { id } = prepared.state;
  await stage.startImport(stores, workspace, id, actOn(workspace));
  const subject = `import ${id}`;
  await jobs.send('import', { importId: id }, { subject, singletonKey: subject, workspaceId: workspace.id });
  for (;;) {
    const now = await stage.getImport(stores, workspace, id);
    if (['done', 'failed', 'cancelled'].includes(now.state)) return now;
    if (now.progress) onProgress(now.progress);
    await sleep(250);
  }
}

function actOn(workspace: Workspace) {
  return {
    actor: systemActor,
    audit: (session: ControlSession, details: Readonly<Record<string, string | number | boolean | null>> = {}) =>
      appendAudit(session, {
        workspaceId: workspace.id,
        actor: systemActor,
        action: 'import.command',
        target: { kind: 'import', id: String(details.importId ?? '') },
        details,
      }),
  };
}
