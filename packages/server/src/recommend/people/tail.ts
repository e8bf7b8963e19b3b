import type { IdentityId, WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';

/** Events are stored in the order of cleaning, not of arrival: this far back a late one is still seen. */
const windowMs = 60_000;
const identitiesMax = 100_000;

/**
 * Who did something lately, as the event store sees it: how a server learns what another one acknowledged. Each look reads the last
 * minute by arrival and tells who changed since the look before.
 */
export class Tail {
  readonly #events: EventStore;
  readonly #workspaceId: WorkspaceId;
  #known = new Map<string, string>();

  constructor(events: EventStore, workspaceId: WorkspaceId) {
    this.#events = events;
    this.#workspaceId = workspaceId;
  }

  restart(): void {
    this.#known = new Map();
  }

  async read(now: number): Promise<IdentityId[]> {
    const { rows } = await this.#events.read<{ person: string; events: string; latest: string }>(this.#workspaceId, {
      name: 'recommend-tail',
      parameters: { since: new Date(now - windowMs) },
      sql: `SELECT identity_id AS person, count() AS events, max(received_at) AS latest
            FROM @events WHERE received_at >= {since:DateTime64(3)} GROUP BY identity_id LIMIT ${identitiesMax}`,
    });
    const before = this.#known;
    this.#known = new Map(rows.map((row) => [row.person, `${row.events} ${row.latest}`]));
    // Fewer events than before are the window moving on; more, or a later one, is news.
    return rows.flatMap((row) => {
      const known = before.get(row.person);
      if (known === undefined) return [row.person as IdentityId];
      const [events = '0', ...latest] = known.split(' ');
      return Number(row.events) > Number(events) || row.latest > latest.join(' ') ? [row.person as IdentityId] : [];
    });
  }
}
