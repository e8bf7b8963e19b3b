import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import {
  type CompactTextModel,
  compactTextModel,
  expandTextModel,
  type Language,
  loadModel,
  saveModel,
  type TextModel,
  type TextTask,
} from '@zhiyin/learn';
import { AppError } from '../domain/app-error.ts';

const shippedDir = path.join(import.meta.dirname, 'models');

/** A model of text as a compressed, checksummed file. @returns its size in bytes. */
export async function writeTextModel(file: string, model: TextModel): Promise<number> {
  const bytes = brotliCompressSync(saveModel({ items: 0, ...compactTextModel(model) }));
  await writeFile(file, bytes);
  return bytes.length;
}

/** @throws AppError when the file is not there or is not a model of text. */
export async function readTextModel(file: string): Promise<TextModel> {
  try {
    const saved = loadModel(brotliDecompressSync(await readFile(file)));
    if (saved.kind === 'text-linear-compact') return expandTextModel(saved as unknown as CompactTextModel);
    throw new Error(`it is a ${saved.kind}`);
  } catch (cause) {
    throw new AppError('input.invalid', `${file}: is not a model of text (${(cause as Error).message})`, {
      cause,
      details: { field: file, fix: 'Give a file that zhiyin train wrote.' },
    });
  }
}

/** The model that comes with the product; undefined where none does. See models/README.md for what each learned from. */
export async function findShippedModel(task: TextTask, language: Language): Promise<TextModel | undefined> {
  const file = path.join(shippedDir, `${task}-${language}.model`);
  return existsSync(file) ? readTextModel(file) : undefined;
}
