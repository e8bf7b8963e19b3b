import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';

export type Extent = {
  readonly from: Date;
  /** The last event that is not in the future: up to here things are known. */
  readonly until: Date;
  readonly people: number;
  readonly buyers: number;
};

/** Since when and up to when there are events, and of how many people. Undefined without any. */
export async function readExtent(events: EventStore, workspaceId: WorkspaceId, now: Date): Promise<Extent | undefined> {
  const { rows } = await events.read<{ first_at: string; last_at: string; people: string; buyers: string }>(
    workspaceId,
    {
      name: 'prediction-extent',
      parameters: { now },
      // A thousandth of the events may be older than the rest by a wrong clock: the history begins after them.
      sql: `SELECT toUnixTimestamp64Milli(quantile(0.001)(occurred_at)) AS first_at, toUnixTimestamp64Milli(max(occurred_at)) AS last_at,
              uniqCombined(identity_id) AS people,
              (SELECT uniqCombined(identity_id) FROM @order_lines WHERE occurred_at <= {now:DateTime64(3)}) AS buyers
            FROM @events WHERE occurred_at <= {now:DateTime64(3)}`,
    },
    { timeoutMs: 120_000 },
  );
  const row = rows[0];
  if (!row || Number(row.people) === 0) return undefined;
  return {
    from: new Date(Number(row.first_at)),
    until: new Date(Number(row.last_at) + 1),
    people: Number(row.people),
    buyers: Number(row.buyers),
  };
}
