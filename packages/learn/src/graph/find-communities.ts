import { type Random, seededRandom } from '../numerics/random.ts';
import type { Graph } from './graph.ts';
import { moveNodes } from './move-nodes.ts';
import {
  aggregateGraph,
  computeModularity,
  numberCommunities,
  orderBySize,
  type Partition,
  separateNodes,
  splitIntoPieces,
} from './partition.ts';
import { refinePartition } from './refine-partition.ts';

export type CommunityOptions = {
  readonly seed: number;
  /** Above 1 gives more and smaller communities. */
  readonly resolution?: number;
  /** The whole is done again from what was found, at most so often, until nothing gets better. */
  readonly roundsMax?: number;
};

/** Largest community first. */
export type Communities = Partition & { readonly modularity: number };

/**
 * Communities of an undirected graph by Leiden's algorithm: nodes move, communities are refined so that each hangs together, and the
 * graph of communities is treated like the first, until nothing moves.
 * Source: Traag, Waltman, van Eck (2019), Scientific Reports 9, 5233. Cost: about O(edges) a level.
 */
export function findLeidenCommunities(graph: Graph, options: CommunityOptions): Communities {
  return findCommunities(graph, options, (level, partition, resolution, random) =>
    refinePartition(level, partition, resolution, random),
  );
}

/**
 * The same without refining: Louvain's algorithm. Communities may fall apart inside; kept to compare with.
 * Source: Blondel, Guillaume, Lambiotte, Lefebvre (2008), J. Stat. Mech. P10008.
 */
export function findLouvainCommunities(graph: Graph, options: CommunityOptions): Communities {
  return findCommunities(graph, options, (_, partition) => partition);
}

type Refine = (graph: Graph, partition: Partition, resolution: number, random: Random) => Partition;

function findCommunities(graph: Graph, options: CommunityOptions, refine: Refine): Communities {
  const { seed, resolution = 1, roundsMax = 10 } = options;
  const random = seededRandom(seed);
  let best = separateNodes(graph.nodes);
  let modularity = computeModularity(graph, best.communityOf, resolution);
  for (let round = 0; round < roundsMax; round++) {
    const found = runRound(graph, best, resolution, random, refine);
    const reached = computeModularity(graph, found.communityOf, resolution);
    if (reached <= modularity + 1e-12) break;
    [best, modularity] = [found, reached];
  }
  return { ...orderBySize(best), modularity };
}

/** From the nodes up through graphs of communities until none of them moves. */
function runRound(graph: Graph, start: Partition, resolution: number, random: Random, refine: Refine): Partition {
  let level = graph;
  let partition: Partition = { communityOf: start.communityOf.slice(), count: start.count };
  /** Which node of the present level each node of the first is in. */
  let nodeOf = separateNodes(graph.nodes).communityOf;
  for (;;) {
    moveNodes(level, partition, resolution, random);
    partition = numberCommunities(partition.communityOf);
    if (partition.count === level.nodes) break;
    let refined = refine(level, partition, resolution, random);
    // Nothing merged: go on with what hangs together, or the levels would never get smaller.
    if (refined.count === level.nodes) refined = splitIntoPieces(level, partition);
    const communityOf = new Uint32Array(refined.count);
    for (let node = 0; node < level.nodes; node++) communityOf[refined.communityOf[node]] = partition.communityOf[node];
    nodeOf = nodeOf.map((node) => refined.communityOf[node]);
    level = aggregateGraph(level, refined);
    partition = { communityOf, count: partition.count };
  }
  return numberCommunities(nodeOf.map((node) => partition.communityOf[node]));
}
