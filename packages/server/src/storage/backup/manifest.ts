import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../domain/app-error.ts';

export type TableFacts = { readonly table: string; readonly rows: number; readonly checksum: string };

/** What a backup holds, so that a restore can tell whether it has everything. `manifest.json`, written last. */
export type BackupManifest = {
  readonly format: 1;
  readonly createdAt: string;
  readonly database: string;
  readonly schema: string;
  /** Newest migration of the control store in it: a restore goes to this version first. */
  readonly controlVersion: number;
  /** Rows and a sum of row hashes, in the order in which tables can be filled again. */
  readonly control: readonly TableFacts[];
  readonly events: readonly TableFacts[];
  /** SHA-256 of each file, by its path inside the backup. */
  readonly files: Readonly<Record<string, string>>;
};

export const manifestName = 'manifest.json';

export async function hashFiles(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .filter((file) => file !== manifestName)
    .sort();
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file] = await hashFile(path.join(dir, file));
  return hashes;
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** @throws AppError `input.invalid` when the directory is no backup, incomplete or changed. */
export async function readManifest(dir: string): Promise<BackupManifest> {
  const text = await readFile(path.join(dir, manifestName), 'utf8').catch(() => undefined);
  if (text === undefined) throw damaged(`${dir} holds no ${manifestName}: not a backup, or one that was not finished`);
  const manifest = JSON.parse(text) as BackupManifest;
  if (manifest.format !== 1) throw damaged(`${dir} is of format ${manifest.format}, which this version cannot read`);
  const found = await hashFiles(dir);
  for (const [file, hash] of Object.entries(manifest.files)) {
    if (found[file] === undefined) throw damaged(`${file} is missing from ${dir}`);
    if (found[file] !== hash) throw damaged(`${file} in ${dir} is not as it was written`);
  }
  return manifest;
}

const damaged = (message: string): AppError =>
  new AppError('input.invalid', `restore: ${message}`, { details: { field: 'from', fix: 'Use another backup.' } });
