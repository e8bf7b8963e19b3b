import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../domain/app-error.ts';

/** The built browser SDK, read again when the file changed. */
export function openTrackerFile(filePath: string): { read(): Promise<Buffer> } {
  let kept: { bytes: Buffer; changedAtMs: number } | undefined;
  return {
    async read() {
      const found = await stat(filePath).catch(() => undefined);
      if (!found) {
        throw new AppError('not_found', 'the browser SDK is not built', {
          details: { status: 503, fix: 'Run `npm run build` on the server.' },
        });
      }
      if (kept?.changedAtMs !== found.mtimeMs) {
        kept = { bytes: await readFile(filePath), changedAtMs: found.mtimeMs };
      }
      return kept.bytes;
    },
  };
}
