import type { FeatureColumn, FeatureTable } from '@zhiyin/learn';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { FeaturePlan } from './feature.ts';
import { type FeatureFilter, featureParameters, featuresSql, listFeatures } from './features-sql.ts';

/** People and their features at one instant; `people` are profile ids as decimal text, one a row. */
export type PeopleFeatures = { readonly people: readonly string[]; readonly table: FeatureTable };

type Row = { person: string; numbers: (number | null)[]; categories: string[] };

const timeoutMs = 3_600_000;
const memoryBytesMax = 8 * 1_073_741_824;

/**
 * Features of everybody who is eligible at `at`, in pages: memory is bounded by a page, whatever the number of people. Reads nothing
 * that happened at `at` or later.
 */
export async function* readFeatures(
  events: EventStore,
  workspaceId: WorkspaceId,
  plan: FeaturePlan,
  options: {
    readonly at: Date;
    readonly filter: FeatureFilter;
    readonly pageRows?: number;
    readonly signal?: AbortSignal;
  },
): AsyncIterable<PeopleFeatures> {
  const { at, filter, pageRows = 20_000, signal } = options;
  const rows = events.stream<Row>(
    workspaceId,
    { name: 'features', sql: featuresSql(plan, filter), parameters: featureParameters(plan, filter, at) },
    { timeoutMs, memoryBytesMax, ...(signal ? { signal } : {}) },
  );
  let page: Row[] = [];
  for await (const part of rows) {
    for (const row of part) {
      page.push(row);
      if (page.length < pageRows) continue;
      yield toPeopleFeatures(page, plan);
      page = [];
    }
  }
  if (page.length > 0) yield toPeopleFeatures(page, plan);
}

/** The same for a part small enough to hold, people in the order of their ids so that a training can be repeated. */
export async function readAllFeatures(
  events: EventStore,
  workspaceId: WorkspaceId,
  plan: FeaturePlan,
  options: { readonly at: Date; readonly filter: FeatureFilter; readonly signal?: AbortSignal },
): Promise<PeopleFeatures> {
  const rows: Row[] = [];
  const { at, filter, signal } = options;
  const stream = events.stream<Row>(
    workspaceId,
    { name: 'features', sql: featuresSql(plan, filter), parameters: featureParameters(plan, filter, at) },
    { timeoutMs, memoryBytesMax, ...(signal ? { signal } : {}) },
  );
  for await (const part of stream) for (const row of part) rows.push(row);
  rows.sort((a, b) => (a.person < b.person ? -1 : 1));
  return toPeopleFeatures(rows, plan);
}

function toPeopleFeatures(rows: readonly Row[], plan: FeaturePlan): PeopleFeatures {
  const columns: FeatureColumn[] = [];
  let numbers = 0;
  let categories = 0;
  for (const { key, unit } of listFeatures(plan)) {
    if (unit === 'category') {
      columns.push(categoryColumn(key, rows, categories));
      categories += 1;
    } else {
      const at = numbers;
      columns.push({ kind: 'number', name: key, values: Float64Array.from(rows, (row) => toNumber(row.numbers[at])) });
      numbers += 1;
    }
  }
  return {
    // Hex over the wire: long decimal numbers would make every row slow to read.
    people: rows.map(({ person }) => BigInt(`0x${person}`).toString()),
    table: { rows: rows.length, columns },
  };
}

/** The engine writes what is not a number as null. */
const toNumber = (value: number | null | undefined): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;

function categoryColumn(name: string, rows: readonly Row[], at: number): FeatureColumn {
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(rows.length);
  rows.forEach((row, i) => {
    const level = row.categories[at] ?? '';
    if (level === '') {
      codes[i] = -1;
      return;
    }
    const code = codeOf.get(level) ?? codeOf.size;
    codeOf.set(level, code);
    codes[i] = code;
  });
  return { kind: 'category', name, levels: [...codeOf.keys()], codes };
}
