import type { ProfileId, WorkspaceId } from '../../domain/ids.ts';
import { toInstant } from '../../domain/rows.ts';
import type { Stores } from '../../storage/stores.ts';

export type ComputedTrait = {
  readonly name: string;
  readonly value: unknown;
  readonly source: string;
  readonly computedAt: string;
};

/** What is computed of one person, by name. */
export async function readComputedTraits(
  stores: Pick<Stores, 'events'>,
  workspaceId: WorkspaceId,
  profileId: ProfileId,
): Promise<ComputedTrait[]> {
  const { rows } = await stores.events.read<{ name: string; value: string; source: string; computed_at: string }>(
    workspaceId,
    {
      name: 'person-computed-traits',
      parameters: { profile: profileId },
      sql: `
        SELECT name, value, source, computed_at
        FROM @computed_traits
        WHERE profile_id = {profile:UInt64} AND deleted = 0
        ORDER BY name
        LIMIT 500`,
    },
  );
  return rows.map((row) => ({
    name: row.name,
    value: JSON.parse(row.value),
    source: row.source,
    computedAt: toInstant(row.computed_at),
  }));
}
