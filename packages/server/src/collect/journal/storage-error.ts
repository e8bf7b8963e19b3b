import { AppError } from '../../domain/app-error.ts';

const fullCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** What the system says about a failed write, in our words. */
export function toStorageError(cause: unknown, journal: string): AppError {
  if (cause instanceof AppError) return cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (fullCodes.includes(code)) {
    return new AppError('storage.full', `journal ${journal}: the disk is full (${code})`, {
      cause,
      details: { limit: 'disk', fix: 'Free space on the disk; the server goes on by itself.' },
    });
  }
  return new AppError(
    'storage.unavailable',
    `journal ${journal}: the disk refused a write (${code || String(cause)})`,
    {
      cause,
      details: { fix: 'Check the disk and its mount; the server goes on by itself when writes succeed again.' },
    },
  );
}
