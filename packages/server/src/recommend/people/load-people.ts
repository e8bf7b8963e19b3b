import type { IdentityId, ProfileId, WorkspaceId } from '../../domain/ids.ts';
import { asIdentityId, asProfileId } from '../../domain/ids.ts';
import type { Stores } from '../../storage/stores.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { deedParameters, deedsSql } from './deeds-sql.ts';
import { type DeedHistory, emptyHistory, newHistory } from './history.ts';

/** What is known of a person when somebody asks for them. */
export type StoredPerson = {
  readonly profileId: ProfileId;
  readonly identityIds: readonly IdentityId[];
  readonly history: DeedHistory;
  /** They do not want personal lists. */
  readonly optedOut: boolean;
};

const entriesMax = 300;
/** Traits by which a person says no. False, "no", "denied", 0 mean no. What an event's `context.consent` says is such a trait, too. */
export const personalisationTraits = [
  'personalisation',
  'personalization',
  'consent_personalisation',
  'consent_personalization',
] as const;
const refusals = ['false', '0', '"false"', '"no"', '"denied"', '"off"'] as const;

export const isRefusal = (value: unknown): boolean =>
  value === false ||
  value === 0 ||
  (typeof value === 'string' && ['false', '0', 'no', 'denied', 'off'].includes(value.toLowerCase()));

type DeedRow = { person: string; item_id: string; deed: number; latest: number; times: number };
type TraitRow = { person: string; refused: number; at: number };
type LinkRow = { asked_id: string; profile_id: string; identity_id: string | null };

/** Many people at once: one look at the graph, one at their deeds, one at their wishes. Unknown ids are people without a history. */
export async function loadPeople(
  stores: Stores,
  workspaceId: WorkspaceId,
  askedIds: readonly IdentityId[],
  catalogue: Catalogue,
): Promise<Map<IdentityId, StoredPerson>> {
  const links = await stores.control.of(workspaceId).query<LinkRow>(
    `select asked.id as asked_id, coalesce(own.profile_id, asked.id) as profile_id, other.identity_id
     from unnest($2::bigint[]) as asked (id)
     left join profile_links own on own.workspace_id = $1 and own.identity_id = asked.id
     left join profile_links other on other.workspace_id = $1 and other.profile_id = coalesce(own.profile_id, asked.id)`,
    [[...askedIds]],
  );
  const people = new Map<string, { profileId: ProfileId; identityIds: Set<IdentityId> }>();
  for (const row of links) {
    const known = people.get(row.asked_id) ?? {
      profileId: asProfileId(row.profile_id),
      identityIds: new Set([asIdentityId(row.asked_id), asIdentityId(row.profile_id)]),
    };
    if (row.identity_id) known.identityIds.add(asIdentityId(row.identity_id));
    people.set(row.asked_id, known);
  }
  const all = [...new Set([...people.values()].flatMap(({ identityIds }) => [...identityIds]))];
  const [deedRows, traitRows] = await Promise.all([
    stores.events.read<DeedRow>(workspaceId, {
      name: 'recommend-people-deeds',
      parameters: { identities: all, ...deedParameters },
      // An event of a review and the review itself are one deed.
      sql: `SELECT person, item_id, deed, toUnixTimestamp64Milli(max(at)) AS latest, toUInt16(least(uniqExact(at), 1000)) AS times
            FROM (${deedsSql({ person: 'identity_id', where: 'identity_id IN {identities:Array(UInt64)}', withReviews: true })})
            WHERE item_id != '' GROUP BY person, item_id, deed
            ORDER BY person, latest DESC LIMIT ${entriesMax} BY person`,
    }),
    stores.events.read<TraitRow>(workspaceId, {
      name: 'recommend-people-wishes',
      parameters: { identities: all, names: [...personalisationTraits], refusals: [...refusals] },
      sql: `SELECT identity_id AS person, argMax(lower(value) IN {refusals:Array(String)}, (occurred_at, message_key)) AS refused,
              toUnixTimestamp64Milli(max(occurred_at)) AS at
            FROM @traits WHERE identity_id IN {identities:Array(UInt64)} AND name IN {names:Array(String)} GROUP BY identity_id`,
    }),
  ]);
  const deedsOf = Map.groupBy(deedRows.rows, (row) => row.person);
  const wishOf = new Map(traitRows.rows.map((row) => [row.person, row]));
  return new Map(
    [...people].map(([askedId, { profileId, identityIds }]) => {
      const ids = [...identityIds];
      const wishes = ids.flatMap((id) => wishOf.get(id) ?? []).sort((a, b) => Number(b.at) - Number(a.at));
      const rows = ids.flatMap((id) => deedsOf.get(id) ?? []);
      return [
        asIdentityId(askedId),
        { profileId, identityIds: ids, history: toHistory(rows, catalogue), optedOut: wishes[0]?.refused === 1 },
      ];
    }),
  );
}

function toHistory(rows: readonly DeedRow[], catalogue: Catalogue): DeedHistory {
  if (rows.length === 0) return emptyHistory;
  const merged = new Map<string, { item: number; code: number; at: number; times: number }>();
  for (const row of rows) {
    // What is neither in the catalogue nor in the model can neither be shown nor explain anything.
    const item = catalogue.find(row.item_id);
    if (item === undefined) continue;
    const key = `${item}:${row.deed}`;
    const at = Number(row.latest);
    const known = merged.get(key);
    if (known) {
      known.at = Math.max(known.at, at);
      known.times += Number(row.times);
    } else merged.set(key, { item, code: row.deed, at, times: Number(row.times) });
  }
  const kept = [...merged.values()].sort((a, b) => b.at - a.at).slice(0, entriesMax);
  const history = newHistory(kept.length);
  kept.forEach(({ item, code, at, times }, row) => {
    history.item[row] = item;
    history.code[row] = code;
    history.at[row] = at;
    history.times[row] = Math.min(65_535, times);
  });
  return history;
}
