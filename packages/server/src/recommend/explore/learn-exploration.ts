import { betaThompsonPropensities, sumLinearBelief } from '@zhiyin/learn';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { featureNames } from '../answer/item-features.ts';
import { type ExploredRow, exploredQuestion } from '../quality/explored.ts';
import { type Learned, saveLearned } from './learned.ts';

const days = 28;
/** Tastes and seasons change: what was tried two weeks ago counts half. */
const halfLifeDays = 14;
/** Who was shown something a moment ago may still click. */
const settledMs = 15 * 60_000;
const rewardHours = 24;
/** Answers read at most; of more, the latest. */
const answersMax = 500_000;
const timeoutMs = 120_000;
const memoryBytesMax = 4 * 1_073_741_824;

/** Workspaces with a surface that learns from what it tries. */
export async function listLearningWorkspaces(control: ControlSession): Promise<number[]> {
  const rows = await control.query<{ id: number }>(
    `select distinct workspace_id as id from recommend_surfaces
     where settings::text like '%"thompson"%' or settings::text like '%"linucb"%' order by id`,
  );
  return rows.map(({ id }) => id);
}

/**
 * Everything that was tried and what came of it → what each surface believes now. Computed anew from the ledger: late clicks, merged
 * people and erased ones are right without further doing, and doing it twice changes nothing.
 */
export async function learnExploration(
  stores: Stores,
  workspace: Workspace,
  now: Date,
  options: { readonly settledMs?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const settledAt = new Date(now.getTime() - (options.settledMs ?? settledMs));
  const from = await findStart(stores, workspace.id, now);
  const question = exploredQuestion({
    from,
    to: now,
    surface: '',
    windowHours: rewardHours,
    zone: workspace.timeZone,
    halfLifeDays,
    settledAt,
  });
  const { rows } = await stores.events.read<ExploredRow>(workspace.id, question, {
    timeoutMs,
    memoryBytesMax,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  for (const [surface, own] of Map.groupBy(rows, (row) => row.surface)) {
    await saveLearned(stores.control, workspace.id, surface, learnFrom(own));
  }
}

async function findStart(stores: Stores, workspaceId: WorkspaceId, now: Date): Promise<Date> {
  const since = new Date(now.getTime() - days * 86_400_000);
  const { rows } = await stores.events.read<{ answers: string }>(workspaceId, {
    name: 'recommend-explored-count',
    parameters: { since },
    sql: 'SELECT count() AS answers FROM @decisions WHERE decided_at >= {since:DateTime64(3)}',
  });
  const share = Math.min(1, answersMax / Math.max(1, Number(rows[0]?.answers ?? 0)));
  return new Date(now.getTime() - share * days * 86_400_000);
}

const armsMax = 60;
/** What nobody knows about is believed to be like the mean, as if it had been tried so often. */
const priorTries = 10;
/** Spread evenly over all: nothing that was tried is ever impossible again. */
const floor = 0.05;

/** From the sums of one surface: its row without an item is the total. */
export function learnFrom(rows: readonly ExploredRow[]): Learned {
  const total = rows.find((row) => row.item_id === '');
  const items = rows
    .filter((row) => row.item_id !== '')
    .sort((a, b) => b.tried - a.tried || (a.item_id < b.item_id ? -1 : 1))
    .slice(0, armsMax);
  const tried = total?.tried ?? 0;
  const rewarded = total?.tried_rewarded ?? 0;
  // One in twenty before anything is known.
  const mean = (rewarded + 1) / (tried + 20);
  const prior = { rewarded: priorTries * mean, not: priorTries * (1 - mean) };
  const a = [...items.map((row) => prior.rewarded + row.tried_rewarded), prior.rewarded];
  const b = [...items.map((row) => prior.not + row.tried - row.tried_rewarded), prior.not];
  const chances = betaThompsonPropensities(a, b).probability.map((p) => (1 - floor) * p + floor / a.length);
  const products = total?.products ?? [];
  const belief = products.length === featureNames.length ** 2 ? sumLinearBelief(products, total!.responses) : undefined;
  return {
    version: 1,
    tried,
    rewarded,
    arms: items.map((row, at) => ({ itemId: row.item_id, share: chances[at]! })),
    untriedShare: chances.at(-1)!,
    belief: belief
      ? {
          dimensions: belief.dimensions,
          inverse: Array.from(belief.inverse),
          response: Array.from(belief.response),
        }
      : null,
  };
}
