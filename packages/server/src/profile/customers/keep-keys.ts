import { matchClusters } from '@zhiyin/learn';
import type { Workspace } from '../../domain/workspace.ts';
import type { EventStore } from '../../storage/events/event-store.ts';

export type KeptKeys = {
  /** Number that each group keeps or gets. */
  readonly keys: readonly number[];
  /** Place of the former group each goes on from, in `formerKeys`; −1 for a new one. */
  readonly formerOf: readonly number[];
  /** Share of members in common; null for a new one. */
  readonly overlaps: readonly (number | null)[];
  readonly nextKey: number;
};

/**
 * Groups of people go on as those of the last run with the most members in common, and keep their numbers: a segment made of one means
 * the same people tomorrow. Who was where is read from the computed trait that the last run saved.
 * @param groupOf group of each person, −1 for none.
 */
export async function keepKeys(
  events: EventStore,
  workspace: Pick<Workspace, 'id'>,
  options: {
    readonly trait: string;
    readonly people: readonly string[];
    readonly groupOf: Int32Array;
    readonly count: number;
    readonly formerKeys: readonly number[];
    readonly nextKey: number;
  },
): Promise<KeptKeys> {
  const { trait, people, groupOf, count, formerKeys } = options;
  let { nextKey } = options;
  const before = new Int32Array(people.length).fill(-1);
  if (formerKeys.length > 0) {
    const rowOf = new Map(people.map((profileId, row) => [profileId, row]));
    const placeOf = new Map(formerKeys.map((key, place) => [key, place]));
    const saved = events.stream<{ profile_id: string; number: number }>(workspace.id, {
      name: 'groups-before',
      parameters: { name: trait },
      sql: 'SELECT profile_id, number FROM @person_computed_traits WHERE name = {name:String} AND number IS NOT NULL',
    });
    for await (const rows of saved) {
      for (const { profile_id, number } of rows) {
        const row = rowOf.get(profile_id);
        if (row !== undefined) before[row] = placeOf.get(Number(number)) ?? -1;
      }
    }
  }
  const { formerOf, overlap } = matchClusters(before, groupOf, { before: formerKeys.length, after: count });
  const keys = [...formerOf].map((place) => {
    const kept = formerKeys[place];
    if (kept !== undefined) return kept;
    nextKey += 1;
    return nextKey - 1;
  });
  return {
    keys,
    formerOf: [...formerOf],
    overlaps: [...formerOf].map((place, group) => (place >= 0 ? (overlap[group] ?? 0) : null)),
    nextKey,
  };
}
