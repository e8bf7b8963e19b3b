import { AppError } from '../../../domain/app-error.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { RunOptions } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { HandedOn } from '../save-progress.ts';
import { readJournalCounts } from './journal-counts.ts';

const pollMs = 100;
const stillMs = 60_000;

/**
 * How many rows a broken-off run of this import had put into the journal. The place kept in `imports` may be a page behind, so
 * what stands in the journal is waited for until it is cleaned: then its counts are exact. Rows go in by their number, so these
 * are the first ones.
 *
 * @throws AppError `overload` when cleaning stands still: tried again by the queue, because guessing would count rows twice.
 */
export async function countHandedOn(
  stores: Stores,
  plan: ImportPlan,
  options: RunOptions,
  kept: HandedOn | null,
): Promise<number> {
  const { journal } = options;
  const until = journal.status().recordsTotal;
  let last = -1;
  let movedAt = Date.now();
  for (;;) {
    options.signal.throwIfAborted();
    const [checkpoint] = await stores.control.query<{ records: string }>(
      'select records_total as records from journal_checkpoints where journal_id = $1',
      [journal.id],
    );
    const cleaned = Number(checkpoint?.records ?? 0);
    if (cleaned >= until) break;
    if (cleaned !== last) movedAt = Date.now();
    last = cleaned;
    if (Date.now() - movedAt > stillMs)
      throw new AppError(
        'overload',
        `import ${plan.importId}: ${until - cleaned} records wait to be cleaned before it can go on where it was`,
      );
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const { total } = await readJournalCounts(stores, plan);
  // Another worker's journal may hold rows that nobody here can see: then the kept place knows better.
  return kept && kept.journal !== journal.id ? Math.max(total, kept.rows) : total;
}
