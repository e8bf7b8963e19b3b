import { type FeatureColumn, type FeatureTable, stackTables } from '@zhiyin/learn';
import type { WorkspaceId } from '../../../domain/ids.ts';
import type { EventStore } from '../../../storage/events/event-store.ts';
import type { FeaturePlan } from '../../features/feature.ts';
import { readAllFeatures } from '../../features/read-features.ts';
import { readOutcomes } from '../labels.ts';
import type { Definition } from '../prediction.ts';

/** People as they were at several instants, under one another, and what came of them. */
export type Cuts = {
  readonly instants: readonly Date[];
  readonly table: FeatureTable;
  /** Number of the instant, per row. */
  readonly cutOf: Float64Array;
  readonly people: readonly string[];
  /** What happened to each in the horizon after; undefined when nothing did. */
  readonly outcomes: readonly (string | undefined)[];
};

export type CutOptions = {
  readonly events: EventStore;
  readonly workspaceId: WorkspaceId;
  readonly definition: Definition;
  readonly plan: FeaturePlan;
  readonly instants: readonly Date[];
  /** Of the people. */
  readonly share: number;
  readonly progress: (done: number) => void;
};

/** Reads features at each instant and outcomes after it. Features look back only: each is asked for its own instant. */
export async function readCuts(options: CutOptions): Promise<Cuts> {
  const { events, workspaceId, definition, plan, instants, share, progress } = options;
  const tables: FeatureTable[] = [];
  const cutOf: number[] = [];
  const people: string[] = [];
  const outcomes: (string | undefined)[] = [];
  for (const [cut, at] of instants.entries()) {
    const found = await readAllFeatures(events, workspaceId, plan, { at, filter: { ...definition.who, share } });
    const came = await readOutcomes(events, workspaceId, definition, at);
    tables.push(found.table);
    for (const person of found.people) {
      cutOf.push(cut);
      people.push(person);
      outcomes.push(came.get(person));
    }
    progress((cut + 1) / instants.length);
  }
  const table = withoutConstants(stackTables(tables, 'readCuts'));
  return { instants, table, cutOf: Float64Array.from(cutOf), people, outcomes };
}

/** What is the same for everybody tells nobody apart. */
function withoutConstants(table: FeatureTable): FeatureTable {
  return { rows: table.rows, columns: table.columns.filter((column) => !isConstant(column)) };
}

function isConstant(column: FeatureColumn): boolean {
  const values: ArrayLike<number> = column.kind === 'number' ? column.values : column.codes;
  for (let row = 1; row < values.length; row += 1) if (!Object.is(values[row], values[0])) return false;
  return true;
}

export const takeColumns = (table: FeatureTable, names: readonly string[]): FeatureTable => ({
  rows: table.rows,
  columns: table.columns.filter(({ name }) => names.includes(name)),
});

export function rowsWhere(rows: number, isWanted: (row: number) => boolean): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row).filter(isWanted);
}
