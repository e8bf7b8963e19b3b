import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../domain/app-error.ts';

/**
 * The key above all keys: from ZHIYIN_MASTER_KEY, else from `keys/master.key` in the data directory, made there once.
 * The file appears whole or not at all (written aside, synced, then linked), also when two processes start together.
 */
export async function loadMasterKey(config: { dataDir: string; masterKeyHex?: string | undefined }): Promise<Buffer> {
  if (config.masterKeyHex !== undefined) return parseMasterKey(config.masterKeyHex, 'ZHIYIN_MASTER_KEY');
  const file = path.join(config.dataDir, 'keys', 'master.key');
  const existing = await readKeyFile(file);
  if (existing) return existing;
  await createKeyFile(file);
  const created = await readKeyFile(file);
  if (!created) throw new AppError('internal', `loadMasterKey: ${file} disappeared while it was being made`);
  return created;
}

async function readKeyFile(file: string): Promise<Buffer | undefined> {
  try {
    return parseMasterKey((await readFile(file, 'utf8')).trim(), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function createKeyFile(file: string): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(aside, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(aside, file);
  } catch (error) {
    // Another process was first: its key counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(aside);
  }
  await syncFolder(folder);
  await syncFolder(path.dirname(folder));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseMasterKey(text: string, where: string): Buffer {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new AppError('config.invalid', `${where}: the master key must be 64 hexadecimal digits`, {
      details: {
        field: where,
        fix: 'Restore the key from your backup. A new key cannot read what an old one sealed.',
      },
    });
  }
  return Buffer.from(text, 'hex');
}
