import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceId } from '../../../domain/ids.ts';
import type { ControlSession } from '../../../storage/control/control-store.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps } from '../import-deps.ts';
import { importFolder } from '../import-files.ts';

/** A record of quarantine, by what its place in the counts is. */
export type TakenRecord = {
  readonly recordKey: string;
  readonly sourceId: number;
  /** Of its arrival, in the workspace's zone. */
  readonly day: string;
  readonly reason: string;
};
/** Records whose mended rows an import brings in, and the import they first came with. */
export type Taken = { readonly importId: number; readonly records: readonly TakenRecord[] };

const fileOf = (deps: ImportDeps, importId: number) => path.join(importFolder(deps.importDir, importId), 'taken.json');

/** Beside the file of the new import, so that they can be given back when it fails. */
export function saveTaken(deps: ImportDeps, importId: number, taken: Taken): Promise<void> {
  return writeFile(fileOf(deps, importId), JSON.stringify(taken), { mode: 0o640, flush: true });
}

/** Undefined for imports that bring files and not mended rows. */
export async function findTaken(deps: ImportDeps, importId: number): Promise<Taken | undefined> {
  const text = await readFile(fileOf(deps, importId), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Taken);
}

/**
 * Reserves records for one replay, whoever asks at the same time. Gives those that nobody had taken.
 * The keys stand among those of messages, where the journal's replays keep theirs.
 */
export async function reserveRecords(session: ControlSession, keys: readonly string[]): Promise<Set<string>> {
  const rows = await session.query<{ message_key: string }>(
    `insert into seen_messages (message_key, seen_on) select key, (now() at time zone 'utc')::date from unnest($1::uuid[]) as key
     order by key on conflict do nothing returning message_key`,
    [keys],
  );
  return new Set(rows.map((row) => row.message_key));
}

/**
 * Takes records out of the counts of quarantine, and their rows out of what their import received: the import that brings
 * them in mended counts them again. `put back` is the same the other way round.
 */
export async function moveCounts(
  session: ControlSession,
  workspaceId: WorkspaceId,
  taken: Taken,
  direction: 'take out' | 'put back',
): Promise<void> {
  const sign = direction === 'take out' ? -1 : 1;
  const own = session.of(workspaceId);
  const places = [
    ...Map.groupBy(taken.records, ({ sourceId, day, reason }) => JSON.stringify([sourceId, day, reason])),
  ];
  for (const [place, records] of places.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [sourceId, day, reason] = JSON.parse(place) as [number, string, string];
    await own.query(
      `insert into ingest_counts as counted (workspace_id, source_id, day, outcome, reason, records) values ($1, $2, $3, 'quarantined', $4, $5)
       on conflict (workspace_id, source_id, day, outcome, reason) do update set records = counted.records + excluded.records`,
      [sourceId, day, reason, sign * records.length],
    );
    await own.query(
      `insert into import_counts as counted (workspace_id, import_id, outcome, reason, records) values ($1, $2, 'quarantined', $3, $4)
       on conflict (workspace_id, import_id, outcome, reason) do update set records = counted.records + excluded.records`,
      [taken.importId, reason, sign * records.length],
    );
  }
  await own.query('update imports set received_direct = received_direct + $3 where workspace_id = $1 and id = $2', [
    taken.importId,
    sign * taken.records.length,
  ]);
}

/** Says at the records where they stand now. Repeatable. */
export async function markRecords(
  stores: Stores,
  workspaceId: WorkspaceId,
  keys: readonly string[],
  states: { readonly from: 'open' | 'replayed'; readonly to: 'open' | 'replayed' },
): Promise<void> {
  const perStatement = 5_000;
  for (let at = 0; at < keys.length; at += perStatement) {
    await stores.events.transform(workspaceId, {
      name: 'mark-mended-rows',
      // Filtered in an inner select: a replaced column would shadow the stored one in the condition.
      sql: `insert into @into(quarantine) select * replace ({to:String} as state, version + 1 as version)
            from (select * from @quarantine where record_key in {keys:Array(UUID)} and state = {from:String})`,
      parameters: { keys: keys.slice(at, at + perStatement), from: states.from, to: states.to },
    });
  }
}
