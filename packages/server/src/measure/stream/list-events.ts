import type { EventRow, Page } from '@zhiyin/contract';
import { formatInstantCursor, parseInstantCursor } from '../../domain/cursor.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { type EventCells, eventColumns, toEventRow } from '../../profile/event-rows.ts';
import { sourceNames } from '../../storage/control/source-names.ts';
import type { Stores } from '../../storage/stores.ts';

/** Events of the workspace, latest received first. */
export async function listEvents(
  stores: Stores,
  workspace: Workspace,
  query: { cursor?: string | undefined; limit: number; name?: string | undefined; sourceId?: number | undefined },
): Promise<Page<EventRow>> {
  const after = query.cursor ? parseInstantCursor(query.cursor) : undefined;
  const [answer, sources] = await Promise.all([
    stores.events.read<EventCells>(workspace.id, {
      name: 'events-page',
      parameters: {
        limit: query.limit + 1,
        ...(query.name ? { name: query.name } : {}),
        ...(query.sourceId ? { source: query.sourceId } : {}),
        ...(after ? { at: after.at, key: after.key } : {}),
      },
      sql: `
        SELECT ${eventColumns}
        FROM @person_events
        WHERE 1
          ${query.name ? 'AND name = {name:String}' : ''}
          ${query.sourceId ? 'AND source_id = {source:UInt32}' : ''}
          ${after ? 'AND (received_at, message_key) < ({at:DateTime64(3)}, {key:UUID})' : ''}
        ORDER BY received_at DESC, message_key DESC
        LIMIT {limit:UInt32}`,
    }),
    sourceNames(stores.control, workspace.id),
  ]);
  const rows = answer.rows.slice(0, query.limit).map((cells) => toEventRow(cells, sources));
  const last = answer.rows.length > query.limit ? rows.at(-1) : undefined;
  return { rows, nextCursor: last ? formatInstantCursor(last.receivedAt, last.messageKey) : null, total: null };
}
