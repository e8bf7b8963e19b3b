import { isUtf8 } from 'node:buffer';
import { collectLimits } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { asImportId } from '../domain/ids.ts';
import type { CollectMetrics } from './collect-metrics.ts';
import type { JournalRecordKind, JournalWriter } from './journal/index.ts';
import type { RateLimit } from './rate-limit.ts';
import { type JsonScan, scanJson } from './scan-json.ts';
import type { CollectSource, SourceDirectory } from './source-directory.ts';
import { parseBasicWriteKey } from './write-key.ts';

/**
 * Accepting: a body comes in; durable in the journal it goes out, or refused with an error that says what to change.
 *
 * Checked here is only what Segment's clients expect a 400, 401 or 403 for. Everything else that may be wrong with an event
 * is accepted, kept, and found by cleaning, which quarantines it: nothing that reached us is lost because of its contents.
 */
export type Acceptor = {
  readonly journal: Pick<JournalWriter, 'append'>;
  readonly sources: SourceDirectory;
  readonly rateLimit: RateLimit;
  readonly metrics: CollectMetrics;
  /** Told of calls that are durable: recommendations take them into account at once. Must not throw, and cost nothing. */
  readonly onCalls?: (calls: AcceptedBody) => void;
};

export type AcceptedBody = {
  readonly workspaceId: CollectSource['workspaceId'];
  readonly sourceId: CollectSource['id'];
  readonly receivedAt: Date;
  readonly route: string;
  readonly count: number;
  readonly body: Buffer;
};

export type Arrival = {
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  readonly ip: string;
  readonly userAgent: string;
  readonly receivedAt: Date;
  readonly body: Buffer;
};

/** The endpoint's full name. */
export type CallRoute = 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias' | 'batch';

type ReadableScan = Extract<JsonScan, { kind: 'json' }>;

/** @returns how many events were made durable. @throws AppError with the field and the fix */
export async function acceptCalls(acceptor: Acceptor, route: CallRoute, arrival: Arrival): Promise<number> {
  const { source, scan } = await admit(acceptor, arrival);
  const count = countEvents(scan, arrival.body);
  // An empty batch is legal and leaves nothing to keep.
  if (count > 0) {
    await append(acceptor, { kind: 'calls', route, source, arrival, count });
    const { receivedAt, body } = arrival;
    acceptor.onCalls?.({ workspaceId: source.workspaceId, sourceId: source.id, receivedAt, route, count, body });
  }
  acceptor.metrics.accepted(count, arrival.body.length);
  return count;
}

/** Who sends, and is it JSON within the limits. Nothing inside the body is looked at beyond that. */
export async function admit(
  acceptor: Pick<Acceptor, 'sources'>,
  arrival: Arrival,
): Promise<{ source: CollectSource; scan: ReadableScan }> {
  const headerKey = parseBasicWriteKey(arrival.authorization);
  // With a key in the header a wrong one is told before the body is worth a look.
  const known = headerKey === undefined ? undefined : await findSource(acceptor.sources, headerKey);
  const scan = scanBody(arrival.body);
  const source = known ?? (await findSource(acceptor.sources, scan.writeKey));
  checkOrigin(source, arrival.origin);
  return { source, scan };
}

async function findSource(sources: SourceDirectory, writeKey: string | null): Promise<CollectSource> {
  if (writeKey === null || writeKey === '') {
    throw new AppError('auth.missing', 'the request names no write key', {
      details: {
        field: 'writeKey',
        fix: 'Send it as the user name of Basic authentication, or as "writeKey" in the body. Settings lists the keys.',
      },
    });
  }
  let source = sources.find(writeKey);
  if (!source) {
    // It may have been made a moment ago.
    await sources.refresh();
    source = sources.find(writeKey);
  }
  if (!source && !sources.isLoaded()) {
    throw new AppError('storage.unavailable', 'write keys cannot be checked yet: the control store does not answer');
  }
  if (!source) {
    throw new AppError('auth.invalid', 'no source has this write key', {
      details: { field: 'writeKey', fix: 'Copy the write key of the source from the settings page.' },
    });
  }
  if (source.disabled) {
    throw new AppError('auth.forbidden', 'the source with this write key is switched off', {
      details: { field: 'writeKey', fix: 'Switch the source on in the settings, or use the key of another one.' },
    });
  }
  return source;
}

function scanBody(body: Buffer): ReadableScan {
  if (!isUtf8(body)) {
    throw new AppError('input.invalid', 'the body is not valid UTF-8', {
      details: { field: 'body', fix: 'Encode the JSON as UTF-8.' },
    });
  }
  const scan = scanJson(body, collectLimits);
  if (scan.kind === 'invalid') {
    throw new AppError('input.invalid', `the body is not valid JSON: ${scan.problem}`, {
      details: { field: 'body', fix: 'Send one JSON object, as JSON.stringify writes it.' },
    });
  }
  if (scan.kind === 'too_deep') {
    throw new AppError('input.too_large', `the body is nested deeper than ${collectLimits.depthMax} levels`, {
      details: { field: `byte ${scan.offset}`, fix: 'Flatten the properties.' },
    });
  }
  return scan;
}

/** Only browsers send an Origin, and only they can be held to it. */
function checkOrigin(source: CollectSource, origin: string | undefined): void {
  if (origin === undefined || source.allowedOrigins.length === 0) return;
  if (source.allowedOrigins.some((allowed) => allowed.replace(/\/$/, '') === origin)) return;
  throw new AppError('auth.forbidden', `the source does not take events from ${origin.slice(0, 200)}`, {
    details: { field: 'Origin', fix: 'Add this address to the allowed origins of the source.' },
  });
}

/** What `received` counts: each element of `batch` where the body has one, else the body as one. Cleaning counts alike. */
function countEvents(scan: ReadableScan, body: Buffer): number {
  const { eventBytesMax, batchEventsMax } = collectLimits;
  if (!scan.isObject || scan.batchCount === null) {
    if (body.length > eventBytesMax) throw eventTooLarge('body', body.length);
    return 1;
  }
  const count = scan.batchCount;
  if (count > batchEventsMax) {
    throw new AppError('input.too_large', `the batch holds ${count} events, the limit is ${batchEventsMax}`, {
      details: { field: 'batch', fix: `Send at most ${batchEventsMax} events at a time.` },
    });
  }
  if (scan.oversized) throw eventTooLarge(`batch[${scan.oversized.index}]`, scan.oversized.bytes);
  return count;
}

function eventTooLarge(field: string, bytes: number): AppError {
  const max = collectLimits.eventBytesMax;
  return new AppError('input.too_large', `${field} has ${bytes} bytes, an event may have ${max}`, {
    details: { field, fix: 'Leave out large properties, or send them as several events.' },
  });
}

export async function append(
  acceptor: Acceptor,
  record: { kind: JournalRecordKind; route: string; source: CollectSource; arrival: Arrival; count: number },
): Promise<void> {
  const { source, arrival, count } = record;
  try {
    if (source.eventsPerSecondMax !== null) {
      const retryAfterSeconds = acceptor.rateLimit.take(source.id, count, source.eventsPerSecondMax);
      if (retryAfterSeconds > 0) {
        throw new AppError('overload', `the source may send ${source.eventsPerSecondMax} events a second`, {
          details: { retryAfterSeconds, fix: 'Send slower, or raise the limit of the source in the settings.' },
        });
      }
    }
    await acceptor.journal.append({
      kind: record.kind,
      route: record.route,
      workspaceId: source.workspaceId,
      sourceId: source.id,
      importId: asImportId(0),
      receivedAt: arrival.receivedAt,
      ip: arrival.ip,
      userAgent: arrival.userAgent,
      count,
      body: arrival.body,
    });
  } catch (cause) {
    acceptor.metrics.refusedEvents(cause instanceof AppError ? cause.code : 'internal', count);
    throw cause;
  }
}
