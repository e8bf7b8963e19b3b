import { setTimeout as sleep } from 'node:timers/promises';
import type { EventRow } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import { type EventCells, eventColumns, toEventRow } from '../../profile/event-rows.ts';
import { sourceNames } from '../../storage/control/source-names.ts';
import type { Stores } from '../../storage/stores.ts';

const pollMs = 1_000;
const rowsPerPollMax = 200;
/** Events are stored in chunks, so one received a little earlier may appear a little later. */
const overlapMs = 5_000;

/**
 * New events as they are stored, oldest first, at most `rowsPerPollMax` a second (a brand with more sees a sample: the latest).
 * Ends when the signal aborts.
 */
export async function* followEvents(
  stores: Stores,
  workspace: Workspace,
  options: { signal: AbortSignal; now?: () => Date },
): AsyncIterable<EventRow[]> {
  const now = options.now ?? (() => new Date());
  const started = now();
  let seen = new Map<string, number>();
  let since = started;
  let sources = await sourceNames(stores.control, workspace.id);
  while (!options.signal.aborted) {
    const answer = await stores.events.read<EventCells>(workspace.id, {
      name: 'events-live',
      parameters: { since: new Date(since.getTime() - overlapMs), started, limit: rowsPerPollMax },
      sql: `
        SELECT ${eventColumns}
        FROM @person_events
        WHERE received_at >= {since:DateTime64(3)} AND received_at >= {started:DateTime64(3)}
        ORDER BY received_at DESC, message_key DESC
        LIMIT {limit:UInt32}`,
    });
    const fresh = answer.rows.filter((row) => !seen.has(row.message_key)).reverse();
    if (fresh.some((row) => !sources.has(row.source_id))) sources = await sourceNames(stores.control, workspace.id);
    const rows = fresh.map((cells) => toEventRow(cells, sources));
    const newest = rows.at(-1);
    if (newest) since = new Date(newest.receivedAt);
    const horizon = since.getTime() - 2 * overlapMs;
    seen = new Map([...seen].filter(([, receivedMs]) => receivedMs >= horizon));
    for (const row of rows) seen.set(row.messageKey, Date.parse(row.receivedAt));
    // An empty batch is handed out too: it tells the caller that the stream is alive.
    yield rows;
    await sleep(pollMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}
