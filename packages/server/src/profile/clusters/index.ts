/** Clusters of people by behaviour, with names that stay. Comes in: events and orders. Goes out: a computed trait and a description. */

export { behaviourFeatures } from './behaviour.ts';
export { type ClusteringResult, clusterPeople, clusterTrait } from './cluster-people.ts';
export { preparePoints } from './prepare-points.ts';
export { readBehaviour } from './read-behaviour.ts';
