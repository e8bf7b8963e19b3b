import { randomUUID } from 'node:crypto';
import { type catalogueItemSchema, catalogueRequestSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { EventStore } from '../storage/events/event-store.ts';
import { type Acceptor, type Arrival, admit } from './accept.ts';
import { toMinorUnits } from './minor-units.ts';
import { parsePush } from './parse-push.ts';
import type { CollectSource } from './source-directory.ts';

type ItemInput = z.output<typeof catalogueItemSchema>;
type ItemRow = Record<string, unknown>;

/**
 * The catalogue goes straight into the event store: it is small, and a price must be right at once. An upsert is the
 * whole item; what it leaves out is empty afterwards. The latest to arrive wins.
 */
export async function acceptCatalogue(
  acceptor: Acceptor & { events: Pick<EventStore, 'append'>; onItems?: (workspaceId: WorkspaceId) => void },
  arrival: Arrival,
): Promise<{ upserted: number; deleted: number }> {
  const { source } = await admit(acceptor, arrival);
  const request = parsePush(catalogueRequestSchema, arrival.body);
  const stamp = { version: nextVersion(arrival.receivedAt), updatedAt: arrival.receivedAt };
  const rows = [
    ...request.upsert.map((item, index) => toRow(item, `upsert[${index}]`, source, stamp)),
    ...request.delete.map((id) => toDeletedRow(String(id), source, stamp)),
  ];
  if (rows.length > 0) await acceptor.events.append('items', rows, `catalogue:${source.id}:${randomUUID()}`);
  acceptor.metrics.accepted(0, arrival.body.length);
  if (rows.length > 0) acceptor.onItems?.(source.workspaceId);
  return { upserted: request.upsert.length, deleted: request.delete.length };
}

let lastVersion = 0;

/** Microseconds of the server's clock, always rising, so that of two requests in one millisecond the later wins. */
function nextVersion(receivedAt: Date): number {
  lastVersion = Math.max(receivedAt.getTime() * 1_000, lastVersion + 1);
  return lastVersion;
}

function toRow(
  item: ItemInput,
  path: string,
  source: CollectSource,
  stamp: { version: number; updatedAt: Date },
): ItemRow {
  const { id, name, description, category, brand, price, currency, url, imageUrl, stock, attributes, ...others } = item;
  const itemCurrency = currency ?? source.currency;
  const priceMinor = price === undefined || price === null ? null : toMinorUnits(price, itemCurrency);
  if (priceMinor === undefined) {
    throw new AppError('input.invalid', `${path}.price: ${price} is too large`, {
      details: { field: `${path}.price`, fix: 'Send the price in the major unit, such as 12.5.' },
    });
  }
  return {
    ...emptyRow(String(id), source, stamp),
    name: name ?? '',
    description: description ?? '',
    category: category ?? '',
    brand: brand ?? '',
    price_minor: priceMinor,
    currency: priceMinor === null && currency === undefined ? '' : itemCurrency,
    url: url ?? '',
    image_url: imageUrl ?? '',
    stock: stock ?? null,
    // What the schema does not name is the brand's own and belongs with its attributes.
    attributes: { ...others, ...attributes },
  };
}

function toDeletedRow(id: string, source: CollectSource, stamp: { version: number; updatedAt: Date }): ItemRow {
  return { ...emptyRow(id, source, stamp), deleted: 1 };
}

function emptyRow(itemId: string, source: CollectSource, stamp: { version: number; updatedAt: Date }): ItemRow {
  return {
    workspace_id: source.workspaceId,
    item_id: itemId,
    name: '',
    description: '',
    category: '',
    brand: '',
    price_minor: null,
    currency: '',
    url: '',
    image_url: '',
    stock: null,
    attributes: {},
    updated_at: stamp.updatedAt.toISOString().replace('T', ' ').replace('Z', ''),
    deleted: 0,
    import_id: 0,
    version: stamp.version,
  };
}
