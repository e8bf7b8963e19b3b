import type { JournalPosition, JournalReader, JournalRecord } from '../../collect/journal/journal.ts';
import { AppError } from '../../domain/app-error.ts';
import { dayOf } from '../../domain/calendar.ts';
import type { IdentityId, WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { noteChangedPeople } from '../../storage/control/note-changed-people.ts';
import type { Stores } from '../../storage/stores.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import type { CleanSettings } from '../clean-settings.ts';
import { pushLinks } from '../identity/push-links.ts';
import { lockIdentities } from '../identity/resolve-affected.ts';
import { loadSettings } from '../load-settings.ts';
import { appendChunk } from './append-chunk.ts';
import { type Checkpoint, claimChunk, loadCheckpoint, loadTakenKeys, passChunk } from './checkpoint.ts';
import type { Chunk, Claim, PreparedRecord, Vaults } from './chunk.ts';
import { judgeDuplicates, releasedKeys, wantedKeys } from './judge-duplicates.ts';
import { prepareChunk } from './prepare-chunk.ts';
import { closeReplayed, loadReasonsBefore, noteRefusedAgain } from './replays.ts';
import { collectPeople, type KnownPeople, savePeople } from './save-people.ts';
import { saveTally, tallyRecords } from './tally.ts';

export type ChunkContext = {
  readonly stores: Stores;
  readonly workspaceOf: (workspaceId: WorkspaceId) => Promise<Workspace>;
  readonly known: KnownPeople;
  readonly limits: { readonly bytesMax: number; readonly recordsMax: number };
  /** By journal: the chunk behind the one in hand, read and cleaned while the stores work on that one. */
  readonly ahead: Map<string, { readonly from: JournalPosition; readonly loading: Promise<LoadedChunk | undefined> }>;
};

type LoadedChunk = {
  readonly chunk: Chunk;
  readonly settings: Claim['settings'];
  readonly vaults: Vaults;
  readonly prepared: PreparedRecord[];
};

export type ChunkReport = {
  readonly records: number;
  readonly outcomes: readonly { readonly outcome: string; readonly reason: string; readonly records: number }[];
  /** There is probably more behind it. */
  readonly isFull: boolean;
  readonly oldestReceivedAt: Date;
  /** The checkpoint now. */
  readonly next: JournalPosition;
  readonly linksChanged: number;
};

/**
 * One chunk of one journal, from claim to checkpoint. Whatever it is interrupted by, the next call with the same journal goes
 * on where it was: before the claim nothing has happened, after it exactly the same chunk is processed again. Undefined when
 * nothing waits.
 */
export async function processChunk(context: ChunkContext, journal: JournalReader): Promise<ChunkReport | undefined> {
  const { stores } = context;
  const checkpoint = await loadCheckpoint(stores.control, journal);
  const loaded = await takeChunk(context, journal, checkpoint);
  if (loaded.chunk.records.length === 0 && !checkpoint.claim) return undefined;
  const { chunk, settings, vaults, prepared } = loaded;
  const keys = wantedKeys(prepared);
  const claim = checkpoint.claim ?? (await makeClaim(context, chunk, settings, keys));
  readAhead(context, journal, chunk);
  const openReplays = await forEachWorkspace(prepared, (workspaceId, records) =>
    loadReasonsBefore(stores.events, workspaceId, records),
  );
  const reasons = new Map(openReplays.flatMap((found) => [...found]));
  judgeDuplicates(prepared, claim.takenKeys ?? (await loadTakenKeys(stores.control, claim.id, keys)), reasons);
  await appendChunk(stores.events, chunk, prepared, vaults);
  const now = new Date();
  await forEachWorkspace(prepared, (workspaceId, records) => closeReplayed(stores.events, workspaceId, records, now));
  const linksChanged = await commitChunk(context, chunk, claim, prepared, vaults, reasons);
  await forEachWorkspace(prepared, async (workspaceId, records) => {
    if (linksChanged > 0) await pushLinks(stores, workspaceId);
    await noteRefusedAgain(stores.events, workspaceId, records, now);
  });
  const oldest = chunk.records[0]?.receivedAt ?? new Date();
  return {
    records: prepared.length,
    outcomes: countOutcomes(prepared),
    isFull: isFull(context, chunk),
    oldestReceivedAt: oldest,
    next: chunk.next,
    linksChanged,
  };
}

/** What was read ahead, when it is the chunk that is due; else it is read now. */
async function takeChunk(context: ChunkContext, journal: JournalReader, checkpoint: Checkpoint): Promise<LoadedChunk> {
  const ahead = context.ahead.get(journal.id);
  context.ahead.delete(journal.id);
  const { segment, offset } = checkpoint.position;
  if (!checkpoint.claim && ahead?.from.segment === segment && ahead.from.offset === offset) {
    const loaded = await ahead.loading;
    if (loaded && loaded.chunk.records.length > 0) return loaded;
  }
  return loadChunk(context, journal, checkpoint.position, checkpoint.claim);
}

async function loadChunk(
  context: ChunkContext,
  journal: JournalReader,
  from: JournalPosition,
  claim?: Claim,
): Promise<LoadedChunk> {
  const { crc, ...read } = await journal.read(from, { ...context.limits, ...(claim && { until: claim.until }) });
  const token = `${journal.id}:${from.segment}:${from.offset}:${crc}`;
  const chunk: Chunk = { journalId: journal.id, from, ...read, token };
  const settings = claim?.settings ?? (await snapshotSettings(context, chunk.records));
  const vaults = await openVaults(context.stores, settings);
  return { chunk, settings, vaults, prepared: await prepareChunk(chunk, settings, vaults, context.known) };
}

/** Only behind a full chunk: behind any other there is hardly more. A failure here shows when the chunk is due. */
function readAhead(context: ChunkContext, journal: JournalReader, chunk: Chunk): void {
  if (!isFull(context, chunk)) return;
  const loading = loadChunk(context, journal, chunk.next).catch(() => undefined);
  context.ahead.set(journal.id, { from: chunk.next, loading });
}

function isFull({ limits }: ChunkContext, chunk: Chunk): boolean {
  const events = chunk.records.reduce((sum, record) => sum + record.count, 0);
  const bytes = chunk.records.reduce((sum, record) => sum + record.body.length, 0);
  return events >= limits.recordsMax / 2 || bytes >= limits.bytesMax / 2;
}

function countOutcomes(prepared: readonly PreparedRecord[]): ChunkReport['outcomes'] {
  const counts = new Map<string, { outcome: string; reason: string; records: number }>();
  for (const { verdict } of prepared) {
    if (verdict.kind === 'ignored') continue;
    const reason = verdict.kind === 'quarantined' ? verdict.reason : '';
    const key = reason || verdict.kind;
    const known = counts.get(key);
    if (known) known.records += 1;
    else counts.set(key, { outcome: verdict.kind, reason, records: 1 });
  }
  return [...counts.values()];
}

async function snapshotSettings(
  context: ChunkContext,
  records: readonly JournalRecord[],
): Promise<Record<string, CleanSettings>> {
  const settings: Record<string, CleanSettings> = {};
  for (const workspaceId of new Set(records.map((record) => record.workspaceId))) {
    try {
      settings[workspaceId] = await loadSettings(context.stores.control, await context.workspaceOf(workspaceId));
    } catch (error) {
      // Deleted meanwhile: what it sent has no owner any more.
      if (!(error instanceof AppError && error.code === 'not_found')) throw error;
    }
  }
  return settings;
}

async function openVaults(stores: Stores, settings: Claim['settings']): Promise<Vaults> {
  const vaults = new Map<WorkspaceId, WorkspaceVault>();
  for (const workspaceId of Object.keys(settings).map((id) => Number(id) as WorkspaceId)) {
    vaults.set(workspaceId, await stores.vault.of(workspaceId));
  }
  return vaults;
}

function makeClaim(
  context: ChunkContext,
  chunk: Chunk,
  settings: Claim['settings'],
  keys: readonly string[],
): Promise<Claim> {
  const claimed = { from: chunk.from, until: chunk.next, settings };
  const today = dayOf(new Date(), 'UTC');
  return claimChunk(context.stores.control, chunk.journalId, claimed, keys, today);
}

/** Everything the chunk changes in the control store, and the checkpoint behind it, at once. */
async function commitChunk(
  context: ChunkContext,
  chunk: Chunk,
  claim: Claim,
  prepared: readonly PreparedRecord[],
  vaults: Vaults,
  reasons: ReadonlyMap<string, string>,
): Promise<number> {
  const groups = groupByWorkspace(prepared).map(([workspaceId, records]) => ({
    workspaceId,
    tally: tallyRecords(records, reasons),
    people: collectPeople(workspaceId, records, context.known),
    touched: touchedIdentities(records),
  }));
  const released = releasedKeys(prepared);
  const counted = chunk.records.reduce((sum, record) => sum + record.count, 0);
  const linksChanged = await context.stores.control.transaction(async (session) => {
    let links = 0;
    for (const { workspaceId, people } of groups) {
      if (people.identities.length + people.edges.length > 0) await lockIdentities(session, workspaceId);
    }
    for (const { workspaceId, tally, people, touched } of groups) {
      const own = claim.settings[workspaceId]!;
      links += await savePeople(session, workspaceId, people, own, vaults.get(workspaceId)!);
      await saveTally(session, workspaceId, tally);
      await noteChangedPeople(session, workspaceId, touched);
    }
    if (released.length > 0) {
      await session.query('delete from seen_messages where message_key = any($1::uuid[]) and claim = $2::bigint', [
        released,
        claim.id,
      ]);
    }
    await passChunk(session, chunk.journalId, claim, chunk.next, counted);
    return links;
  });
  for (const { workspaceId, people } of groups) context.known.note(workspaceId, people);
  return linksChanged;
}

/** Whose rows came: the identities that events name first. */
function touchedIdentities(records: readonly PreparedRecord[]): IdentityId[] {
  return records.flatMap(({ verdict, kept }) =>
    verdict.kind === 'valid' && kept?.identities[0] ? [kept.identities[0].identityId] : [],
  );
}

/** In ascending order, so that all workers take their locks in one order. */
function groupByWorkspace(prepared: readonly PreparedRecord[]): [WorkspaceId, PreparedRecord[]][] {
  const groups = new Map<WorkspaceId, PreparedRecord[]>();
  for (const record of prepared) {
    const { workspaceId } = record.arrival;
    const group = groups.get(workspaceId);
    if (group) group.push(record);
    else groups.set(workspaceId, [record]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

async function forEachWorkspace<T>(
  prepared: readonly PreparedRecord[],
  work: (workspaceId: WorkspaceId, records: PreparedRecord[]) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (const [workspaceId, records] of groupByWorkspace(prepared)) results.push(await work(workspaceId, records));
  return results;
}
