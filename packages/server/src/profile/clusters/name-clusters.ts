import type { ClusterName } from '@zhiyin/contract';
import { assignMost, type Difference } from '@zhiyin/learn';
import { behaviourFeatures, clusterArchetypes } from './behaviour.ts';

type Archetype = keyof typeof clusterArchetypes;
const archetypes = Object.keys(clusterArchetypes) as Archetype[];
/** Mean effect along the features of a name: below this it would be flattery. */
const fitMin = 0.35;
/** A name that somebody knows already stays as long as it is not plainly wrong. */
const fitToKeep = 0.1;
/** One very large effect does not make a name of several features fit. */
const effectMax = 2;

/**
 * A name for each cluster from what sets it apart, each name once: the naming that fits best in all. Clusters that go on from an earlier
 * one keep its name while it still holds.
 * @param differences per cluster, columns numbered as in `features`.
 * @param former name of the cluster that each goes on from.
 */
export function nameClusters(
  differences: readonly (readonly Difference[])[],
  features: readonly number[],
  former: readonly (ClusterName | null)[] = [],
): readonly ClusterName[] {
  const fits = differences.map((own) => archetypes.map((name) => fitOf(name, own, features)));
  const names: (ClusterName | undefined)[] = fits.map((own, cluster) => {
    const known = former[cluster];
    if (!known || known === 'by_feature') return undefined;
    return (own[archetypes.indexOf(known)] ?? 0) >= fitToKeep ? known : undefined;
  });
  const free = archetypes.filter((name) => !names.includes(name));
  const nameless = [...names.keys()].filter((cluster) => names[cluster] === undefined);
  const worth = Float64Array.from(
    nameless.flatMap((cluster) =>
      free.map((name) => {
        const fit = fits[cluster]?.[archetypes.indexOf(name)] ?? 0;
        return fit >= fitMin ? fit : 0;
      }),
    ),
  );
  const chosen = assignMost(worth, nameless.length, free.length);
  nameless.forEach((cluster, row) => {
    const column = chosen[row] ?? -1;
    const name = free[column];
    names[cluster] = name && (worth[row * free.length + column] ?? 0) > 0 ? name : 'by_feature';
  });
  return names.map((name) => name ?? 'by_feature');
}

function fitOf(name: Archetype, differences: readonly Difference[], features: readonly number[]): number {
  const wanted = Object.entries(clusterArchetypes[name]) as [string, 1 | -1][];
  let sum = 0;
  for (const [key, sign] of wanted) {
    const column = features.findIndex((feature) => behaviourFeatures[feature]?.key === key);
    const effect = differences.find((difference) => difference.column === column)?.effect ?? 0;
    sum += Math.max(-effectMax, Math.min(effectMax, effect)) * sign;
  }
  return sum / wanted.length;
}
