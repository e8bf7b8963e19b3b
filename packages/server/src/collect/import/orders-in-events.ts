import type { SaidCode } from '@zhiyin/contract';
import type { Stores } from '../../storage/stores.ts';
import type { ImportPlan } from './import-plan.ts';

/** Note of a report or a preview: rows of an events file are orders with amounts, and events make no order lines. */
export const ordersInEvents = 'orders_in_events' satisfies SaidCode;

const orderNames = ['order_completed', 'order_refunded'];
const amountNames = ['price', 'amount', 'revenue', 'total'];

/** @param becomes a row of a preview */
export function isOrder(becomes: Readonly<Record<string, unknown>> | null): boolean {
  const properties = (becomes?.properties ?? {}) as Readonly<Record<string, unknown>>;
  const has = (name: string) => Object.hasOwn(properties, name);
  return orderNames.includes(String(becomes?.name)) && has('order_id') && amountNames.some(has);
}

/** What an import of events stored, asked once it is stored. */
export async function holdsOrders(stores: Stores, plan: ImportPlan): Promise<boolean> {
  const { rows } = await stores.events.read<{ n: string }>(plan.workspace.id, {
    name: 'orders-in-events',
    sql: `SELECT count() AS n FROM (SELECT 1 FROM @events WHERE import_id = {importId:UInt32} AND name IN {names:Array(String)}
      AND isNotNull(properties.order_id) AND (${amountNames.map((name) => `isNotNull(properties.${name})`).join(' OR ')}) LIMIT 1)`,
    parameters: { importId: plan.importId, names: orderNames },
  });
  return Number(rows[0]?.n ?? 0) > 0;
}
