export { type ExportFile, type ExportRequest, exportRows } from './export-rows.ts';
