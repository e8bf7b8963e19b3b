import type { Health } from '@zhiyin/contract';
import type { JournalReader } from '../collect/journal/journal.ts';
import { lookAgain } from '../collect/journal/look-again.ts';
import type { ControlStore } from '../storage/control/control-store.ts';

const looksMax = 3;

export type Balance = Health['balance'];

/**
 * received = valid + duplicate + quarantined + pending, over all time. `received` and `pending` come from the journals and the
 * imports, the other three from the counts that cleaning keeps: two books that must agree. Counts and checkpoints are read in
 * one statement, so nothing can move between them.
 */
export async function readBalance(control: ControlStore, journals: readonly JournalReader[]): Promise<Balance> {
  for (let looks = 1; ; looks += 1) {
    const balance = await lookAgain(() => readBalanceOnce(control, journals));
    // A segment that was passed and deleted between the two books reads as one that was passed before. It does not happen for ever.
    if (balance.difference === 0 || looks === looksMax) return balance;
  }
}

async function readBalanceOnce(control: ControlStore, journals: readonly JournalReader[]): Promise<Balance> {
  const [row] = await control.query<{
    valid: string;
    duplicate: string;
    quarantined: string;
    imported: string;
    positions: { id: string; segment: number; offset: number; records: number }[] | null;
  }>(
    `select
       coalesce(sum(records) filter (where outcome = 'valid'), 0) as valid,
       coalesce(sum(records) filter (where outcome = 'duplicate'), 0) as duplicate,
       coalesce(sum(records) filter (where outcome = 'quarantined'), 0) as quarantined,
       (select coalesce(sum(received_direct), 0) from imports) as imported,
       (select json_agg(json_build_object('id', journal_id, 'segment', segment, 'offset', byte_offset, 'records', records_total))
        from journal_checkpoints) as positions
     from ingest_counts`,
  );
  let cleaned = 0;
  let received = 0;
  for (const journal of journals) {
    const position = row!.positions?.find((one) => one.id === journal.id);
    const before = position ? await journal.countBefore(position) : 0;
    cleaned += before;
    // What arrived while this was read is pending, never a difference.
    received += Math.max(before, await journal.recordsTotal());
  }
  // Of other machines only what they have cleaned is known here; what waits there is theirs to tell.
  for (const { id, records } of row!.positions ?? []) {
    if (journals.some((journal) => journal.id === id)) continue;
    cleaned += Number(records);
    received += Number(records);
  }
  const [valid, duplicate, quarantined] = [Number(row!.valid), Number(row!.duplicate), Number(row!.quarantined)];
  const imported = Number(row!.imported);
  const pending = received - cleaned;
  received += imported;
  return {
    received,
    valid,
    duplicate,
    quarantined,
    pending,
    difference: received - valid - duplicate - quarantined - pending,
  };
}
