import { AppError } from './app-error.ts';

/** Keyset cursors "everything before this instant and key". Opaque to clients. */
export function formatInstantCursor(at: string, key: string): string {
  return Buffer.from(`${at}|${key}`).toString('base64url');
}

export function parseInstantCursor(cursor: string): { at: Date; key: string } {
  const [at = '', key = ''] = Buffer.from(cursor, 'base64url').toString().split('|');
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime()) || !/^[0-9a-f-]{36}$/.test(key)) {
    throw new AppError('input.invalid', 'cursor: not a cursor of this list', {
      details: { field: 'cursor', fix: 'Use nextCursor of the page before, or start again without one.' },
    });
  }
  return { at: instant, key };
}
