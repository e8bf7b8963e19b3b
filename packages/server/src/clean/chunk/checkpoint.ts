import type { JournalPosition, JournalReader } from '../../collect/journal/journal.ts';
import { AppError } from '../../domain/app-error.ts';
import type { ControlSession, ControlStore } from '../../storage/control/control-store.ts';
import type { CleanSettings } from '../clean-settings.ts';
import type { Claim } from './chunk.ts';

export type Checkpoint = { readonly position: JournalPosition; readonly claim: Claim | undefined };

type Row = {
  segment: string;
  byte_offset: string;
  claimed_segment: string | null;
  claimed_offset: string | null;
  claimed_id: string | null;
  claimed_settings: Record<string, CleanSettings> | null;
};

/** How far a journal has been processed; a journal never seen before begins at its first position. */
export async function loadCheckpoint(control: ControlStore, journal: JournalReader): Promise<Checkpoint> {
  const select = `select segment, byte_offset, claimed_segment, claimed_offset, claimed_id, claimed_settings
     from journal_checkpoints where journal_id = $1`;
  let [row] = await control.query<Row>(select, [journal.id]);
  if (!row) {
    const start = await journal.start();
    await control.query(
      `insert into journal_checkpoints (journal_id, segment, byte_offset, records_total) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [journal.id, start.segment, start.offset, await journal.countBefore(start)],
    );
    [row] = await control.query<Row>(select, [journal.id]);
  }
  const position = { segment: Number(row!.segment), offset: Number(row!.byte_offset) };
  const claim =
    row!.claimed_id === null
      ? undefined
      : {
          id: row!.claimed_id,
          from: position,
          until: { segment: Number(row!.claimed_segment), offset: Number(row!.claimed_offset) },
          settings: row!.claimed_settings ?? {},
        };
  return { position, claim };
}

/**
 * Fixes a chunk and reserves the keys of its messages, before any of its rows go anywhere. A key that another chunk holds makes a
 * duplicate; one that this chunk reserved before a crash is found again as its own.
 */
export async function claimChunk(
  control: ControlStore,
  journalId: string,
  chunk: { from: JournalPosition; until: JournalPosition; settings: Claim['settings'] },
  keys: readonly string[],
  seenOn: string,
): Promise<Claim> {
  return control.transaction(async (session) => {
    const [row] = await session.query<{ claimed_id: string }>(
      `update journal_checkpoints set claimed_segment = $4, claimed_offset = $5, claimed_settings = $6,
         claimed_id = nextval('journal_claim_id'), updated_at = now()
       where journal_id = $1 and segment = $2 and byte_offset = $3 and claimed_id is null returning claimed_id`,
      [journalId, chunk.from.segment, chunk.from.offset, chunk.until.segment, chunk.until.offset, chunk.settings],
    );
    if (!row) throw new AppError('conflict', `journal ${journalId}: another worker moved the checkpoint`);
    const takenKeys = await reserveKeys(session, row.claimed_id, keys, seenOn);
    return { id: row.claimed_id, ...chunk, takenKeys };
  });
}

/** Gives those that another claim holds: usually none, so that no key comes back over the wire. */
async function reserveKeys(
  session: ControlSession,
  claimId: string,
  keys: readonly string[],
  seenOn: string,
): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  // In one order, so that two workers that reserve the same keys wait for each other instead of locking each other out.
  const rows = await session.query<{ message_key: string }>(
    `with reserved as (
       insert into seen_messages (message_key, seen_on, claim)
       select message_key, $2::date, $3::bigint from unnest($1::uuid[]) as wanted (message_key) order by message_key
       on conflict do nothing returning message_key
     )
     select message_key from unnest($1::uuid[]) as wanted (message_key) except select message_key from reserved`,
    [uuidArray(keys), seenOn, claimId],
  );
  return new Set(rows.map((row) => row.message_key));
}

/** Of some keys those that a claim does not hold. */
export async function loadTakenKeys(
  control: ControlStore,
  claimId: string,
  keys: readonly string[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await control.query<{ message_key: string }>(
    `select message_key from unnest($1::uuid[]) as wanted (message_key)
     except select message_key from seen_messages where message_key = any($1::uuid[]) and claim = $2::bigint`,
    [uuidArray(keys), claimId],
  );
  return new Set(rows.map((row) => row.message_key));
}

/** As the database reads it: thousands of keys need no quoting one by one. */
const uuidArray = (keys: readonly string[]): string => `{${keys.join(',')}}`;

/** Moves the checkpoint behind the chunk, in the transaction that holds everything else the chunk changed. */
export async function passChunk(
  session: ControlSession,
  journalId: string,
  claim: Claim,
  next: JournalPosition,
  records: number,
): Promise<void> {
  const moved = await session.query(
    `update journal_checkpoints set segment = $3, byte_offset = $4, records_total = records_total + $5,
       claimed_segment = null, claimed_offset = null, claimed_id = null, claimed_settings = null, updated_at = now()
     where journal_id = $1 and claimed_id = $2::bigint returning journal_id`,
    [journalId, claim.id, next.segment, next.offset, records],
  );
  if (moved.length === 0) throw new AppError('conflict', `journal ${journalId}: another worker passed this chunk`);
}
