import { AppError } from '../../domain/app-error.ts';

/** Keyset cursors "after this score and person". Opaque to clients. */
export function formatCursor(score: number, profileId: string): string {
  return Buffer.from(JSON.stringify([score, profileId])).toString('base64url');
}

export function parseCursor(cursor: string): { score: number; profileId: string } {
  try {
    const [score, profileId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (typeof score !== 'number' || !/^\d{1,20}$/.test(String(profileId))) throw new Error('foreign cursor');
    return { score, profileId: String(profileId) };
  } catch (cause) {
    throw new AppError('input.invalid', 'cursor: not a cursor of this list', {
      cause,
      details: { field: 'cursor', fix: 'Use nextCursor of the page before, or start again without one.' },
    });
  }
}
