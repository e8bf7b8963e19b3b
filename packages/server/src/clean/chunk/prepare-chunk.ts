import { said } from '@zhiyin/contract';
import { dayOf } from '../../domain/calendar.ts';
import type { Json } from '../../domain/events.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import { type CleanOutcome, cleanRecord } from '../clean-record.ts';
import { type CompiledSettings, compileSettings } from '../clean-settings.ts';
import { quarantine } from '../draft.ts';
import { edgeKey } from '../identity/resolve-graph.ts';
import { isObject, own } from '../json.ts';
import type { KeptRows, Row } from '../rows/chunk-rows.ts';
import { eventRows } from '../rows/event-rows.ts';
import { instantText } from '../rows/instant-text.ts';
import { withoutLines } from '../rows/order-keys.ts';
import { reviewRows } from '../rows/review-rows.ts';
import { spendRows } from '../rows/spend-rows.ts';
import type { Chunk, Claim, PreparedRecord, PreparedRows, Vaults } from './chunk.ts';
import { RowBytes } from './row-bytes.ts';
import type { KnownPeople } from './save-people.ts';

/** Work in one go before others get their turn. */
const sliceMs = 5;

/**
 * Cleans a chunk and turns it into rows. No I/O; the same chunk, settings and keys give the same rows. Between two bodies it lets
 * others run: usually the stores are at work on the chunk before, and their answers should not wait.
 */
export async function prepareChunk(
  chunk: Chunk,
  settings: Claim['settings'],
  vaults: Vaults,
  known: KnownPeople,
): Promise<PreparedRecord[]> {
  const prepared: PreparedRecord[] = [];
  const bytes = new RowBytes();
  let sliceEndsAt = performance.now() + sliceMs;
  for (const [i, record] of chunk.records.entries()) {
    if (performance.now() > sliceEndsAt) {
      await new Promise((resolve) => setImmediate(resolve));
      sliceEndsAt = performance.now() + sliceMs;
    }
    const vault = vaults.get(record.workspaceId);
    const own = settings[record.workspaceId];
    // A workspace that was deleted meanwhile: its keys are gone, so nothing of it can be kept or even sealed.
    if (!vault || !own) continue;
    const compiled = compileSettings(own);
    const place = `${chunk.journalId}:${chunk.from.segment}:${chunk.from.offset}:${i}`;
    const clean = () => cleanRecord(record, own, place);
    for (const [j, outcome] of clean().entries()) {
      prepared.push(prepareRecord(outcome, { settings: compiled, vault, bytes, known, cleanAgain: () => clean()[j]! }));
    }
  }
  return prepared;
}

type Means = {
  readonly settings: CompiledSettings;
  readonly vault: WorkspaceVault;
  readonly bytes: RowBytes;
  readonly known: KnownPeople;
  readonly cleanAgain: () => CleanOutcome;
};

function prepareRecord(outcome: CleanOutcome, { settings, vault, bytes, known, cleanAgain }: Means): PreparedRecord {
  const { arrival, replayOf } = outcome;
  const day = dayOf(outcome.arrival.receivedAt, settings.workspace.timeZone);
  let result = outcome.result;
  let kept: PreparedRows | undefined;
  try {
    const rows = rowsOf(outcome, settings, vault);
    if (rows) {
      kept = prepareRows(rows, bytes, newPeople(rows, arrival.workspaceId, known));
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    result = quarantine('poison', '', said('rows_failed', { error: why }));
  }
  const common = { arrival, replayOf, cleanAgain, day, held: [] };
  if (kept) {
    const observed = result.kind === 'event' ? result.draft.observed : [];
    return { ...common, kept, observed, quarantine: undefined, verdict: { kind: 'valid' } };
  }
  if (result.kind !== 'quarantine') throw new Error(`prepareRecord: ${result.kind} gave no rows`);
  const { reason, field, detail } = result;
  return {
    ...common,
    kept: undefined,
    observed: [],
    quarantine: quarantineRow(outcome, { reason, field, detail }, vault),
    verdict: { kind: 'quarantined', reason },
  };
}

function prepareRows(rows: KeptRows, bytes: RowBytes, people: Pick<KeptRows, 'identities' | 'edges'>): PreparedRows {
  const { messageKey, tables, values, repairs, order } = rows;
  return {
    messageKey,
    values,
    repairs,
    ...people,
    spans: tables.map(({ table, row }) => bytes.add(table, row)),
    order: order && {
      keys: order,
      without: (repeated) => prepareRows({ ...withoutLines(rows, repeated), order: undefined }, bytes, people),
    },
  };
}

/** Most are known and need not wait in memory for the commit. */
function newPeople({ identities, edges }: KeptRows, workspaceId: WorkspaceId, known: KnownPeople) {
  return {
    identities: identities.filter((one) => !known.isKnown(workspaceId, one.identityId, one.firstSeenAt)),
    edges: edges.filter((one) => !known.isKnown(workspaceId, edgeKey(one), one.firstSeenAt)),
  };
}

function rowsOf(outcome: CleanOutcome, settings: CompiledSettings, vault: WorkspaceVault): KeptRows | undefined {
  const { result, arrival } = outcome;
  if (result.kind === 'event') return eventRows(result.draft, vault, settings);
  if (result.kind === 'review') return reviewRows(result.review, arrival, vault);
  if (result.kind === 'spend') return spendRows(result.spend, arrival, vault);
  return undefined;
}

/** The whole record, sealed, with why it was refused. A mended one keeps its key: it is the same record. */
export function quarantineRow(
  outcome: CleanOutcome,
  why: { reason: string; field: string; detail: string },
  vault: WorkspaceVault,
): Row {
  const { arrival, raw } = outcome;
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return {
    workspace_id: arrival.workspaceId,
    record_key: outcome.replayOf ?? vault.messageKey(arrival.sourceId, `record\0${arrival.fallbackMessageId}`),
    source_id: arrival.sourceId,
    import_id: arrival.importId,
    row_number: 0,
    received_at: instantText(arrival.receivedAt),
    ...why,
    event_type: outcome.kind === 'calls' ? shortText(raw, 'type') : outcome.kind,
    event_name: outcome.kind === 'calls' ? shortText(raw, 'event') : '',
    state: 'open',
    raw_sealed: vault.sealRecord(Buffer.from(text, 'utf8')).toString('base64'),
    version: 1,
  };
}

function shortText(raw: Json, name: string): string {
  const value = isObject(raw) ? own(raw, name) : undefined;
  return typeof value === 'string' ? value.slice(0, 200).toWellFormed() : '';
}
