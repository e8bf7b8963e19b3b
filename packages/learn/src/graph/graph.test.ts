import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { computePageRank } from './compute-page-rank.ts';
import { findLeidenCommunities, findLouvainCommunities } from './find-communities.ts';
import { buildGraph, type Graph } from './graph.ts';
import { computeModularity, splitIntoPieces } from './partition.ts';

/** Zachary (1977): who met whom outside of the karate club; members 1 to 34. */
const clubLinks = [
  '1:2 3 4 5 6 7 8 9 11 12 13 14 18 20 22 32',
  '2:3 4 8 14 18 20 22 31',
  '3:4 8 9 10 14 28 29 33',
  '4:8 13 14',
  '5:7 11',
  '6:7 11 17',
  '7:17',
  '9:31 33 34',
  '10:34',
  '14:34',
  '15:33 34',
  '16:33 34',
  '19:33 34',
  '20:34',
  '21:33 34',
  '23:33 34',
  '24:26 28 30 33 34',
  '25:26 28 32',
  '26:32',
  '27:30 34',
  '28:34',
  '29:32 34',
  '30:33 34',
  '31:33 34',
  '32:33 34',
  '33:34',
].flatMap((line) => {
  const [from = '', ends = ''] = line.split(':');
  return ends.split(' ').map((to) => [Number(from) - 1, Number(to) - 1] as const);
});
const club = graphOf(34, clubLinks);

function graphOf(
  nodes: number,
  links: readonly (readonly [number, number])[],
  kind: 'directed' | 'undirected' = 'undirected',
): Graph {
  return buildGraph(nodes, { from: links.map(([from]) => from), to: links.map(([, to]) => to) }, kind);
}

describe('PageRank', () => {
  it('gives the values of Langville and Meyer for their six pages', () => {
    const links = ['1 2', '1 3', '3 1', '3 2', '3 5', '4 5', '4 6', '5 4', '5 6', '6 4'].map((link) => {
      const [from, to] = link.split(' ').map((page) => Number(page) - 1);
      return [from, to] as const;
    });
    const { ranks, converged } = computePageRank(graphOf(6, links as never, 'directed'), { damping: 0.9 });
    expect(converged).toBe(true);
    for (const [page, rank] of [0.03721, 0.05396, 0.04151, 0.37508, 0.206, 0.28624].entries()) {
      expect(Math.abs((ranks[page] ?? 0) - rank)).toBeLessThan(1e-5);
    }
  });

  it('finds the two leaders of the karate club first', () => {
    const { ranks } = computePageRank(club);
    const order = [...ranks.keys()].sort((a, b) => (ranks[b] ?? 0) - (ranks[a] ?? 0));
    expect(order.slice(0, 3)).toEqual([33, 0, 32]);
    expect(ranks[33]).toBeCloseTo(0.100918, 5);
    expect(ranks[0]).toBeCloseTo(0.097002, 5);
  });

  it('is the stationary share of its own random walk, and starts where it is told to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.nat(10_000),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        (nodes, seed, damping) => {
          const random = seededRandom(seed);
          const links = Array.from(
            { length: nodes * 2 },
            () => [Math.floor(random() * nodes), Math.floor(random() * nodes)] as const,
          );
          const graph = graphOf(nodes, links, 'directed');
          const startAt = Float64Array.from({ length: nodes }, (_, node) => (node === 0 ? 1 : random()));
          const total = startAt.reduce((sum, weight) => sum + weight, 0);
          const { ranks } = computePageRank(graph, { damping, startAt, tolerance: 1e-13, iterationsMax: 2_000 });
          expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(1, 10);
          for (let node = 0; node < nodes; node++) {
            let flow = 0;
            for (let from = 0; from < nodes; from++) {
              const out = weightsFrom(graph, from);
              const share = out.total > 0 ? (out.to.get(node) ?? 0) / out.total : (startAt[node] ?? 0) / total;
              flow += (ranks[from] ?? 0) * share;
            }
            expect(ranks[node]).toBeCloseTo(damping * flow + ((1 - damping) * (startAt[node] ?? 0)) / total, 9);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('names what it cannot rank', () => {
    expect(() => graphOf(2, [[0, 2]])).toThrow(/edge 0 joins 0 and 2, nodes are 0 to 1/);
    expect(() => buildGraph(2, { from: [0], to: [1], weight: [Number.NaN] }, 'directed')).toThrow(/weighs NaN/);
    expect(() => computePageRank(club, { damping: 1 })).toThrow(/below 1, got 1/);
    expect([...computePageRank(graphOf(3, [])).ranks]).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
});

describe('communities', () => {
  it('reach the greatest modularity of the karate club, .4198, in the four known communities', () => {
    for (const seed of [1, 2, 3]) {
      const found = findLeidenCommunities(club, { seed });
      expect(found.modularity).toBeCloseTo(0.4197896, 6);
      expect(found.modularity).toBeCloseTo(computeModularity(club, found.communityOf), 12);
      const groups = Array.from({ length: found.count }, (_, c) =>
        [...found.communityOf.keys()].filter((node) => found.communityOf[node] === c).map((node) => node + 1),
      );
      expect(groups).toContainEqual([5, 6, 7, 11, 17]);
      expect(groups).toContainEqual([24, 25, 26, 28, 29, 32]);
      expect(groups).toHaveLength(4);
    }
    expect(findLouvainCommunities(club, { seed: 1 }).modularity).toBeGreaterThan(0.41);
  });

  it('of a ring of cliques are the cliques', () => {
    const links = Array.from({ length: 8 }, (_, clique) => {
      const within = [0, 1, 2, 3, 4].flatMap((a) =>
        [0, 1, 2, 3, 4].filter((b) => b > a).map((b) => [clique * 5 + a, clique * 5 + b] as const),
      );
      return [...within, [clique * 5, (((clique + 1) % 8) * 5 + 1) as number] as const];
    }).flat();
    const graph = graphOf(40, links);
    const found = findLeidenCommunities(graph, { seed: 5 });
    expect([...found.communityOf]).toEqual(
      Array.from({ length: 40 }, (_, node) => found.communityOf[node - (node % 5)]),
    );
    expect(found.count).toBe(8);
    // By hand: 10 of 11 edges of each clique lie within, and each has an eighth of all strength.
    expect(found.modularity).toBeCloseTo(10 / 11 - 1 / 8, 12);
  });

  it('hang together, are never worse than each node alone, and come out the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(10_000), (nodes, seed) => {
        const random = seededRandom(seed);
        const links = Array.from(
          { length: Math.ceil(nodes * 1.5) },
          () => [Math.floor(random() * nodes), Math.floor(random() * nodes)] as const,
        );
        const graph = graphOf(nodes, links);
        const found = findLeidenCommunities(graph, { seed });
        expect(splitIntoPieces(graph, found).count).toBe(found.count);
        const alone = Uint32Array.from({ length: nodes }, (_, node) => node);
        expect(found.modularity).toBeGreaterThanOrEqual(computeModularity(graph, alone) - 1e-12);
        expect(findLeidenCommunities(graph, { seed })).toEqual(found);
      }),
      { numRuns: 60 },
    );
  });
});

function weightsFrom(graph: Graph, node: number): { total: number; to: Map<number, number> } {
  const to = new Map<number, number>();
  let total = 0;
  for (let at = graph.starts[node] ?? 0; at < (graph.starts[node + 1] ?? 0); at++) {
    to.set(graph.ends[at] ?? -1, graph.weights[at] ?? 0);
    total += graph.weights[at] ?? 0;
  }
  return { total, to };
}
