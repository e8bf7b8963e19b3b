import type { EventRow, Page } from '@zhiyin/contract';
import { formatInstantCursor, parseInstantCursor } from '../domain/cursor.ts';
import type { Workspace } from '../domain/workspace.ts';
import { sourceNames } from '../storage/control/source-names.ts';
import type { Stores } from '../storage/stores.ts';
import { type EventCells, eventColumns, toEventRow } from './event-rows.ts';
import { currentProfile, identitiesOf } from './profile-identities.ts';

/** One person's timeline, newest first. */
export async function listPersonEvents(
  stores: Stores,
  workspace: Workspace,
  id: string,
  query: { cursor?: string | undefined; limit: number; name?: string | undefined },
): Promise<Page<EventRow>> {
  const profileId = await currentProfile(stores, workspace.id, id);
  const identities = (await identitiesOf(stores, workspace.id, [profileId])).get(profileId) ?? [];
  const after = query.cursor ? parseInstantCursor(query.cursor) : undefined;
  const [answer, sources] = await Promise.all([
    stores.events.read<EventCells>(workspace.id, {
      name: 'person-timeline',
      parameters: {
        identities,
        limit: query.limit + 1,
        ...(query.name ? { name: query.name } : {}),
        ...(after ? { at: after.at, key: after.key } : {}),
      },
      sql: `
        SELECT ${eventColumns}
        FROM @person_events
        WHERE identity_id IN {identities:Array(UInt64)}
          ${query.name ? 'AND name = {name:String}' : ''}
          ${after ? 'AND (occurred_at, message_key) < ({at:DateTime64(3)}, {key:UUID})' : ''}
        ORDER BY occurred_at DESC, message_key DESC
        LIMIT {limit:UInt32}`,
    }),
    sourceNames(stores.control, workspace.id),
  ]);
  const rows = answer.rows.slice(0, query.limit).map((cells) => toEventRow(cells, sources));
  const last = answer.rows.length > query.limit ? rows.at(-1) : undefined;
  return { rows, nextCursor: last ? formatInstantCursor(last.occurredAt, last.messageKey) : null, total: null };
}
