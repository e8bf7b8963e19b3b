import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ControlSession, ControlStore } from '../storage/control/control-store.ts';
import { hashToken, newToken, sameSecret } from './token.ts';

const factName = 'setup_token';
export const setupTokenFile = (dataDir: string) => path.join(dataDir, 'setup-token');

/**
 * Until the installation has an owner, there is one token that makes one: printed at start and kept in a file only its
 * reader may read. Returns it, or null when nobody needs it any more. The store keeps its hash.
 */
export async function ensureSetupToken(control: ControlStore, dataDir: string): Promise<string | null> {
  const file = setupTokenFile(dataDir);
  if (!(await isSetupNeeded(control))) {
    await rm(file, { force: true });
    return null;
  }
  const kept = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  if (kept && (await isSetupToken(control, kept))) return kept;
  const token = newToken();
  await mkdir(dataDir, { recursive: true });
  // Written beside and renamed: a start that is killed here leaves the old file or the new one, never half of one.
  await rm(`${file}.new`, { force: true });
  await writeFile(`${file}.new`, `${token}\n`, { mode: 0o600, flag: 'wx' });
  await rename(`${file}.new`, file);
  await control.query(
    `insert into platform_facts (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value, updated_at = now()`,
    [factName, JSON.stringify({ hash: hashToken(token).toString('hex') })],
  );
  return token;
}

export async function isSetupNeeded(control: ControlSession): Promise<boolean> {
  const [row] = await control.query<{ needed: boolean }>('select not exists (select from operators) as needed');
  return row?.needed ?? true;
}

export async function isSetupToken(control: ControlSession, token: string): Promise<boolean> {
  const [row] = await control.query<{ value: { hash: string } }>('select value from platform_facts where name = $1', [
    factName,
  ]);
  return row !== undefined && sameSecret(hashToken(token).toString('hex'), row.value.hash);
}

export async function forgetSetupToken(session: ControlSession): Promise<void> {
  await session.query('delete from platform_facts where name = $1', [factName]);
}
