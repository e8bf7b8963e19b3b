import { dayOf } from '../../domain/calendar.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';

/** Days on which people bought, in the order of people, then days; one entry a person and day. */
export type PurchaseDays = {
  /** Profile ids by customer number. */
  readonly people: readonly string[];
  readonly customer: Uint32Array;
  /** Days since 1970 in the workspace's time zone. */
  readonly day: Int32Array;
  /** Minor units of the workspace's currency, what was refunded of these orders taken off. */
  readonly amount: Float64Array;
};

/**
 * Orders before `at`, a refund counted against its own order: an order that was sent back as a whole was no purchase. Orders in another
 * currency count as purchases without value.
 */
export async function readPurchases(
  events: EventStore,
  workspace: { readonly id: WorkspaceId; readonly currency: string; readonly timeZone: string },
  at: Date,
  share = 1,
): Promise<PurchaseDays> {
  const people: string[] = [];
  const customer: number[] = [];
  const day: number[] = [];
  const amount: number[] = [];
  const rows = events.stream<{ person: string; days: number[]; amounts: number[] }>(
    workspace.id,
    {
      name: 'purchase-days',
      parameters: {
        at,
        zone: workspace.timeZone,
        currency: workspace.currency,
        part: Math.ceil(share * 100_000),
      },
      sql: `SELECT hex(profile_id) AS person, groupArray(bought_on) AS days, groupArray(net) AS amounts
            FROM (
              SELECT profile_id, bought_on, toFloat64(sum(net)) AS net FROM (
                SELECT profile_id, order_id, toInt32(toDate(minIf(occurred_at, kind = 'sale'), {zone:String})) AS bought_on,
                  sumIf(amount_minor, currency = {currency:String}) AS net, countIf(kind = 'sale') AS sold, countIf(kind = 'refund') AS refunds
                FROM @person_order_lines
                WHERE occurred_at < {at:DateTime64(3)} AND cityHash64(profile_id) % 100000 < {part:UInt32}
                GROUP BY profile_id, order_id
                HAVING sold > 0 AND (refunds = 0 OR net > 0)
              )
              GROUP BY profile_id, bought_on ORDER BY profile_id, bought_on
            )
            GROUP BY profile_id ORDER BY profile_id`,
    },
    { timeoutMs: 1_800_000, memoryBytesMax: 8 * 1_073_741_824 },
  );
  for await (const part of rows) {
    for (const row of part) {
      const order = row.days.map((_, i) => i).sort((a, b) => row.days[a]! - row.days[b]!);
      for (const i of order) {
        customer.push(people.length);
        day.push(Number(row.days[i]));
        amount.push(Number(row.amounts[i]));
      }
      people.push(BigInt(`0x${row.person}`).toString());
    }
  }
  return {
    people,
    customer: Uint32Array.from(customer),
    day: Int32Array.from(day),
    amount: Float64Array.from(amount),
  };
}

/** The day an instant belongs to, as days since 1970. */
export function dayNumber(at: Date, timeZone: string): number {
  return Math.round(Date.parse(`${dayOf(at, timeZone)}T00:00:00Z`) / 86_400_000);
}

/** `2026-11-22` */
export const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
