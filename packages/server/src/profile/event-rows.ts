import type { EventRow } from '@zhiyin/contract';
import { toInstant } from '../domain/rows.ts';

export type EventCells = {
  message_key: string;
  profile_id: string;
  type: string;
  name: string;
  occurred_at: string;
  received_at: string;
  source_id: number;
  properties: Record<string, unknown> | string;
  context: Record<string, unknown> | string;
  repairs: string[];
};

export const eventColumns =
  'message_key, profile_id, type, name, occurred_at, received_at, source_id, properties, context, repairs';

export function toEventRow(cells: EventCells, sources: ReadonlyMap<number, string>): EventRow {
  return {
    messageKey: cells.message_key,
    profileId: cells.profile_id,
    type: cells.type,
    name: cells.name,
    occurredAt: toInstant(cells.occurred_at),
    receivedAt: toInstant(cells.received_at),
    source: sources.get(cells.source_id) ?? '',
    properties: toObject(cells.properties),
    context: toObject(cells.context),
    repairs: cells.repairs,
  };
}

function toObject(cell: Record<string, unknown> | string): Record<string, unknown> {
  return typeof cell === 'string' ? JSON.parse(cell) : cell;
}
