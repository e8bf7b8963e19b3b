import { AppError } from '../../domain/app-error.ts';

/** The place in a list as opaque text for an address. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** No cursor gives no parts. @throws AppError `input.invalid` for one that this server did not make. */
export function decodeCursor(cursor: string | undefined, parts: number): (string | undefined)[] {
  if (!cursor) return [];
  try {
    const decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(decoded) && decoded.length === parts && decoded.every((part) => typeof part === 'string')) {
      return decoded;
    }
  } catch {}
  throw new AppError('input.invalid', 'cursor: is not one that a page before gave', {
    details: { field: 'cursor', fix: 'Take nextCursor of the page before, or leave it out for the first page.' },
  });
}
