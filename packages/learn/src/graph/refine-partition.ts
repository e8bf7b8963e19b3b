import { type Random, shuffle } from '../numerics/random.ts';
import { type Graph, nodeStrengths } from './graph.ts';
import { weighCommunities } from './move-nodes.ts';
import { membersOf, numberCommunities, type Partition, separateNodes } from './partition.ts';

/** How freely merges are drawn: small takes nearly always the best. In units of the mean weight of an edge. */
const randomness = 0.01;

/**
 * Splits communities into parts that hang together well: within each community nodes start alone and merge with parts they are well
 * connected to, drawn in favour of the larger gain. Merges never lose modularity and never reach outside of the community.
 * Source: Traag, Waltman, van Eck (2019), algorithm A.2, refine and merge.
 */
export function refinePartition(graph: Graph, partition: Partition, resolution: number, random: Random): Partition {
  const strengths = nodeStrengths(graph);
  const total = strengths.reduce((sum, strength) => sum + strength, 0);
  const parts = separateNodes(graph.nodes);
  if (!(total > 0)) return parts;
  const state: Refining = {
    graph,
    partition,
    parts: parts.communityOf,
    strengths,
    partStrengths: strengths.slice(),
    partSizes: new Uint32Array(graph.nodes).fill(1),
    cuts: new Float64Array(graph.nodes),
    towards: new Float64Array(graph.nodes),
    price: resolution / total,
    temperature: (randomness * total) / Math.max(1, graph.ends.length),
  };
  const members = membersOf(partition);
  for (let c = 0; c < partition.count; c++) {
    refineCommunity(state, shuffle(members.nodes.slice(members.starts[c], members.starts[c + 1]), random), random);
  }
  return numberCommunities(parts.communityOf);
}

type Refining = {
  readonly graph: Graph;
  readonly partition: Partition;
  readonly parts: Uint32Array;
  readonly strengths: Float64Array;
  readonly partStrengths: Float64Array;
  readonly partSizes: Uint32Array;
  /** Weight between a part and the rest of its community. */
  readonly cuts: Float64Array;
  readonly towards: Float64Array;
  readonly price: number;
  readonly temperature: number;
};

function refineCommunity(state: Refining, nodes: Uint32Array, random: Random): void {
  const { graph, partition, parts, strengths, partStrengths, partSizes, cuts, towards, price } = state;
  let whole = 0;
  for (const node of nodes) {
    whole += strengths[node];
    for (let at = graph.starts[node]; at < graph.starts[node + 1]; at++) {
      const other = graph.ends[at];
      if (other !== node && partition.communityOf[other] === partition.communityOf[node])
        cuts[node] += graph.weights[at];
    }
  }
  const isWellConnected = (part: number) => cuts[part] >= price * partStrengths[part] * (whole - partStrengths[part]);
  for (const node of nodes) {
    if (partSizes[parts[node]] !== 1 || !isWellConnected(parts[node])) continue;
    const own = parts[node];
    const touched = weighCommunities(graph, node, parts, towards);
    const candidates: number[] = [];
    const gains: number[] = [];
    for (const part of touched) {
      if (part === own || !isInside(state, part, node) || !isWellConnected(part)) continue;
      const gain = towards[part] - price * strengths[node] * partStrengths[part];
      if (gain < 0) continue;
      candidates.push(part);
      gains.push(gain);
    }
    const chosen = candidates.length > 0 ? candidates[drawByGain(gains, state.temperature, random)] : own;
    if (chosen !== own) {
      cuts[chosen] += cuts[own] - 2 * towards[chosen];
      partStrengths[chosen] += partStrengths[own];
      partSizes[chosen] += 1;
      partStrengths[own] = 0;
      partSizes[own] = 0;
      cuts[own] = 0;
      parts[node] = chosen;
    }
    for (const part of touched) towards[part] = 0;
  }
}

/** A part is named after the node it began with, which never leaves it once others joined. */
function isInside({ partition }: Refining, part: number, node: number): boolean {
  return partition.communityOf[part] === partition.communityOf[node];
}

function drawByGain(gains: readonly number[], temperature: number, random: Random): number {
  const most = Math.max(...gains);
  const weights = gains.map((gain) => Math.exp((gain - most) / temperature));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.length - 1;
}
