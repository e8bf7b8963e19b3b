import { said } from '@zhiyin/contract';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { PreparedRecord } from './chunk.ts';

type QuarantinedReason = { record_key: string; reason: string };

/** Why each replayed record is in quarantine. Those that were discarded are absent. */
export async function loadReasonsBefore(
  events: EventStore,
  workspaceId: WorkspaceId,
  records: readonly PreparedRecord[],
): Promise<Map<string, string>> {
  const keys = records.flatMap(({ replayOf }) => replayOf ?? []);
  if (keys.length === 0) return new Map();
  const { rows } = await events.read<QuarantinedReason>(workspaceId, {
    name: 'quarantine-reasons',
    // Also closed ones: a chunk repeated after a crash may have closed its own. Its reserved keys tell them from others.
    sql: `select record_key, reason from @quarantine
          where record_key in {keys:Array(UUID)} and state in ('open', 'replayed')`,
    parameters: { keys },
  });
  return new Map(rows.map((row) => [row.record_key, row.reason]));
}

/** Closes the records that were mended. Before the commit, and repeatable: after a crash the same chunk closes them again. */
export async function closeReplayed(
  events: EventStore,
  workspaceId: WorkspaceId,
  records: readonly PreparedRecord[],
  now: Date,
): Promise<void> {
  const keys = records.flatMap(({ replayOf, verdict }) => (replayOf && verdict.kind !== 'ignored' ? replayOf : []));
  if (keys.length === 0) return;
  await events.transform(workspaceId, {
    name: 'close-replayed',
    // Filtered in an inner select: a replaced column would shadow the stored one in the condition.
    sql: `insert into @into(quarantine) select * replace ('replayed' as state, {version:UInt64} as version)
          from (select * from @quarantine where record_key in {keys:Array(UUID)} and state = 'open')`,
    parameters: { keys, version: now.getTime() },
  });
}

/**
 * Says at the records that were refused again why. They keep their reason, which is that of the record as it came, and so
 * their place in the counts.
 */
export async function noteRefusedAgain(
  events: EventStore,
  workspaceId: WorkspaceId,
  records: readonly PreparedRecord[],
  now: Date,
): Promise<void> {
  const byDetail = new Map<string, string[]>();
  for (const { replayOf, quarantine } of records) {
    if (!replayOf || !quarantine) continue;
    const detail = said('tried_again', { why: `${quarantine.reason} ${quarantine.field} ${quarantine.detail}` });
    byDetail.set(detail, [...(byDetail.get(detail) ?? []), replayOf]);
  }
  for (const [detail, keys] of byDetail) {
    await events.transform(workspaceId, {
      name: 'note-refused-again',
      sql: `insert into @into(quarantine) select * replace ({detail:String} as detail, {version:UInt64} as version)
            from (select * from @quarantine where record_key in {keys:Array(UUID)} and state = 'open')`,
      parameters: { keys, detail, version: now.getTime() },
    });
  }
}
