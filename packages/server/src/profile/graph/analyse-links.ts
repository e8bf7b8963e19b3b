import { buildGraph, computePageRank, findLeidenCommunities } from '@zhiyin/learn';
import type { Links } from './read-links.ts';

export type AnalysedLinks = {
  /** 0 to 100 per person: share of linked people with less influence. */
  readonly influence: Float64Array;
  /** How many people point to each directly. */
  readonly reached: Uint32Array;
  /** Community per person, 0 the largest; −1: too small to be one. */
  readonly communityOf: Int32Array;
  readonly communities: number;
  readonly modularity: number;
  /** The most influential, and who points to them. */
  readonly leaders: readonly { readonly person: number; readonly reached: readonly number[] }[];
};

/** Fewer people are friends, not a community. */
const communityMin = 4;
const communitiesMax = 200;
const leadersMax = 50;
const namedMax = 300;

/** Influence by PageRank along who gained, communities by Leiden over who is linked at all. */
export function analyseLinks(links: Pick<Links, 'people' | 'from' | 'to' | 'weight'>, seed: number): AnalysedLinks {
  const nodes = links.people.length;
  const directed = buildGraph(nodes, links, 'directed');
  const { ranks } = computePageRank(directed);
  const order = [...ranks.keys()].sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
  const influence = new Float64Array(nodes);
  // Equal ranks get equal places: those of the first of them.
  order.forEach((person, index) => {
    const before = order[index - 1];
    const isTied = before !== undefined && Math.abs((ranks[before] ?? 0) - (ranks[person] ?? 0)) < 1e-12;
    influence[person] = isTied ? (influence[before] ?? 0) : Math.round((index / nodes) * 1_000) / 10;
  });
  const pointing = new Map<number, number[]>();
  for (let node = 0; node < nodes; node++) {
    for (let at = directed.starts[node] ?? 0; at < (directed.starts[node + 1] ?? 0); at++) {
      const end = directed.ends[at] ?? 0;
      const known = pointing.get(end);
      if (known) known.push(node);
      else pointing.set(end, [node]);
    }
  }
  const found = findLeidenCommunities(buildGraph(nodes, links, 'undirected'), { seed });
  const sizes = new Uint32Array(found.count);
  for (const community of found.communityOf) sizes[community] = (sizes[community] ?? 0) + 1;
  const communities = Math.min(communitiesMax, sizes.filter((size) => size >= communityMin).length);
  return {
    influence,
    reached: Uint32Array.from({ length: nodes }, (_, node) => pointing.get(node)?.length ?? 0),
    communityOf: Int32Array.from(found.communityOf, (community) => (community < communities ? community : -1)),
    communities,
    modularity: found.modularity,
    leaders: order
      .toReversed()
      .filter((person) => pointing.has(person))
      .slice(0, leadersMax)
      .map((person) => ({ person, reached: (pointing.get(person) ?? []).slice(0, namedMax) })),
  };
}
