import { said } from '@zhiyin/contract';
import type { JournalRecord } from '../collect/journal/journal.ts';
import type { Json, JsonObject } from '../domain/events.ts';
import { asImportId, asSourceId } from '../domain/ids.ts';
import { cleanCall } from './clean-call.ts';
import { cleanReview, type ReviewDraft } from './clean-review.ts';
import { type CleanSettings, type CompiledSettings, compileSettings } from './clean-settings.ts';
import { cleanSpend, type SpendDraft } from './clean-spend.ts';
import { type Arrival, type Draft, quarantine, type Refusal } from './draft.ts';
import { describe, isObject, own } from './json.ts';
import { mendByRules } from './mend-by-rules.ts';
import { parseBody } from './parse-body.ts';
import { parseCalls } from './parse-calls.ts';

export type RecordKind = 'calls' | 'reviews' | 'spend';

/** What one record became. `raw` is the record as it came, with what its batch said once merged in. */
export type CleanOutcome = {
  readonly kind: RecordKind;
  readonly raw: Json;
  readonly arrival: Arrival;
  /** Key of the quarantined record that this one mends; it was counted as received before. */
  readonly replayOf: string | undefined;
  readonly result:
    | { readonly kind: 'event'; readonly draft: Draft }
    | { readonly kind: 'review'; readonly review: ReviewDraft }
    | { readonly kind: 'spend'; readonly spend: SpendDraft }
    | Refusal;
};

/**
 * One journal record to one outcome per record in it: exactly as many as the journal counted. Pure: depends on nothing but its
 * arguments, so that a chunk repeated after a crash ends the same.
 *
 * @param place names the record's position in the journal; the message id of what came without one is made from it.
 */
export function cleanRecord(record: JournalRecord, settings: CleanSettings, place: string): CleanOutcome[] {
  const compiled = compileSettings(settings);
  const parsed = parseBody(record.body);
  if ('problem' in parsed) return refuseWhole(record, place, quarantine('malformed_json', '', parsed.problem));
  if (record.kind === 'replay') return cleanReplay(record, parsed.value, compiled, place);
  const raws = splitBody(record, parsed.value);
  if (raws.length !== record.count) {
    const detail = said('record_count', { counted: record.count, held: raws.length });
    return refuseWhole(record, place, quarantine('poison', '', detail));
  }
  return raws.map((raw, i) => {
    const arrival = arrivalOf(record, `${place}:${i}`);
    return cleanOne(record.kind as RecordKind, withSender(raw, record), arrival, compiled, parsed.repairs);
  });
}

function splitBody(record: JournalRecord, body: Json): Json[] {
  if (record.kind === 'calls') return parseCalls(body, record.route, record.count);
  const list = isObject(body) ? own(body, record.kind) : undefined;
  return Array.isArray(list) ? list : [body];
}

function cleanOne(
  kind: RecordKind,
  raw: Json,
  arrival: Arrival,
  settings: CompiledSettings,
  repairs: readonly string[],
  replayOf?: string,
): CleanOutcome {
  return { kind, raw, arrival, replayOf, result: clean(kind, raw, arrival, settings, repairs) };
}

function clean(
  kind: RecordKind,
  raw: Json,
  arrival: Arrival,
  settings: CompiledSettings,
  repairs: readonly string[],
): CleanOutcome['result'] {
  if (!isObject(raw)) return quarantine('not_an_object', '', said('record_not_object', { got: describe(raw) }));
  try {
    if (kind === 'calls') return cleanCall(raw, arrival, settings, repairs);
    return cleanPushed(kind, raw, arrival, settings);
  } catch (error) {
    // A fault of ours in one record must not stop the others; it waits in quarantine until it is mended.
    return quarantine(
      'poison',
      '',
      said('cleaning_failed', { error: error instanceof Error ? error.message.slice(0, 200) : 'unknown' }),
    );
  }
}

/** A review or a day of spend, mended by the rules that were kept for its reason. */
export function cleanPushed(
  kind: 'reviews' | 'spend',
  raw: JsonObject,
  arrival: Arrival,
  settings: CompiledSettings,
): Exclude<CleanOutcome['result'], { kind: 'event' }> {
  return mendByRules(raw, [], { arrival, settings }, (record, repairs) => {
    const result = kind === 'reviews' ? cleanReview(record, arrival, settings) : cleanSpend(record, arrival, settings);
    if (result.kind === 'review') {
      return { ...result, review: { ...result.review, repairs: [...result.review.repairs, ...repairs] } };
    }
    if (result.kind === 'spend') {
      return { ...result, spend: { ...result.spend, repairs: [...result.spend.repairs, ...repairs] } };
    }
    return result;
  });
}

/** `{records: [{recordKey, receivedAt, kind, sourceId, call}]}`: mended records, each with the time of its first arrival. */
function cleanReplay(record: JournalRecord, body: Json, settings: CompiledSettings, place: string): CleanOutcome[] {
  const list = isObject(body) ? own(body, 'records') : undefined;
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).map((entry, i) => {
    const receivedAt = new Date(String(own(entry, 'receivedAt')));
    const sourceId = own(entry, 'sourceId');
    const importId = own(entry, 'importId');
    const recordKey = String(own(entry, 'recordKey'));
    const arrival: Arrival = {
      ...arrivalOf(record, `${place}:${i}`),
      receivedAt: Number.isNaN(receivedAt.getTime()) ? record.receivedAt : receivedAt,
      sourceId: typeof sourceId === 'number' ? asSourceId(sourceId) : record.sourceId,
      importId: typeof importId === 'number' ? asImportId(importId) : record.importId,
      // The same for every try, so that a record mended twice is kept once.
      fallbackMessageId: `replay:${recordKey}`,
    };
    const kind = own(entry, 'kind');
    const known: RecordKind = kind === 'reviews' || kind === 'spend' ? kind : 'calls';
    return cleanOne(known, own(entry, 'call') ?? null, arrival, settings, [], recordKey);
  });
}

function arrivalOf(record: JournalRecord, fallbackMessageId: string): Arrival {
  const { workspaceId, sourceId, importId, receivedAt } = record;
  return { workspaceId, sourceId, importId, receivedAt, fallbackMessageId };
}

/**
 * The browser's address and agent, where the call does not name them. Only a browser's: the agent of a server library says
 * nothing about the visitor, and its address is the shop's own.
 */
function withSender(raw: Json, record: JournalRecord): Json {
  if (record.kind !== 'calls' || !isObject(raw) || !record.userAgent.startsWith('Mozilla/')) return raw;
  const stated = own(raw, 'context');
  if (stated !== undefined && stated !== null && !isObject(stated)) return raw;
  const context: JsonObject = isObject(stated) ? stated : {};
  const sender: JsonObject = {};
  if (own(context, 'userAgent') === undefined) sender.userAgent = record.userAgent;
  if (own(context, 'ip') === undefined && record.ip !== '') sender.ip = record.ip;
  return Object.keys(sender).length === 0 ? raw : { ...raw, context: { ...context, ...sender } };
}

/** As many outcomes as the journal counted; the first carries the body. */
function refuseWhole(record: JournalRecord, place: string, refusal: Refusal): CleanOutcome[] {
  const kind: RecordKind = record.kind === 'replay' ? 'calls' : record.kind;
  const text = record.body.toString('utf8');
  return Array.from({ length: record.count }, (_, i) => ({
    kind,
    raw: i === 0 ? text : '',
    arrival: arrivalOf(record, `${place}:${i}`),
    replayOf: undefined,
    result: refusal,
  }));
}
