import type { PersonAudience, Tag } from '@zhiyin/contract';
import { toInstant } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { currentProfile, identitiesOf } from '../profile-identities.ts';

/** Tags that somebody has, most people first. */
export async function listTags(stores: Stores, workspace: Workspace): Promise<Tag[]> {
  const { rows } = await stores.events.read<{ tag: string; people: string; changed_at: string }>(workspace.id, {
    name: 'tags',
    sql: `
      SELECT tag, uniqExact(profile_id) AS people, max(changed_at) AS changed_at
      FROM @person_tags
      GROUP BY tag
      ORDER BY people DESC, tag
      LIMIT 1000`,
  });
  return rows.map((row) => ({ tag: row.tag, people: Number(row.people), changedAt: toInstant(row.changed_at) }));
}

/** Tags and lists of one person. */
export async function getPersonAudience(stores: Stores, workspace: Workspace, id: string): Promise<PersonAudience> {
  const profileId = await currentProfile(stores, workspace.id, id);
  const identities = (await identitiesOf(stores, workspace.id, [profileId])).get(profileId) ?? [];
  const mine = 'deleted = 0 AND identity_id IN {identities:Array(UInt64)}';
  const [tags, members] = await Promise.all([
    stores.events.read<{ tag: string; at: string }>(workspace.id, {
      name: 'person-tags',
      parameters: { identities },
      sql: `SELECT tag, max(changed_at) AS at FROM @tags WHERE ${mine} GROUP BY tag ORDER BY tag LIMIT 500`,
    }),
    stores.events.read<{ list_id: number }>(workspace.id, {
      name: 'person-lists',
      parameters: { identities },
      sql: `SELECT DISTINCT list_id FROM @list_members WHERE ${mine} LIMIT 500`,
    }),
  ]);
  const lists = await stores.control
    .of(workspace.id)
    .query<{ id: number; name: string }>(
      'select id, name from lists where workspace_id = $1 and id = any($2::int[]) and archived_at is null order by name',
      [members.rows.map((row) => Number(row.list_id))],
    );
  return { tags: tags.rows.map((row) => ({ tag: row.tag, changedAt: toInstant(row.at) })), lists };
}
