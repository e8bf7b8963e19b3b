import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { PreparedRecord } from './chunk.ts';

type OpenRecord = { record_key: string; reason: string };

/** Why each replayed record is in quarantine; those that are not (any more) are absent. */
export async function loadReasonsBefore(
  events: EventStore,
  workspaceId: WorkspaceId,
  records: readonly PreparedRecord[],
): Promise<Map<string, string>> {
  const keys = records.flatMap(({ outcome }) => outcome.replayOf ?? []);
  if (keys.length === 0) return new Map();
  const { rows } = await events.read<OpenRecord>(workspaceId, {
    name: 'quarantine-reasons',
    sql: `select record_key, reason from @quarantine
          where record_key in {keys:Array(UUID)} and state = 'open'`,
    parameters: { keys },
  });
  return new Map(rows.map((row) => [row.record_key, row.reason]));
}

// Filtered in an inner select: a replaced column would shadow the stored one in the condition.

/** Closes the records that were mended; those refused again say why now. After the commit, and repeatable. */
export async function closeReplayed(
  events: EventStore,
  workspaceId: WorkspaceId,
  records: readonly PreparedRecord[],
  now: Date,
): Promise<void> {
  const replayed: string[] = [];
  const again = new Map<string, { keys: string[]; reason: string; field: string; detail: string }>();
  for (const { outcome, verdict, quarantine } of records) {
    if (!outcome.replayOf) continue;
    if (verdict.kind !== 'quarantined') {
      replayed.push(outcome.replayOf);
    } else if (quarantine) {
      const why = { reason: verdict.reason, field: String(quarantine.field), detail: String(quarantine.detail) };
      const key = JSON.stringify(why);
      const group = again.get(key) ?? { keys: [], ...why };
      group.keys.push(outcome.replayOf);
      again.set(key, group);
    }
  }
  if (replayed.length > 0) {
    await events.transform(workspaceId, {
      name: 'close-replayed',
      sql: `insert into @into(quarantine) select * replace ('replayed' as state, {version:UInt64} as version)
            from (select * from @quarantine where record_key in {keys:Array(UUID)} and state = 'open')`,
      parameters: { keys: replayed, version: now.getTime() },
    });
  }
  for (const { keys, reason, field, detail } of again.values()) {
    await events.transform(workspaceId, {
      name: 'refuse-again',
      sql: `insert into @into(quarantine)
            select * replace ({reason:String} as reason, {field:String} as field, {detail:String} as detail, {version:UInt64} as version)
            from (select * from @quarantine where record_key in {keys:Array(UUID)} and state = 'open')`,
      parameters: { keys, reason, field, detail, version: now.getTime() },
    });
  }
}
