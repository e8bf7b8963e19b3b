import type { Readable } from 'node:stream';
import type { ImportKind, ImportMapping, ImportOptions } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type ExportRequest, exportRows } from '../export/index.ts';
import type { ImportAct, ImportDeps } from './import-deps.ts';
import { cancelImport, getImport, listImports, startImport, updateImport } from './manage-imports.ts';
import { previewImport } from './preview-import.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { deleteMapping, listSavedMappings, saveMapping } from './saved-mappings.ts';

/** Imports and exports as HTTP calls them: `(stores, workspace, …)`. */
export function openImportStage(deps: ImportDeps) {
  return {
    createImport,
    receiveImportFile: (stores: Stores, workspace: Workspace, importId: number, bytes: Readable, act: ImportAct) =>
      receiveImportFile(stores, deps, workspace, importId, bytes, act),
    getImport,
    listImports,
    updateImport: (
      stores: Stores,
      workspace: Workspace,
      importId: number,
      update: { kind?: ImportKind; mapping?: ImportMapping; options?: ImportOptions },
      act: ImportAct,
    ) => updateImport(stores, deps, workspace, importId, update, act),
    previewImport: (stores: Stores, workspace: Workspace, importId: number) =>
      previewImport(stores, deps, workspace, importId),
    startImport,
    cancelImport: (stores: Stores, workspace: Workspace, importId: number, act: ImportAct) =>
      cancelImport(stores, deps, workspace, importId, act),
    listMappings: listSavedMappings,
    saveMapping,
    deleteMapping,
    exportRows: (stores: Stores, workspace: Workspace, request: ExportRequest, options: { signal: AbortSignal }) =>
      exportRows(deps, stores, workspace, request, options),
  };
}
