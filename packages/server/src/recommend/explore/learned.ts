import type { LinearBelief } from '@zhiyin/learn';
import { z } from 'zod';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';

/** What exploration has learned on one surface, kept by the control store and read by every server. */
const learnedSchema = z.object({
  version: z.literal(1),
  /** Tries with their rewards, old ones counting less. */
  tried: z.number(),
  rewarded: z.number(),
  /** Chance of each item to be the best of all that were tried; together with that of one never tried they add up to 1. */
  arms: z.array(z.object({ itemId: z.string(), share: z.number() })),
  untriedShare: z.number(),
  /** Σ of rewards by features: the belief of LinUCB. Null: nothing with features was tried yet. */
  belief: z
    .object({ dimensions: z.number().int(), inverse: z.array(z.number()), response: z.array(z.number()) })
    .nullable(),
});
export type Learned = z.infer<typeof learnedSchema>;
export type LearnedSurface = Learned & { readonly surface: string; readonly learnedAt: Date };

export async function loadLearned(
  control: ControlSession,
  workspaceId: WorkspaceId,
  since: Date = new Date(0),
): Promise<LearnedSurface[]> {
  const rows = await control
    .of(workspaceId)
    .query<{ surface: string; learned: unknown; learned_at: Date }>(
      'select surface, learned, learned_at from recommend_learned where workspace_id = $1 and learned_at > $2',
      [since],
    );
  return rows.flatMap((row) => {
    const parsed = learnedSchema.safeParse(row.learned);
    return parsed.success ? [{ ...parsed.data, surface: row.surface, learnedAt: row.learned_at }] : [];
  });
}

export async function saveLearned(
  control: ControlSession,
  workspaceId: WorkspaceId,
  surface: string,
  learned: Learned,
): Promise<void> {
  await control.of(workspaceId).query(
    `insert into recommend_learned (workspace_id, surface, learned) values ($1, $2, $3)
     on conflict (workspace_id, surface) do update set learned = excluded.learned, learned_at = now()`,
    [surface, JSON.stringify(learned)],
  );
}

export const toBelief = ({ dimensions, inverse, response }: NonNullable<Learned['belief']>): LinearBelief => ({
  kind: 'linear-belief',
  version: 1,
  dimensions,
  inverse: Float64Array.from(inverse),
  response: Float64Array.from(response),
});
