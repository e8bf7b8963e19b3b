import type { CustomerNote } from '@zhiyin/contract';
import { toNumber } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { saveComputedTraits } from '../computed-traits/index.ts';
import { keepKeys } from '../customers/keep-keys.ts';
import type { AnalysedLinks } from './analyse-links.ts';
import type { Links } from './read-links.ts';

export const communityTrait = 'graph.community';

/** What a run leaves behind. Ids only: names are looked up by who may see them. */
export type GraphResult = {
  readonly at: string;
  readonly people: number;
  readonly links: number;
  readonly events: Links['events'];
  readonly communities: readonly { key: number; people: number; spentMinor: number; leaderId: string }[];
  readonly nextKey: number;
  readonly communityCount: number;
  readonly modularity: number;
  readonly leaders: readonly {
    profileId: string;
    influence: number;
    reached: number;
    reachedSpentMinor: number;
    community: number | null;
  }[];
  readonly notes: readonly CustomerNote[];
};

/** Gives every linked person their influence, reach and community as computed traits, and sums up. */
export async function saveGraph(
  stores: Stores,
  workspace: Workspace,
  links: Links,
  analysed: AnalysedLinks,
  options: {
    readonly at: Date;
    readonly former: Pick<GraphResult, 'communities' | 'nextKey'> | null;
    readonly signal: AbortSignal;
  },
): Promise<GraphResult> {
  const { at, former, signal } = options;
  const { people } = links;
  const kept = await keepKeys(stores.events, workspace, {
    trait: communityTrait,
    people,
    groupOf: analysed.communityOf,
    count: analysed.communities,
    formerKeys: (former?.communities ?? []).map(({ key }) => key),
    nextKey: former?.nextKey ?? 1,
  });
  const keyOf = (person: number) => kept.keys[analysed.communityOf[person] ?? -1] ?? null;
  const traits: Record<string, (person: number) => number | null> = {
    'graph.influence': (person) => analysed.influence[person] ?? 0,
    'graph.reached': (person) => analysed.reached[person] ?? 0,
    [communityTrait]: keyOf,
  };
  for (const [name, read] of Object.entries(traits)) {
    await saveComputedTraits(stores, workspace, {
      name,
      source: 'graph',
      computedAt: at,
      covers: 'everyone',
      rows: people.flatMap((profileId, person) => {
        const value = read(person);
        return value === null ? [] : [{ profileId, value }];
      }),
      signal,
    });
  }
  const spent = await readSpent(stores, workspace, people);
  const members = Array.from({ length: analysed.communities }, () => [] as number[]);
  analysed.communityOf.forEach((community, person) => {
    members[community]?.push(person);
  });
  const named = links.events.reduce((sum, event) => sum + event.read, 0);
  const matched = links.events.reduce((sum, event) => sum + event.matched, 0);
  return {
    at: at.toISOString(),
    people: people.length,
    links: links.from.length,
    events: links.events,
    communities: members.slice(0, 50).map((own, community) => ({
      key: kept.keys[community] ?? 0,
      people: own.length,
      spentMinor: own.reduce((sum, person) => sum + (spent.get(people[person] ?? '') ?? 0), 0),
      leaderId:
        people[
          own.reduce(
            (best, person) => ((analysed.influence[person] ?? 0) > (analysed.influence[best] ?? 0) ? person : best),
            own[0] ?? 0,
          )
        ] ?? '',
    })),
    nextKey: kept.nextKey,
    communityCount: analysed.communities,
    modularity: analysed.modularity,
    leaders: analysed.leaders.map(({ person, reached }) => ({
      profileId: people[person] ?? '',
      influence: analysed.influence[person] ?? 0,
      reached: analysed.reached[person] ?? 0,
      reachedSpentMinor: reached.reduce((sum, other) => sum + (spent.get(people[other] ?? '') ?? 0), 0),
      community: keyOf(person),
    })),
    notes: named > matched ? [{ code: 'unmatched_people', count: named - matched, names: [] }] : [],
  };
}

async function readSpent(
  stores: Stores,
  workspace: Workspace,
  people: readonly string[],
): Promise<Map<string, number>> {
  const wanted = new Set(people);
  const spent = new Map<string, number>();
  const rows = stores.events.stream<{ profile_id: string; spent: string }>(workspace.id, {
    name: 'spent',
    parameters: { currency: workspace.currency },
    sql: `SELECT profile_id, sum(amount_minor) AS spent FROM @person_order_lines WHERE currency = {currency:String} GROUP BY profile_id`,
  });
  for await (const part of rows) {
    for (const row of part) if (wanted.has(row.profile_id)) spent.set(row.profile_id, toNumber(row.spent));
  }
  return spent;
}
