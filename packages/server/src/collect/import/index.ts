export { type Detected, detectFile } from './detect-file.ts';
export type {
  ImportAct,
  ImportDeps,
  ImportLog,
  ImportPorts,
  ImportProgress,
  RunOptions,
  SeenPair,
  SeenPerson,
} from './import-deps.ts';
export type { CleaningRules } from './import-plan.ts';
export { cancelImport, getImport, listImports, startImport, updateImport } from './manage-imports.ts';
export { openImportStage } from './open-import-stage.ts';
export { previewImport } from './preview-import.ts';
export { createImport, receiveImportFile } from './receive-import.ts';
export { judgeImportRows, type RowJudgement } from './replay/judge-import-rows.ts';
export { type MendedRow, replayImportRows } from './replay/replay-import-rows.ts';
export { runImport } from './run-import.ts';
export { deleteMapping, listSavedMappings as listMappings, saveMapping } from './saved-mappings.ts';
export { sendQueuedImports } from './send-queued-imports.ts';
export { tidyImports } from './tidy-imports.ts';
