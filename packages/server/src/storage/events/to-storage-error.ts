import { AppError } from '../../domain/app-error.ts';

/** Codes by which ClickHouse says that the rows themselves are wrong. Another try would end the same way. */
const rowErrors = new Set([
  6, 8, 16, 20, 25, 26, 27, 32, 33, 38, 41, 43, 53, 69, 70, 72, 117, 130, 131, 190, 306, 321, 349, 376, 407, 436, 441,
  457, 467, 470, 489, 491, 504, 507, 544, 561, 568, 613, 632, 634, 691,
]);
const fullDisk = new Set([243, 459]);
/** Too busy, out of memory, timed out, killed, a node away: may pass. */
const passing = new Set([
  3, 159, 160, 164, 173, 198, 202, 203, 209, 210, 236, 241, 242, 252, 279, 285, 286, 319, 394, 396, 439, 473, 516, 519,
  574, 697, 712, 999,
]);

/** Whatever went wrong with ClickHouse, as one of three outcomes a caller can act on, or `internal` for our own wrong SQL. */
export function toStorageError(where: string, cause: unknown, kind: 'read' | 'write'): AppError {
  if (cause instanceof AppError) return cause;
  const code = Number((cause as { code?: unknown }).code);
  const text = cause instanceof Error ? cause.message : String(cause);
  const brief = `${where}: ${text.slice(0, 400)}`;
  if (fullDisk.has(code) || /No space left on device|ENOSPC|Cannot reserve/.test(text)) {
    return new AppError('storage.full', brief, {
      cause,
      details: { engineCode: code || undefined, fix: 'Free disk space; writing goes on by itself.' },
    });
  }
  if (Number.isInteger(code) && code > 0) {
    if (kind === 'write' && rowErrors.has(code) && !passing.has(code)) {
      const row = /\(at row (\d+)\)/.exec(text)?.[1];
      return new AppError('storage.refused', brief, {
        cause,
        details: { engineCode: code, ...(row ? { row: Number(row) - 1 } : {}) },
      });
    }
    if (!passing.has(code)) return new AppError('internal', brief, { cause, details: { engineCode: code } });
  }
  return new AppError('storage.unavailable', brief, { cause, details: code ? { engineCode: code } : {} });
}
