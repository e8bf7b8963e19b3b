import type { JournalReader } from '../collect/journal/journal.ts';
import { lookAgain } from '../collect/journal/look-again.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { type AskedQuery, ask } from '../storage/control/ask.ts';
import type { ControlStore } from '../storage/control/control-store.ts';
import { type Balance, readBalance } from './balance.ts';

const pageBytes = 4 * 1_048_576;
const pageRecords = 20_000;

/**
 * The balance as one workspace may see it: its own counts, and what waits of it in the journals. Journals are shared by all
 * workspaces, so whether the books agree (`difference`) can only be said of all together; it tells nothing about any one of them.
 */
export const readWorkspaceBalance = (...given: Parameters<typeof readOnce>) => lookAgain(() => readOnce(...given));

async function readOnce(
  control: ControlStore,
  workspaceId: WorkspaceId,
  journals: readonly JournalReader[],
): Promise<{ balance: Balance; query: AskedQuery }> {
  const { difference } = await readBalance(control, journals);
  const [{ rows: counts, query }, checkpoints] = await Promise.all([
    ask<{ outcome: 'valid' | 'duplicate' | 'quarantined'; records: string }>(
      control,
      workspaceId,
      'select outcome, sum(records)::text as records from ingest_counts where workspace_id = $1 group by outcome',
    ),
    control.query<{ journal_id: string; segment: string; byte_offset: string }>(
      'select journal_id, segment, byte_offset from journal_checkpoints',
    ),
  ]);
  const countOf = (outcome: string) => Number(counts.find((row) => row.outcome === outcome)?.records ?? 0);
  let pending = 0;
  for (const journal of journals) {
    const checkpoint = checkpoints.find((row) => row.journal_id === journal.id);
    let from = checkpoint
      ? { segment: Number(checkpoint.segment), offset: Number(checkpoint.byte_offset) }
      : await journal.start();
    for (;;) {
      const { records, next } = await journal.read(from, { bytesMax: pageBytes, recordsMax: pageRecords });
      if (records.length === 0) break;
      for (const record of records) if (record.workspaceId === workspaceId) pending += record.count;
      from = next;
    }
  }
  const [valid, duplicate, quarantined] = [countOf('valid'), countOf('duplicate'), countOf('quarantined')];
  const received = valid + duplicate + quarantined + pending;
  return { balance: { received, valid, duplicate, quarantined, pending, difference }, query };
}
