import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { loadModel, type RecommendModel, saveModel } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';

export type SavedModel = { readonly fileName: string; readonly sizeBytes: number; readonly checksum: string };

/**
 * Model files lie in one directory that every server of the installation sees (`ZHIYIN_MODEL_DIR`): `<workspace>/<version>-<random>.model`.
 * The control store says which of them is served and what its bytes hash to.
 */
export async function saveModelFile(
  dir: string,
  workspaceId: WorkspaceId,
  name: string,
  model: RecommendModel,
): Promise<SavedModel> {
  const bytes = saveModel(model);
  const fileName = path.join(String(workspaceId), `${name}.model`);
  const file = path.join(dir, fileName);
  await mkdir(path.dirname(file), { recursive: true });
  // Whole or not at all: a server may look while it is written.
  const partial = `${file}.part`;
  const handle = await open(partial, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
  return { fileName, sizeBytes: bytes.length, checksum: createHash('sha256').update(bytes).digest('hex') };
}

/** @throws AppError `storage.refused` when the file is not there, not what was saved, or holds something else than `isWanted`. */
export async function readModelFile<Model extends RecommendModel>(
  dir: string,
  saved: Pick<SavedModel, 'fileName' | 'checksum'>,
  isWanted: (model: RecommendModel) => model is Model,
): Promise<Model> {
  const refuse = (what: string, cause?: unknown) =>
    new AppError('storage.refused', `model file ${saved.fileName} ${what}`, {
      cause,
      details: {
        fix: 'Serve another version, or train again. Several servers need one model directory (ZHIYIN_MODEL_DIR).',
      },
    });
  const bytes = await readFile(path.join(dir, saved.fileName)).catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== saved.checksum)
    throw refuse('is damaged: its checksum differs');
  const model = loadModel(bytes);
  if (!isWanted(model)) throw refuse(`holds a ${model.kind}, not what was asked for`);
  return model;
}

export async function removeModelFile(dir: string, fileName: string): Promise<void> {
  await rm(path.join(dir, fileName), { force: true });
}
