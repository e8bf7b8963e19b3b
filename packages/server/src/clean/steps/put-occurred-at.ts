import { said } from '@zhiyin/contract';
import type { CompiledSettings } from '../clean-settings.ts';
import { type Draft, quarantine, type StepResult } from '../draft.ts';
import { describe, own } from '../json.ts';
import { parseInstant } from '../parse-instant.ts';

/** A difference of clocks that is worth a note; smaller ones are the way through the network. */
const skewNotedMs = 60_000;
/** A clock that runs ahead by less than this is mended, by more it is asked about. */
const futureMendedMs = 60 * 60_000;
const dayMs = 86_400_000;

/**
 * When it happened, by our clock: receivedAt − (sentAt − originalTimestamp). The sender's clock cancels out, however wrong it is.
 * Without sentAt the timestamp is taken as it stands; without any, the moment of arrival.
 */
export function putOccurredAt(draft: Draft, settings: CompiledSettings): StepResult {
  const { timeZone, settings: limits } = settings.workspace;
  const received = draft.arrival.receivedAt.getTime();
  const original = own(draft.call, 'originalTimestamp');
  const field = original === undefined || original === null ? 'timestamp' : 'originalTimestamp';
  const written = own(draft.call, field);
  if (written === undefined || written === null || written === '') {
    draft.occurredAt = draft.arrival.receivedAt;
    draft.repairs.push('timestamp:missing');
    return undefined;
  }
  const stated = parseInstant(written, timeZone);
  if (!stated) {
    return quarantine('bad_timestamp', field, said('not_instant', { got: describe(written) }));
  }
  const { repairs } = draft;
  if (!stated.isPlain) repairs.push('timestamp:format');
  const sent = parseInstant(own(draft.call, 'sentAt'), timeZone);
  let occurred = stated.at.getTime();
  if (sent) {
    const skew = received - sent.at.getTime();
    occurred += skew;
    if (Math.abs(skew) > skewNotedMs) repairs.push('timestamp:clock');
  }
  if (occurred > received + futureMendedMs) {
    const minutes = Math.round((occurred - received) / 60_000);
    return quarantine('in_future', field, said('after_arrival', { minutes }));
  }
  if (occurred > received) {
    if (occurred > received + 1_000) repairs.push('timestamp:future');
    occurred = received;
  }
  if (occurred < received - limits.oldestEventDays * dayMs) {
    return quarantine('too_old', field, said('too_old', { days: limits.oldestEventDays }));
  }
  draft.occurredAt = new Date(occurred);
  return undefined;
}
