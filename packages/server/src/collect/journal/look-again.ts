import { AppError } from '../../domain/app-error.ts';

const looksMax = 5;

/**
 * For those who look at a journal beside its cleaner: between reading the checkpoint and reading the journal the cleaner may move on,
 * and what it has passed is deleted. `look` begins with the checkpoint, so that a second look is at where it is now.
 */
export async function lookAgain<T>(look: () => Promise<T>): Promise<T> {
  for (let looks = 1; ; looks += 1) {
    try {
      return await look();
    } catch (cause) {
      if (!(cause instanceof AppError && cause.code === 'storage.unavailable') || looks === looksMax) throw cause;
    }
  }
}
