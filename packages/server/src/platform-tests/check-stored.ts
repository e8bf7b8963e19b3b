import { expect } from 'vitest';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Stores } from '../storage/stores.ts';
import type { Load } from './load.ts';

/** Everything acknowledged is stored once, nothing is stored that nobody sent, and orders have all their lines. */
export async function checkStored(
  { events }: Stores,
  workspaceId: WorkspaceId,
  load: Pick<Load, 'acknowledged' | 'sent' | 'orders'>,
): Promise<number> {
  const { rows } = await events.read<{ id: string; copies: string }>(workspaceId, {
    name: 'stored-ids',
    sql: `SELECT coalesce(nullIf(toString(properties.check), ''), toString(properties.traits.check)) AS id, count() AS copies
          FROM @events GROUP BY id`,
  });
  const stored = new Set(rows.map((row) => row.id));
  expect(rows.filter((row) => Number(row.copies) !== 1).slice(0, 5), 'stored more than once').toEqual([]);
  expect([...load.acknowledged].filter((id) => !stored.has(id)).slice(0, 5), 'acknowledged and lost').toEqual([]);
  expect([...stored].filter((id) => !load.sent.has(id)).slice(0, 5), 'stored but never sent').toEqual([]);

  const lines = await events.read<{ order_id: string; lines: string }>(workspaceId, {
    name: 'stored-lines',
    sql: 'SELECT order_id, count() AS lines FROM @order_lines GROUP BY order_id',
  });
  const expected = [...load.orders].filter((id) => stored.has(id)).map((id) => [`order-${id}`, 2]);
  expect(new Map(lines.rows.map((row) => [row.order_id, Number(row.lines)]))).toEqual(
    new Map(expected as [string, number][]),
  );
  return stored.size;
}
