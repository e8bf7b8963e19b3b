import type { Cluster, Clustering, ClusterName, CustomerRunCreate } from '@zhiyin/contract';
import {
  type Difference,
  distinguishClusters,
  fitPrincipalAxes,
  integerDraw,
  projectPoints,
  seededRandom,
} from '@zhiyin/learn';
import type { Workspace } from '../../domain/workspace.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import { saveComputedTraits } from '../computed-traits/index.ts';
import { type KeptKeys, keepKeys } from '../customers/keep-keys.ts';
import { RunFailure } from '../customers/run-failure.ts';
import { behaviourFeatures } from './behaviour.ts';
import { fitClusters } from './fit-clusters.ts';
import { nameClusters } from './name-clusters.ts';
import { preparePoints } from './prepare-points.ts';
import { type Behaviour, readBehaviour } from './read-behaviour.ts';

export const clusterTrait = 'cluster.behaviour';
/** What a run leaves behind, but for the run itself and the names that operators gave. */
export type ClusteringResult = Omit<Clustering, 'run' | 'clusters'> & {
  readonly clusters: readonly Omit<Cluster, 'label'>[];
  /** The first number that no cluster had so far. */
  readonly nextKey: number;
};

export type ClusterOptions = {
  readonly request: Extract<CustomerRunCreate, { kind: 'clusters' }>;
  readonly at: Date;
  readonly seed: number;
  /** What the last run found: its clusters keep their numbers and names where the same people are in them. */
  readonly former: Pick<ClusteringResult, 'clusters' | 'nextKey'> | null;
  readonly progress: (stage: 'read' | 'choose' | 'fit' | 'describe' | 'save', done: number) => void;
};

const peopleMin = 60;
const mapPointsMax = 1_500;
const differencesMax = 8;

/**
 * Clusters of people by how they behave: read, brought to one scale, clustered, matched with those of the last run, named, and saved as
 * a computed trait. @throws RunFailure when there are too few people.
 */
export async function clusterPeople(
  events: EventStore,
  workspace: Pick<Workspace, 'id' | 'currency' | 'timeZone'>,
  options: ClusterOptions,
): Promise<ClusteringResult> {
  const { request, at, seed, former, progress } = options;
  progress('read', 0);
  const behaviour = await readBehaviour(events, workspace, { at, who: request.who });
  if (behaviour.people.length < peopleMin) {
    throw new RunFailure(
      'too_few_people',
      `There are ${behaviour.people.length} people to cluster; at least ${peopleMin} are needed.`,
    );
  }
  const prepared = preparePoints(behaviour.points);
  if (prepared.features.length === 0) {
    throw new RunFailure('too_few_people', 'Everybody behaves the same: there is nothing to tell people apart by.');
  }
  const { points } = prepared;
  const fitted = fitClusters(points, { method: request.method, k: request.k, seed, progress });
  progress('describe', 0);
  const k = fitted.clusterOf.reduce((most, cluster) => Math.max(most, cluster), 0) + 1;
  const differences = distinguishClusters(points, fitted.clusterOf, k);
  const known = former?.clusters ?? [];
  const kept = await keepKeys(events, workspace, {
    trait: clusterTrait,
    people: behaviour.people,
    groupOf: Int32Array.from(fitted.clusterOf),
    count: k,
    formerKeys: known.map(({ key }) => key),
    nextKey: former?.nextKey ?? 1,
  });
  const formerNames = kept.formerOf.map((place) => known[place]?.name ?? null);
  const names = nameClusters(differences, prepared.features, formerNames);
  const clusters = describeClusters(behaviour, fitted.clusterOf, differences, prepared.features, names, kept);

  progress('save', 0);
  await saveComputedTraits({ events }, workspace, {
    name: clusterTrait,
    source: 'clusters',
    computedAt: at,
    covers: 'everyone',
    rows: behaviour.people.map((profileId, row) => ({
      profileId,
      value: kept.keys[fitted.clusterOf[row] ?? 0] ?? 0,
    })),
  });
  return {
    at: at.toISOString(),
    who: request.who,
    people: behaviour.people.length,
    method: fitted.method,
    k,
    kChosen: request.k === null,
    curve: fitted.curve,
    methods: fitted.methods,
    features: prepared.features.map((feature) => {
      const { key, words, unit } = behaviourFeatures[feature] as (typeof behaviourFeatures)[number];
      return { key, words, unit };
    }),
    clusters: clusters.toSorted((a, b) => b.spentMinor - a.spentMinor || a.key - b.key),
    map: drawMap(points, fitted.clusterOf, prepared.features, kept.keys, seed),
    notes: [...prepared.notes],
    nextKey: kept.nextKey,
  };
}

const spentColumn = behaviourFeatures.findIndex(({ key }) => key === 'spent');

function describeClusters(
  { points }: Behaviour,
  clusterOf: Uint32Array,
  differences: readonly (readonly Difference[])[],
  features: readonly number[],
  names: readonly ClusterName[],
  kept: KeptKeys,
): ClusteringResult['clusters'] {
  const { dimensions, values, rows } = points;
  const k = names.length;
  const people = new Float64Array(k);
  const sums = new Float64Array(k * dimensions);
  const counts = new Float64Array(k * dimensions);
  for (let row = 0; row < rows; row++) {
    const cluster = clusterOf[row] ?? 0;
    people[cluster] = (people[cluster] ?? 0) + 1;
    for (let d = 0; d < dimensions; d++) {
      const value = values[row * dimensions + d] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const at = cluster * dimensions + d;
      sums[at] = (sums[at] ?? 0) + value;
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const total = (of: Float64Array, d: number) =>
    Array.from({ length: k }, (_, cluster) => of[cluster * dimensions + d] ?? 0).reduce((sum, value) => sum + value, 0);
  const spent = total(sums, spentColumn);
  /** Of those who have a value, as they were measured: nobody understands logarithms of money. */
  const meanOf = (sum: number, count: number) => (count > 0 ? sum / count : null);
  return names.map((name, cluster) => ({
    key: kept.keys[cluster] ?? 0,
    name,
    people: people[cluster] ?? 0,
    share: (people[cluster] ?? 0) / rows,
    spentMinor: Math.round(sums[cluster * dimensions + spentColumn] ?? 0),
    spentShare: spent > 0 ? (sums[cluster * dimensions + spentColumn] ?? 0) / spent : 0,
    differences: (differences[cluster] ?? []).slice(0, differencesMax).map(({ column, effect }) => {
      const d = features[column] ?? 0;
      const [own, count] = [sums[cluster * dimensions + d] ?? 0, counts[cluster * dimensions + d] ?? 0];
      return {
        feature: behaviourFeatures[d]?.key ?? '',
        effect,
        mean: meanOf(own, count),
        others: meanOf(total(sums, d) - own, total(counts, d) - count),
      };
    }),
    overlap: kept.overlaps[cluster] ?? null,
  }));
}

/** The two directions in which people differ most, what they are made of, and a part of the people along them. */
function drawMap(
  points: Behaviour['points'],
  clusterOf: Uint32Array,
  features: readonly number[],
  keys: readonly number[],
  seed: number,
): Clustering['map'] {
  const axes = fitPrincipalAxes(points, 2);
  const placed = projectPoints(axes, points);
  const random = seededRandom(seed);
  const shown = new Set<number>();
  const wanted = Math.min(mapPointsMax, points.rows);
  while (shown.size < wanted) shown.add(wanted === points.rows ? shown.size : integerDraw(random, points.rows));
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  return {
    shares: [...axes.shares],
    axes: [...axes.shares.keys()].map((axis) =>
      features
        .map((feature, d) => ({
          feature: behaviourFeatures[feature]?.key ?? '',
          weight: round(axes.axes[axis * points.dimensions + d] ?? 0),
        }))
        .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
        .slice(0, 3),
    ),
    points: [...shown].map((row) => [
      round(placed.values[row * placed.dimensions] ?? 0),
      round(placed.dimensions > 1 ? (placed.values[row * placed.dimensions + 1] ?? 0) : 0),
      keys[clusterOf[row] ?? 0] ?? 0,
    ]),
  };
}
