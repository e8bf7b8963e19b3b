import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** Where the file of an import lies. Its own name is kept in the control store only: names from outside are no paths. */
export function importFolder(importDir: string, importId: number): string {
  return path.join(importDir, String(importId));
}

export function importFile(importDir: string, importId: number): string {
  return path.join(importFolder(importDir, importId), 'data');
}

export async function makeImportFolder(importDir: string, importId: number): Promise<string> {
  const folder = importFolder(importDir, importId);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  return folder;
}

export async function removeImportFolder(importDir: string, importId: number): Promise<void> {
  await rm(importFolder(importDir, importId), { recursive: true, force: true });
}
