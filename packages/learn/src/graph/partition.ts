import { type Graph, nodeStrengths } from './graph.ts';

/** Which community each node is in, 0 to `count` − 1. */
export type Partition = { readonly communityOf: Uint32Array; readonly count: number };

/**
 * How much more weight lies within communities than would by chance with the same strengths: −½ to 1.
 * Σ over communities of (inside / total − resolution · (strength / total)²). Source: Newman and Girvan (2004).
 */
export function computeModularity(graph: Graph, communityOf: Uint32Array, resolution = 1): number {
  const strengths = nodeStrengths(graph);
  const total = strengths.reduce((sum, strength) => sum + strength, 0);
  if (!(total > 0)) return 0;
  const count = communityOf.reduce((most, community) => Math.max(most, community), -1) + 1;
  const inside = new Float64Array(count);
  const outside = new Float64Array(count);
  for (let node = 0; node < graph.nodes; node++) {
    const own = communityOf[node];
    outside[own] += strengths[node];
    for (let at = graph.starts[node]; at < graph.starts[node + 1]; at++) {
      if (communityOf[graph.ends[at]] === own) inside[own] += graph.weights[at];
    }
  }
  let modularity = 0;
  for (let c = 0; c < count; c++) modularity += inside[c] / total - resolution * (outside[c] / total) ** 2;
  return modularity;
}

/** Each on its own. */
export function separateNodes(nodes: number): Partition {
  return { communityOf: Uint32Array.from({ length: nodes }, (_, node) => node), count: nodes };
}

/** Numbers communities anew from 0, in the order in which their first nodes come. */
export function numberCommunities(communityOf: Uint32Array): Partition {
  const numbers = new Map<number, number>();
  const numbered = communityOf.map((community) => {
    const known = numbers.get(community) ?? numbers.size;
    numbers.set(community, known);
    return known;
  });
  return { communityOf: numbered, count: numbers.size };
}

/** Largest community first; of equals, the one whose first node comes first. */
export function orderBySize(partition: Partition): Partition {
  const { communityOf, count } = numberCommunities(partition.communityOf);
  const sizes = new Float64Array(count);
  for (const community of communityOf) sizes[community]++;
  const order = Array.from({ length: count }, (_, c) => c).sort((a, b) => sizes[b] - sizes[a] || a - b);
  const rankOf = new Uint32Array(count);
  order.forEach((community, rank) => {
    rankOf[community] = rank;
  });
  return { communityOf: communityOf.map((community) => rankOf[community]), count };
}

/** One node per community; what lies within becomes its edge with itself. */
export function aggregateGraph(graph: Graph, partition: Partition): Graph {
  const { communityOf, count } = partition;
  const members = membersOf(partition);
  const starts = new Uint32Array(count + 1);
  const ends: number[] = [];
  const weights: number[] = [];
  const sums = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    const touched: number[] = [];
    for (let m = members.starts[c]; m < members.starts[c + 1]; m++) {
      const node = members.nodes[m];
      for (let at = graph.starts[node]; at < graph.starts[node + 1]; at++) {
        const other = communityOf[graph.ends[at]];
        if (sums[other] === 0) touched.push(other);
        sums[other] += graph.weights[at];
      }
    }
    for (const other of touched) {
      ends.push(other);
      weights.push(sums[other]);
      sums[other] = 0;
    }
    starts[c + 1] = ends.length;
  }
  return { nodes: count, starts, ends: Uint32Array.from(ends), weights: Float64Array.from(weights) };
}

/** Nodes by community: those of community c lie at `starts[c]` to `starts[c + 1]`. */
export function membersOf({ communityOf, count }: Partition): { starts: Uint32Array; nodes: Uint32Array } {
  const starts = new Uint32Array(count + 1);
  for (const community of communityOf) starts[community + 1]++;
  for (let c = 0; c < count; c++) starts[c + 1] += starts[c];
  const places = starts.slice();
  const nodes = new Uint32Array(communityOf.length);
  communityOf.forEach((community, node) => {
    nodes[places[community]++] = node;
  });
  return { starts, nodes };
}

/** Communities that fall apart become one each of their pieces. */
export function splitIntoPieces(graph: Graph, { communityOf }: Partition): Partition {
  const pieceOf = new Int32Array(graph.nodes).fill(-1);
  let count = 0;
  for (let first = 0; first < graph.nodes; first++) {
    if (pieceOf[first] >= 0) continue;
    const stack = [first];
    pieceOf[first] = count;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (let at = graph.starts[node]; at < graph.starts[node + 1]; at++) {
        const other = graph.ends[at];
        if (pieceOf[other] >= 0 || communityOf[other] !== communityOf[first]) continue;
        pieceOf[other] = count;
        stack.push(other);
      }
    }
    count++;
  }
  return { communityOf: Uint32Array.from(pieceOf), count };
}
