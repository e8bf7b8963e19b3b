import type { RecommendExploration, RecommendExplorationQuery } from '@zhiyin/contract';
import { startOfDay } from '../../domain/calendar.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { featureNames } from '../answer/item-features.ts';
import { loadItemsById } from '../catalogue/load-items.ts';
import { type LearnedSurface, loadLearned } from '../explore/learned.ts';
import { loadSurfaces } from '../surfaces/manage-surfaces.ts';
import { type ExploredRow, exploredQuestion } from './explored.ts';
import { wilsonInterval } from './wilson-interval.ts';

type Surface = RecommendExploration['surfaces'][number];

const timeoutMs = 60_000;
const itemsListed = 50;

/** By surface: what was tried, what that cost beside the same places left as ranked, and what is believed now. */
export async function readExploration(
  stores: Stores,
  workspace: Workspace,
  query: RecommendExplorationQuery,
  now: Date = new Date(),
): Promise<RecommendExploration> {
  const question = exploredQuestion({
    from: startOfDay(query.from, workspace.timeZone),
    to: startOfDay(query.to, workspace.timeZone),
    surface: query.surface ?? '',
    windowHours: query.windowHours,
    zone: workspace.timeZone,
  });
  const [explored, learned, surfaces] = await Promise.all([
    stores.events.read<ExploredRow>(workspace.id, question, { timeoutMs }),
    loadLearned(stores.control, workspace.id),
    loadSurfaces(stores.control, workspace),
  ]);
  const groups = Map.groupBy(explored.rows, (row) => row.surface);
  const listed = new Map([...groups].map(([surface, rows]) => [surface, mostTried(rows)]));
  const ids = [...new Set([...listed.values()].flatMap((rows) => rows.map((row) => row.item_id)))];
  const named = ids.length > 0 ? await loadItemsById(stores.events, workspace.id, ids) : [];
  const nameOf = new Map(named.map((item) => [item.itemId, item.name]));
  return {
    surfaces: [...groups].map(([surface, rows]) => {
      const rules = surfaces.get(surface)?.rules;
      const own = learned.find((one) => one.surface === surface);
      return {
        surface,
        method: rules?.explorationMethod ?? 'off',
        budget: rules?.exploration ?? 0,
        ...summarise(rows.find((row) => row.item_id === '')),
        items: listed.get(surface)!.map((row) => ({
          itemId: row.item_id,
          name: nameOf.get(row.item_id) ?? '',
          ...countTried(row.tried, row.tried_rewarded),
          share: rules?.explorationMethod === 'thompson' ? shareOf(own, row.item_id) : null,
        })),
        features: featuresOf(own),
        learnedAt: own?.learnedAt.toISOString() ?? null,
      };
    }),
    queries: [{ name: question.name, statement: explored.statement, elapsedMs: explored.elapsedMs }],
    asOf: now.toISOString(),
  };
}

const mostTried = (rows: readonly ExploredRow[]): ExploredRow[] =>
  rows
    .filter((row) => row.item_id !== '')
    .sort((a, b) => b.tried - a.tried || (a.item_id < b.item_id ? -1 : 1))
    .slice(0, itemsListed);

const countTried = (shown: number, rewarded: number): Surface['tried'] => ({
  shown: Math.round(shown),
  rewarded: Math.round(rewarded),
  rate: wilsonInterval(Math.round(rewarded), Math.round(shown)),
});

/** Chance decided in each place whether it was tried or left: the difference of the two rates is what trying changed. */
export function summarise(total: ExploredRow | undefined): Pick<Surface, 'spent' | 'tried' | 'ranked' | 'cost'> {
  const tried = countTried(total?.tried ?? 0, total?.tried_rewarded ?? 0);
  const ranked = countTried(total?.ranked ?? 0, total?.ranked_rewarded ?? 0);
  const spread = (one: Surface['tried']) => (one.rate.value * (1 - one.rate.value)) / Math.max(1, one.shown);
  const difference = ranked.rate.value - tried.rate.value;
  const half = 1.96 * Math.sqrt(spread(tried) + spread(ranked));
  return {
    spent: total && total.places > 0 ? total.tried / total.places : 0,
    tried,
    ranked,
    cost: {
      value: tried.shown * difference,
      low: tried.shown * (difference - half),
      high: tried.shown * (difference + half),
    },
  };
}

const shareOf = (learned: LearnedSurface | undefined, itemId: string): number | null =>
  learned ? (learned.arms.find((arm) => arm.itemId === itemId)?.share ?? learned.untriedShare) : null;

function featuresOf(learned: LearnedSurface | undefined): Surface['features'] {
  const belief = learned?.belief;
  if (!belief || belief.dimensions !== featureNames.length) return [];
  const rate = Math.min(0.95, Math.max(0.05, learned.tried > 0 ? learned.rewarded / learned.tried : 0));
  return featureNames.map((name, i) => ({
    name,
    weight: featureNames.reduce(
      (sum, _, j) => sum + belief.inverse[i * featureNames.length + j]! * belief.response[j]!,
      0,
    ),
    deviation: Math.sqrt(rate * (1 - rate) * Math.max(0, belief.inverse[i * featureNames.length + i]!)),
  }));
}
