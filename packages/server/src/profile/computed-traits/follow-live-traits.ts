import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { asIdentityId, type IdentityId, type WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { computeLive, listLiveWorkspaces } from './run-definition.ts';

const everyMs = 2_000;
const afterFailureMs = 15_000;
/** Events are stored a moment after they came: those that are late by less than this are still noticed. */
const lookBackMs = 120_000;
const peopleAtOnce = 2_000;

/**
 * Computes live traits anew for whoever did something: within seconds, from what is stored. Two processes that do the same do no
 * harm. What it misses, being stopped, the run of everybody once a day brings.
 */
export function followLiveTraits(options: {
  readonly stores: Stores;
  readonly workspaceOf: (workspaceId: WorkspaceId) => Promise<Workspace>;
  readonly logger: Pick<Logger, 'warn'>;
}): { stop(): Promise<void> } {
  const { stores, workspaceOf, logger } = options;
  const stopping = new AbortController();
  const seen = new Map<WorkspaceId, Map<string, Recent>>();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  const look = async () => {
    const live = await listLiveWorkspaces(stores);
    for (const known of seen.keys()) if (!live.includes(known)) seen.delete(known);
    for (const workspaceId of live) {
      const recent = await readRecent(stores, workspaceId, new Date(Date.now() - lookBackMs));
      const before = seen.get(workspaceId);
      seen.set(workspaceId, recent);
      // Traits are whole when they are made; the first look only learns what is there.
      const touched = before ? [...recent].filter(([id, now]) => isNew(before.get(id), now)) : [];
      const ids = touched.map(([id]) => asIdentityId(id));
      for (let from = 0; from < ids.length; from += peopleAtOnce) {
        const part: IdentityId[] = ids.slice(from, from + peopleAtOnce);
        await computeLive(stores, await workspaceOf(workspaceId), part, stopping.signal);
      }
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await look();
        await pause(everyMs);
      } catch (error) {
        if (stopping.signal.aborted) return;
        logger.warn({ err: error }, 'live traits: will try again');
        await pause(afterFailureMs);
      }
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

type Recent = { readonly events: number; readonly latest: string };

const isNew = (before: Recent | undefined, now: Recent): boolean =>
  before === undefined || before.latest !== now.latest || before.events < now.events;

async function readRecent(
  stores: Pick<Stores, 'events'>,
  workspaceId: WorkspaceId,
  since: Date,
): Promise<Map<string, Recent>> {
  const { rows } = await stores.events.read<{ identity_id: string; events: string; latest: string }>(workspaceId, {
    name: 'live-traits-recent',
    parameters: { since },
    sql: `
      SELECT identity_id, sum(events) AS events, max(latest) AS latest
      FROM
      (
        SELECT identity_id, count() AS events, max(received_at) AS latest FROM @events WHERE received_at >= {since:DateTime64(3)} GROUP BY identity_id
        UNION ALL
        SELECT identity_id, count() AS events, max(received_at) AS latest FROM @order_lines WHERE received_at >= {since:DateTime64(3)} GROUP BY identity_id
      )
      GROUP BY identity_id`,
  });
  return new Map(rows.map((row) => [row.identity_id, { events: Number(row.events), latest: row.latest }]));
}
