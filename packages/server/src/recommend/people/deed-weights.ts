import { type DeedWeights, deedWeightsSchema, type RecommendWeights } from '@zhiyin/contract';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { announceRecommend } from '../models/model-registry.ts';
import { deedNames, deedOfCode, deeds } from './deeds.ts';
import { deedParameters, deedsSql } from './deeds-sql.ts';

export const defaultWeights = Object.fromEntries(
  deedNames.map((name) => [name, { weight: deeds[name].weight, halfLifeDays: deeds[name].halfLifeDays }]),
) as DeedWeights;

/** Weights by the code of a deed; index 0 is unused. */
export type CompiledWeights = { readonly weightOfCode: Float64Array; readonly halfLifeMsOfCode: Float64Array };

export function compileWeights(weights: DeedWeights): CompiledWeights {
  return {
    weightOfCode: Float64Array.from([0, ...deedNames.map((name) => weights[name].weight)]),
    halfLifeMsOfCode: Float64Array.from([1, ...deedNames.map((name) => weights[name].halfLifeDays * 86_400_000)]),
  };
}

export async function loadDeedWeights(
  control: ControlSession,
  workspaceId: WorkspaceId,
): Promise<{ weights: DeedWeights; updatedAt: Date | null }> {
  const [row] = await control
    .of(workspaceId)
    .query<{ weights: unknown; updated_at: Date }>(
      'select weights, updated_at from recommend_weights where workspace_id = $1',
    );
  const parsed = deedWeightsSchema.safeParse(row?.weights);
  return parsed.success
    ? { weights: parsed.data, updatedAt: row!.updated_at }
    : { weights: defaultWeights, updatedAt: null };
}

type Audit = (session: ControlSession) => Promise<void>;

/** Undefined: back to the weights of the program. */
export async function saveDeedWeights(
  stores: Stores,
  workspace: Workspace,
  weights: DeedWeights | undefined,
  audit: Audit,
): Promise<RecommendWeights> {
  await stores.control.transaction(async (session) => {
    const own = session.of(workspace.id);
    if (weights) {
      await own.query(
        `insert into recommend_weights (workspace_id, weights) values ($1, $2)
         on conflict (workspace_id) do update set weights = excluded.weights, updated_at = now()`,
        [JSON.stringify(weights)],
      );
    } else await own.query('delete from recommend_weights where workspace_id = $1');
    await audit(session);
    await announceRecommend(session, workspace.id);
  });
  return readDeedWeights(stores, workspace);
}

const daysCounted = 30;

export async function readDeedWeights(stores: Stores, workspace: Workspace): Promise<RecommendWeights> {
  const [{ weights, updatedAt }, counts] = await Promise.all([
    loadDeedWeights(stores.control, workspace.id),
    stores.events.read<{ deed: number; deeds: string; people: string }>(workspace.id, {
      name: 'recommend-deeds',
      parameters: { ...deedParameters, since: new Date(Date.now() - daysCounted * 86_400_000) },
      sql: `SELECT deed, count() AS deeds, uniq(person) AS people
            FROM (${deedsSql({ person: 'profile_id', where: 'occurred_at >= {since:DateTime64(3)}', withReviews: true })})
            WHERE item_id != '' GROUP BY deed`,
    }),
  ]);
  const countOf = new Map(counts.rows.map((row) => [deedOfCode[row.deed], row]));
  return {
    weights,
    defaults: defaultWeights,
    deeds30d: deedNames.map((deed) => ({
      deed,
      deeds: Number(countOf.get(deed)?.deeds ?? 0),
      people: Number(countOf.get(deed)?.people ?? 0),
    })),
    updatedAt: updatedAt?.toISOString() ?? null,
  };
}
