import { rm } from 'node:fs/promises';
import type { Stores } from '../../storage/stores.ts';
import { type UploadDeps, uploadFile } from './receive-upload.ts';

const keptDays = 7;

/** Files of uploads that nobody went on with, and what failed ones left, of every workspace. */
export async function removeOldUploads(stores: Pick<Stores, 'control'>, deps: UploadDeps): Promise<void> {
  const rows = await stores.control.query<{ id: number }>(
    `update list_uploads set state = 'failed', error = coalesce(error, 'It was not started within ${keptDays} days.'), size_bytes = 0, ended_at = now()
     where state in ('uploading', 'ready', 'failed') and size_bytes > 0 and created_at < now() - interval '${keptDays} days' returning id`,
  );
  for (const { id } of rows) {
    await rm(uploadFile(deps, id), { force: true });
    await rm(`${uploadFile(deps, id)}.partial`, { force: true });
  }
}
