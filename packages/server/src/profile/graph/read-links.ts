import type { GraphEdge } from '@zhiyin/contract';
import type { ProfileId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { profilesOf } from '../profile-identities.ts';

/** Who is linked with whom: people as places in `people`; an edge points to who gains influence. */
export type Links = {
  readonly people: readonly string[];
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly weight: Float64Array;
  readonly events: readonly { event: string; read: number; matched: number }[];
};

const linksMax = 2_000_000;
const atOnce = 5_000;

type Row = { profile_id: string; event: string; other: string; times: string };

/**
 * Reads the events that link people. The property holds the other one's user id: it is looked up by its keyed hash, and counts only when
 * that person is known. Nobody is linked with themselves.
 */
export async function readLinks(
  stores: Stores,
  workspace: Workspace,
  edges: readonly GraphEdge[],
  options: { readonly at: Date; readonly signal: AbortSignal },
): Promise<Links> {
  const vault = await stores.vault.of(workspace.id);
  const placeOf = new Map<string, number>();
  const place = (profileId: string) => {
    const known = placeOf.get(profileId) ?? placeOf.size;
    placeOf.set(profileId, known);
    return known;
  };
  const [from, to, weight]: [number[], number[], number[]] = [[], [], []];
  const counts = new Map(edges.map(({ event }) => [event, { event, read: 0, matched: 0 }]));

  const takeUp = async (edge: GraphEdge, rows: readonly Row[]) => {
    const others = rows.map(({ other }) => vault.surrogate('user_id', other));
    const known = await knownProfiles(stores, workspace, others);
    for (const [index, row] of rows.entries()) {
      const count = counts.get(edge.event);
      if (count) count.read += Number(row.times);
      const other = known.get(others[index] as string);
      if (!other || other === row.profile_id || from.length >= linksMax) continue;
      if (count) count.matched += Number(row.times);
      const [actor, named] = [place(row.profile_id), place(other)];
      from.push(edge.towards === 'other' ? actor : named);
      to.push(edge.towards === 'other' ? named : actor);
      // The tenth like says less than the first.
      weight.push(edge.weight * (1 + Math.log(Number(row.times))));
    }
  };

  for (const edge of edges) {
    const path = edge.property
      .split('.')
      .map((part) => `\`${part}\``)
      .join('.');
    const stream = stores.events.stream<Row>(
      workspace.id,
      {
        name: 'links',
        parameters: { event: edge.event, at: options.at },
        sql: `
          SELECT profile_id, any(name) AS event, ifNull(properties.${path}::Nullable(String), '') AS other, count() AS times
          FROM @person_events
          WHERE name = {event:String} AND occurred_at < {at:DateTime64(3)}
          GROUP BY profile_id, other
          HAVING other != ''`,
      },
      { timeoutMs: 600_000, signal: options.signal },
    );
    let waiting: Row[] = [];
    for await (const rows of stream) {
      waiting.push(...rows);
      if (waiting.length < atOnce) continue;
      await takeUp(edge, waiting);
      waiting = [];
    }
    await takeUp(edge, waiting);
  }
  return {
    people: [...placeOf.keys()],
    from: Uint32Array.from(from),
    to: Uint32Array.from(to),
    weight: Float64Array.from(weight),
    events: [...counts.values()],
  };
}

/** Profiles of those surrogates that belong to somebody. */
async function knownProfiles(
  stores: Stores,
  workspace: Workspace,
  surrogates: readonly string[],
): Promise<Map<string, ProfileId>> {
  if (surrogates.length === 0) return new Map();
  const rows = await stores.control
    .of(workspace.id)
    .query<{ identity_id: string }>(
      'select identity_id from identities where workspace_id = $1 and identity_id = any($2::bigint[])',
      [[...new Set(surrogates)]],
    );
  return (await profilesOf(
    stores,
    workspace.id,
    rows.map(({ identity_id }) => identity_id as never),
  )) as Map<string, ProfileId>;
}
