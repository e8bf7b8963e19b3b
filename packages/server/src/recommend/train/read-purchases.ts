import type { ModelCycle } from '@zhiyin/contract';
import { fitRepurchaseCycles, judgeRepurchase, type RepurchaseCycles, repurchaseQuantile } from '@zhiyin/learn';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { TrainItems } from './read-items.ts';
import type { ReadOptions } from './read-training-data.ts';

const readTimeoutMs = 600_000;
const salesDays = 30;
/** Days on which somebody bought an item. Of more, a random part of the people is read, each whole. */
const purchasesMax = 2_000_000;

type Range = Pick<ReadOptions, 'since' | 'now' | 'signal'>;

/** Pieces sold a day over the last month, by item. */
export async function readSalesPerDay(
  events: EventStore,
  workspaceId: WorkspaceId,
  { now, signal }: Range,
  items: TrainItems,
): Promise<Float32Array> {
  const { rows } = await events.read<{ item_id: string; per_day: number }>(
    workspaceId,
    {
      name: 'recommend-sales',
      parameters: { now, since: new Date(now.getTime() - salesDays * 86_400_000) },
      sql: `SELECT item_id, toFloat64(sum(quantity)) / ${salesDays} AS per_day FROM @order_lines
            WHERE kind = 'sale' AND item_id != '' AND occurred_at >= {since:DateTime64(3)} AND occurred_at <= {now:DateTime64(3)}
            GROUP BY item_id`,
    },
    { timeoutMs: readTimeoutMs, ...(signal ? { signal } : {}) },
  );
  const perDay = new Float32Array(items.ids.length);
  for (const row of rows) {
    const item = items.indexOf.get(row.item_id);
    if (item !== undefined) perDay[item] = Math.max(0, Number(row.per_day));
  }
  return perDay;
}

/** How long people take until they buy the same thing again; items of which little is known lean on their category. */
export async function learnCycles(
  events: EventStore,
  workspaceId: WorkspaceId,
  range: Range,
  items: TrainItems,
): Promise<RepurchaseCycles> {
  const where = `kind = 'sale' AND item_id != '' AND occurred_at >= {since:DateTime64(3)} AND occurred_at <= {now:DateTime64(3)}`;
  const parameters = { since: range.since, now: range.now };
  const options = { timeoutMs: readTimeoutMs, ...(range.signal ? { signal: range.signal } : {}) };
  const count = await events.read<{ n: string }>(
    workspaceId,
    { name: 'recommend-purchases-count', parameters, sql: `SELECT count() AS n FROM @order_lines WHERE ${where}` },
    options,
  );
  const share = Math.min(1, purchasesMax / Math.max(1, Number(count.rows[0]?.n ?? 0)));
  const sample = share < 1 ? `AND cityHash64(profile_id) % 100000 < ${Math.ceil(share * 100_000)}` : '';
  const parts = events.stream<{ person: string; item_id: string; day: number }>(
    workspaceId,
    {
      name: 'recommend-purchases',
      parameters,
      sql: `SELECT profile_id AS person, item_id, toUInt32(toDate(occurred_at)) AS day FROM @person_order_lines
            WHERE ${where} ${sample} GROUP BY person, item_id, day ORDER BY person`,
    },
    options,
  );
  const log = { profile: [] as number[], item: [] as number[], day: [] as number[] };
  let [people, latest] = [-1, ''];
  for await (const rows of parts) {
    for (const row of rows) {
      if (row.person !== latest) [people, latest] = [people + 1, row.person];
      const item = items.indexOf.get(row.item_id);
      if (item === undefined) continue;
      log.profile.push(people);
      log.item.push(item);
      log.day.push(Number(row.day));
    }
  }
  const groups = new Map<string, number>();
  const groupOf = items.ids.map((_, item) => {
    const category = items.cells[item]?.category ?? '';
    // Without a category an item is like no other.
    if (category === '') return groups.set(`item ${item}`, groups.size).size - 1;
    if (!groups.has(category)) groups.set(category, groups.size);
    return groups.get(category)!;
  });
  return fitRepurchaseCycles(log, { items: items.ids.length, groupOf });
}

const listedMax = 50;

/** What was learned about the items that come back most, for the card. */
export function listCycles(cycles: RepurchaseCycles, items: TrainItems): ModelCycle[] {
  return Array.from(cycles.gaps.keys())
    .filter((item) => cycles.gaps[item]! > 0 && judgeRepurchase(cycles, item, 0).kind !== 'once')
    .sort((a, b) => cycles.gaps[b]! - cycles.gaps[a]! || a - b)
    .slice(0, listedMax)
    .map((item) => ({
      itemId: items.ids[item]!,
      name: items.cells[item]?.name ?? '',
      category: items.cells[item]?.category ?? '',
      fromDays: repurchaseQuantile(cycles, item, 0.25),
      medianDays: repurchaseQuantile(cycles, item, 0.5),
      toDays: repurchaseQuantile(cycles, item, 0.9),
      repeatShare: cycles.repeatShare[item]!,
      gaps: cycles.gaps[item]!,
    }));
}
