import { DomainError, ShapeError } from '../errors.ts';

/** Nodes 0 to n − 1 with weighted edges, compressed by row: the edges of node i lie at `starts[i]` to `starts[i + 1]`. Plain data. */
export type Graph = {
  readonly nodes: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly weights: Float64Array;
};

/** Edges as three vectors of one length. */
export type Edges = {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  /** 1 each when left out. */
  readonly weight?: ArrayLike<number>;
};

/**
 * Edges between the same two nodes become one with their weights summed. Undirected graphs hold each edge at both of its ends; an
 * edge of a node with itself counts twice there, as everywhere in the theory of modularity. Cost: O(nodes + edges).
 * @throws ShapeError when lengths differ; DomainError on a node that does not exist or a weight that is not positive.
 */
export function buildGraph(nodes: number, edges: Edges, kind: 'directed' | 'undirected'): Graph {
  const { from, to, weight } = edges;
  if (from.length !== to.length || (weight && weight.length !== from.length)) {
    throw new ShapeError(
      `buildGraph: ${from.length} starts, ${to.length} ends, ${weight?.length ?? from.length} weights`,
    );
  }
  const counts = new Uint32Array(nodes + 1);
  for (let edge = 0; edge < from.length; edge++) {
    checkEdge(nodes, from[edge], to[edge], weight ? weight[edge] : 1, edge);
    counts[from[edge] + 1]++;
    if (kind === 'undirected') counts[to[edge] + 1]++;
  }
  for (let node = 0; node < nodes; node++) counts[node + 1] += counts[node];
  const places = counts.slice();
  const ends = new Uint32Array(counts[nodes]);
  const weights = new Float64Array(counts[nodes]);
  const put = (node: number, end: number, value: number) => {
    ends[places[node]] = end;
    weights[places[node]++] = value;
  };
  for (let edge = 0; edge < from.length; edge++) {
    const value = weight ? weight[edge] : 1;
    put(from[edge], to[edge], value);
    if (kind === 'undirected') put(to[edge], from[edge], value);
  }
  return mergeParallel({ nodes, starts: counts, ends, weights });
}

/** The sum of the weights of a node's edges, per node. */
export function nodeStrengths(graph: Graph): Float64Array {
  const strengths = new Float64Array(graph.nodes);
  for (let node = 0; node < graph.nodes; node++) {
    for (let at = graph.starts[node]; at < graph.starts[node + 1]; at++) strengths[node] += graph.weights[at];
  }
  return strengths;
}

function mergeParallel(graph: Graph): Graph {
  const { nodes, starts, ends, weights } = graph;
  const placeOf = new Int32Array(nodes).fill(-1);
  const mergedStarts = new Uint32Array(nodes + 1);
  let kept = 0;
  for (let node = 0; node < nodes; node++) {
    const first = kept;
    for (let at = starts[node]; at < starts[node + 1]; at++) {
      const end = ends[at];
      if (placeOf[end] >= first) weights[placeOf[end]] += weights[at];
      else {
        placeOf[end] = kept;
        ends[kept] = end;
        weights[kept++] = weights[at];
      }
    }
    mergedStarts[node + 1] = kept;
  }
  return { nodes, starts: mergedStarts, ends: ends.slice(0, kept), weights: weights.slice(0, kept) };
}

function checkEdge(nodes: number, from: number, to: number, weight: number, edge: number): void {
  if (!(from >= 0 && from < nodes && to >= 0 && to < nodes)) {
    throw new DomainError(`buildGraph: edge ${edge} joins ${from} and ${to}, nodes are 0 to ${nodes - 1}`);
  }
  if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`buildGraph: edge ${edge} weighs ${weight}; weights must be positive and finite`);
  }
}
