import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { PreparedRecord } from './chunk.ts';

type Counts = Map<string, number>;
export type Tally = {
  /** Source, day, outcome and reason with NUL between → records; negative where a replay takes a record out of quarantine. */
  readonly outcomes: Counts;
  readonly imports: Counts;
  readonly repairs: Counts;
  readonly observed: Map<string, { class: string; valueType: string; records: number; lastSeenAt: Date }>;
};

const observedPerChunkMax = 2_000;
const observedPerWorkspaceMax = 5_000;
const separator = '\0';

/** What one workspace's part of a chunk adds to the counts. @param reasonBefore of a replayed record: why it was in quarantine. */
export function tallyRecords(records: readonly PreparedRecord[], reasonBefore: ReadonlyMap<string, string>): Tally {
  const tally: Tally = { outcomes: new Map(), imports: new Map(), repairs: new Map(), observed: new Map() };
  const add = (counts: Counts, key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by);
  for (const { arrival, replayOf, verdict, day, kept, observed } of records) {
    if (verdict.kind === 'ignored') continue;
    const { sourceId, importId } = arrival;
    const reason = verdict.kind === 'quarantined' ? verdict.reason : '';
    if (replayOf) {
      const before = reasonBefore.get(replayOf)!;
      add(tally.outcomes, `${sourceId}\0${day}\0quarantined\0${before}`, -1);
      if (importId) add(tally.imports, `${importId}\0quarantined\0${before}`, -1);
    }
    add(tally.outcomes, `${sourceId}\0${day}\0${verdict.kind}\0${reason}`, 1);
    if (importId) add(tally.imports, `${importId}\0${verdict.kind}\0${reason}`, 1);
    if (verdict.kind !== 'valid' || !kept) continue;
    for (const repair of kept.repairs) add(tally.repairs, `${sourceId}\0${day}\0${repair.slice(0, 200)}`, 1);
    for (const { property, class: personalClass, valueType } of observed) {
      const known = tally.observed.get(property);
      if (known) {
        known.records += 1;
        if (personalClass !== 'none') known.class = personalClass;
      } else if (tally.observed.size < observedPerChunkMax && property.length <= 200) {
        tally.observed.set(property, {
          class: personalClass,
          valueType,
          records: 1,
          lastSeenAt: arrival.receivedAt,
        });
      }
    }
  }
  return tally;
}

export async function saveTally(session: ControlSession, workspaceId: WorkspaceId, tally: Tally): Promise<void> {
  const workspace = session.of(workspaceId);
  // Sorted: two workers that raise the same counts take the rows in one order.
  const rowsOf = (counts: Counts) =>
    [...counts]
      .filter(([, records]) => records !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, records]) => [...key.split(separator), records]);
  const column = (rows: readonly (readonly (string | number)[])[], i: number) => rows.map((row) => row[i]!);
  const outcomes = rowsOf(tally.outcomes);
  if (outcomes.length > 0) {
    await workspace.query(
      `insert into ingest_counts as counted (workspace_id, source_id, day, outcome, reason, records)
       select $1, * from unnest($2::integer[], $3::date[], $4::text[], $5::text[], $6::bigint[])
       on conflict (workspace_id, source_id, day, outcome, reason) do update set records = counted.records + excluded.records`,
      [0, 1, 2, 3, 4].map((i) => column(outcomes, i)),
    );
  }
  const imports = rowsOf(tally.imports);
  if (imports.length > 0) {
    await workspace.query(
      `insert into import_counts as counted (workspace_id, import_id, outcome, reason, records)
       select $1, * from unnest($2::integer[], $3::text[], $4::text[], $5::bigint[])
       on conflict (workspace_id, import_id, outcome, reason) do update set records = counted.records + excluded.records`,
      [0, 1, 2, 3].map((i) => column(imports, i)),
    );
  }
  const repairs = rowsOf(tally.repairs);
  if (repairs.length > 0) {
    await workspace.query(
      `insert into repair_counts as counted (workspace_id, source_id, day, repair, records)
       select $1, * from unnest($2::integer[], $3::date[], $4::text[], $5::bigint[])
       on conflict (workspace_id, source_id, day, repair) do update set records = counted.records + excluded.records`,
      [0, 1, 2, 3].map((i) => column(repairs, i)),
    );
  }
  await saveObserved(session, workspaceId, tally);
}

async function saveObserved(session: ControlSession, workspaceId: WorkspaceId, tally: Tally): Promise<void> {
  if (tally.observed.size === 0) return;
  const rows = [...tally.observed].sort(([a], [b]) => (a < b ? -1 : 1));
  await session.of(workspaceId).query(
    `insert into observed_properties as known (workspace_id, property, class, value_type, records, last_seen_at)
     select $1, seen.* from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[])
       as seen (property, class, value_type, records, last_seen_at)
     where exists (select 1 from observed_properties as old where old.workspace_id = $1 and old.property = seen.property)
       or (select count(*) from observed_properties as old where old.workspace_id = $1) < ${observedPerWorkspaceMax}
     on conflict (workspace_id, property) do update set
       records = known.records + excluded.records,
       last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
       class = case when excluded.class = 'none' then known.class else excluded.class end,
       value_type = excluded.value_type`,
    [
      rows.map(([property]) => property),
      rows.map(([, seen]) => seen.class),
      rows.map(([, seen]) => seen.valueType),
      rows.map(([, seen]) => seen.records),
      rows.map(([, seen]) => seen.lastSeenAt),
    ],
  );
}
