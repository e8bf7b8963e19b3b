import type { DeedWeights } from '@zhiyin/contract';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { Pair } from '../models/model-bundle.ts';
import { deeds } from '../people/deeds.ts';
import { deedParameters, deedsSql } from '../people/deeds-sql.ts';
import { weighSql } from './weigh-sql.ts';

/** What people did, weighed: one entry per person and item, entries of a person together. Columns of one length. */
export type WeighedDeeds = {
  readonly people: number;
  readonly itemIds: readonly string[];
  readonly person: Uint32Array;
  readonly item: Uint32Array;
  /** Everything up to `now`, and only what was before `cut`: to train for serving and to train for the test. */
  readonly weight: Float32Array;
  readonly weightBefore: Float32Array;
  /** Seconds: first and latest time. */
  readonly firstAt: Float64Array;
  readonly lastAt: Float64Array;
  /** First time it was bought, liked or saved; 0: never. */
  readonly takenAt: Float64Array;
};

export type ReadOptions = {
  readonly now: Date;
  readonly since: Date;
  /** The test days begin here. */
  readonly cut: Date;
  /** Beyond this many entries a random part of the people is read, each whole. */
  readonly entriesMax: number;
  readonly signal?: AbortSignal;
  readonly progress?: (rows: number) => void;
};

const readTimeoutMs = 3_600_000;
const readMemoryBytes = 8 * 1_073_741_824;

type Extent = { entries: string; first_at: string; last_at: string };

/** How much there is: entries (person, item), first and last deed. */
export async function readExtent(
  events: EventStore,
  workspaceId: WorkspaceId,
  since: Date,
): Promise<{ entries: number; from: Date | null; to: Date | null; cutAt: Date | null }> {
  const { rows } = await events.read<Extent & { cut_at: string }>(
    workspaceId,
    {
      name: 'recommend-extent',
      parameters: { ...deedParameters, since },
      sql: `SELECT uniqCombined(person, item_id) AS entries, toUnixTimestamp64Milli(min(at)) AS first_at, toUnixTimestamp64Milli(max(at)) AS last_at,
              ifNotFinite(quantile(0.93)(toUnixTimestamp64Milli(at)), 0) AS cut_at
            FROM (${deedsSql({ person: 'identity_id', where: 'occurred_at >= {since:DateTime64(3)}', withReviews: false })}) WHERE item_id != ''`,
    },
    { timeoutMs: readTimeoutMs },
  );
  const entries = Number(rows[0]?.entries ?? 0);
  if (entries === 0) return { entries: 0, from: null, to: null, cutAt: null };
  return {
    entries,
    from: new Date(Number(rows[0]!.first_at)),
    to: new Date(Number(rows[0]!.last_at)),
    cutAt: new Date(Math.floor(Number(rows[0]!.cut_at))),
  };
}

/**
 * Confidence is summed by the engine, so that one row per person and item comes over the wire however many events there were:
 * c = Σ weight(kind) · 2^(−age / half-life(kind)).
 */
export async function readWeighedDeeds(
  events: EventStore,
  workspaceId: WorkspaceId,
  options: ReadOptions & { readonly entries: number; readonly weights: DeedWeights },
): Promise<WeighedDeeds> {
  const { now, since, cut } = options;
  const share = Math.min(1, options.entriesMax / Math.max(1, options.entries));
  const where = [
    'occurred_at >= {since:DateTime64(3)} AND occurred_at <= {now:DateTime64(3)}',
    share < 1 ? `AND cityHash64(profile_id) % 100000 < ${Math.ceil(share * 100_000)}` : '',
  ].join(' ');
  const rows = events.stream<DeedRow>(
    workspaceId,
    {
      name: 'recommend-training-data',
      parameters: { ...deedParameters, now, since, cut },
      sql: `SELECT person, item_id, sum(${weighSql('deed', 'at', '{now:DateTime64(3)}', options.weights)}) AS weight,
              sumIf(${weighSql('deed', 'at', '{cut:DateTime64(3)}', options.weights)}, at < {cut:DateTime64(3)}) AS weight_before,
              toUnixTimestamp64Milli(min(at)) / 1000 AS first_at, toUnixTimestamp64Milli(max(at)) / 1000 AS last_at,
              toUnixTimestamp64Milli(minIf(at, deed IN (${takenCodes}))) / 1000 AS taken_at
            FROM (${deedsSql({ person: 'profile_id', where, withReviews: true })})
            WHERE item_id != '' GROUP BY person, item_id ORDER BY person, last_at, item_id`,
    },
    {
      timeoutMs: readTimeoutMs,
      memoryBytesMax: readMemoryBytes,
      ...(options.signal ? { signal: options.signal } : {}),
    },
  );
  const itemOf = new Map<string, number>();
  const columns = new Columns();
  let people = 0;
  let latest = '';
  for await (const part of rows) {
    for (const row of part) {
      if (row.person !== latest) {
        latest = row.person;
        people += 1;
      }
      let item = itemOf.get(row.item_id);
      if (item === undefined) {
        item = itemOf.size;
        itemOf.set(row.item_id, item);
      }
      columns.push(people - 1, item, row);
    }
    options.progress?.(columns.length);
  }
  return { people, itemIds: [...itemOf.keys()], ...columns.taken() };
}

type DeedRow = {
  person: string;
  item_id: string;
  weight: number;
  weight_before: number;
  first_at: number;
  last_at: number;
  taken_at: number;
};

const takenCodes = [deeds.bought.code, deeds.liked.code, deeds.wished.code].join(', ');

/** Columns that grow by doubling. */
class Columns {
  length = 0;
  #ints = new Uint32Array(2 * 1024);
  #floats = new Float64Array(5 * 1024);

  push(person: number, item: number, row: DeedRow): void {
    if (2 * (this.length + 1) > this.#ints.length) {
      const ints = new Uint32Array(this.#ints.length * 2);
      ints.set(this.#ints);
      this.#ints = ints;
      const floats = new Float64Array(this.#floats.length * 2);
      floats.set(this.#floats);
      this.#floats = floats;
    }
    this.#ints.set([person, item], 2 * this.length);
    this.#floats.set(
      [row.weight, row.weight_before, row.first_at, row.last_at, row.taken_at].map(Number),
      5 * this.length,
    );
    this.length += 1;
  }

  taken(): Omit<WeighedDeeds, 'people' | 'itemIds'> {
    const column = <Column extends Uint32Array | Float32Array | Float64Array>(
      make: { from(source: { length: number }, map: (_: unknown, i: number) => number): Column },
      at: (i: number) => number,
    ) => make.from({ length: this.length }, (_, i) => at(i));
    return {
      person: column(Uint32Array, (i) => this.#ints[2 * i]!),
      item: column(Uint32Array, (i) => this.#ints[2 * i + 1]!),
      weight: column(Float32Array, (i) => this.#floats[5 * i]!),
      weightBefore: column(Float32Array, (i) => this.#floats[5 * i + 1]!),
      firstAt: column(Float64Array, (i) => this.#floats[5 * i + 2]!),
      lastAt: column(Float64Array, (i) => this.#floats[5 * i + 3]!),
      // What was never taken has the instant 0.
      takenAt: column(Float64Array, (i) => Math.max(0, this.#floats[5 * i + 4]!)),
    };
  }
}

const pairsPerItem = 100;
const stepsApart = 3;

/** Items of one order, counted by the engine: how often together beyond what their popularity explains. */
export async function readBaskets(
  events: EventStore,
  workspaceId: WorkspaceId,
  options: Pick<ReadOptions, 'since' | 'now' | 'signal'>,
  itemOf: ReadonlyMap<string, number>,
): Promise<Pair[]> {
  return readPairs(events, workspaceId, itemOf, options, {
    name: 'recommend-baskets',
    // Cosine with shrinkage: common / (sqrt(a · b) + 5).
    sql: `WITH baskets AS (
            SELECT order_id, groupUniqArray(50)(item_id) AS items FROM @order_lines
            WHERE kind = 'sale' AND item_id != '' AND order_id != '' AND occurred_at >= {since:DateTime64(3)} AND occurred_at <= {now:DateTime64(3)}
            GROUP BY order_id HAVING length(items) >= 2),
          singles AS (SELECT arrayJoin(items) AS item_id, count() AS orders FROM baskets GROUP BY item_id),
          common AS (
            SELECT from_item, to_item, count() AS orders
            FROM (SELECT arrayJoin(items) AS from_item, items FROM baskets) ARRAY JOIN items AS to_item
            WHERE from_item != to_item GROUP BY from_item, to_item)
          SELECT from_item, to_item, common.orders / (sqrt(a.orders * b.orders) + 5) AS weight
          FROM common INNER JOIN singles AS a ON a.item_id = from_item INNER JOIN singles AS b ON b.item_id = to_item
          ORDER BY from_item, weight DESC, to_item LIMIT ${pairsPerItem} BY from_item`,
  });
}

/**
 * What comes after what, in the order of each person's deeds, at most 3 steps apart: Σ 1 / distance, over the root of how often the later
 * one comes at all. `strongOnly`: purchases, likes and wishes; else everything looked at too.
 */
export async function readTransitions(
  events: EventStore,
  workspaceId: WorkspaceId,
  options: Pick<ReadOptions, 'since' | 'now' | 'signal'> & { readonly strongOnly: boolean; readonly bothWays: boolean },
  itemOf: ReadonlyMap<string, number>,
): Promise<Pair[]> {
  const where = 'occurred_at >= {since:DateTime64(3)} AND occurred_at <= {now:DateTime64(3)}';
  const kinds = options.strongOnly
    ? `deed IN (${takenCodes})`
    : `deed NOT IN (${deeds.disliked.code}, ${deeds.returned.code}, ${deeds.removed.code})`;
  const after = options.bothWays
    ? `abs(toInt32(b.1) - toInt32(a.1)) BETWEEN 1 AND ${stepsApart}`
    : `toInt32(b.1) - toInt32(a.1) BETWEEN 1 AND ${stepsApart}`;
  return readPairs(events, workspaceId, itemOf, options, {
    name: options.strongOnly ? 'recommend-transitions' : 'recommend-co-views',
    sql: `WITH lives AS (
            SELECT person, arraySlice(arrayMap(one -> one.2, arraySort(one -> one.1, groupArray(500)((at, item_id)))), -200) AS items
            FROM (SELECT person, item_id, max(at) AS at FROM (${deedsSql({ person: 'profile_id', where, withReviews: false })})
                  WHERE item_id != '' AND ${kinds} GROUP BY person, item_id)
            GROUP BY person HAVING length(items) >= 2),
          steps AS (
            SELECT a.2 AS from_item, b.2 AS to_item, 1 / abs(toInt32(b.1) - toInt32(a.1)) AS worth
            FROM (SELECT arrayZip(arrayEnumerate(items), items) AS places, arrayJoin(places) AS a FROM lives)
            ARRAY JOIN arraySlice(places, greatest(1, toInt32(a.1) - ${stepsApart}), ${2 * stepsApart + 1}) AS b WHERE ${after}),
          arrivals AS (SELECT to_item, sum(worth) AS worth FROM steps GROUP BY to_item)
          SELECT steps.from_item AS from_item, steps.to_item AS to_item, sum(steps.worth) / sqrt(any(arrivals.worth) + 5) AS weight
          FROM steps INNER JOIN arrivals ON arrivals.to_item = steps.to_item
          GROUP BY from_item, to_item ORDER BY from_item, weight DESC, to_item LIMIT ${pairsPerItem} BY from_item`,
  });
}

async function readPairs(
  events: EventStore,
  workspaceId: WorkspaceId,
  itemOf: ReadonlyMap<string, number>,
  options: Pick<ReadOptions, 'since' | 'now' | 'signal'>,
  question: { readonly name: string; readonly sql: string },
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  const rows = events.stream<{ from_item: string; to_item: string; weight: number }>(
    workspaceId,
    { ...question, parameters: { ...deedParameters, since: options.since, now: options.now } },
    {
      timeoutMs: readTimeoutMs,
      memoryBytesMax: readMemoryBytes,
      ...(options.signal ? { signal: options.signal } : {}),
    },
  );
  for await (const part of rows) {
    for (const row of part) {
      const from = itemOf.get(row.from_item);
      const to = itemOf.get(row.to_item);
      if (from !== undefined && to !== undefined) pairs.push({ from, to, weight: Number(row.weight) });
    }
  }
  return pairs;
}
