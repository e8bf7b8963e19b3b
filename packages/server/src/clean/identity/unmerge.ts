import { AppError } from '../../domain/app-error.ts';
import { asProfileId, type ProfileId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { CleanAct } from '../quarantine/discard-quarantine.ts';
import { graphLimits } from './graph-limits.ts';
import { pushLinks } from './push-links.ts';
import { lockIdentities, resolveAffected } from './resolve-affected.ts';

export type Merge = { readonly lowId: string; readonly highId: string };

/** Takes one merge back: the edge joins nothing from now on, for all history, at once. */
export function unmerge(
  stores: Stores,
  workspace: Workspace,
  merge: Merge,
  act?: CleanAct,
): Promise<{ profileIds: ProfileId[] }> {
  return changeEdge(stores, workspace, merge, 'cut', act);
}

/** Undoes `unmerge`. */
export function remerge(
  stores: Stores,
  workspace: Workspace,
  merge: Merge,
  act?: CleanAct,
): Promise<{ profileIds: ProfileId[] }> {
  return changeEdge(stores, workspace, merge, 'joined', act);
}

async function changeEdge(
  stores: Stores,
  workspace: Workspace,
  { lowId, highId }: Merge,
  wanted: 'cut' | 'joined',
  act: CleanAct | undefined,
): Promise<{ profileIds: ProfileId[] }> {
  const profileIds = await stores.control.transaction(async (session) => {
    await lockIdentities(session, workspace.id);
    const scoped = session.of(workspace.id);
    const edges = await scoped.query<{ low_id: string }>(
      `update identity_edges set cut_at = ${wanted === 'cut' ? 'coalesce(cut_at, now())' : 'null'}, refused = null
       where workspace_id = $1 and low_id = least($2::bigint, $3::bigint) and high_id = greatest($2::bigint, $3::bigint)
       returning low_id`,
      [lowId, highId],
    );
    if (edges.length === 0) {
      throw new AppError('not_found', 'these two identifiers were never seen together', {
        details: { field: 'lowId', fix: 'Take lowId and highId from the merges of the profile.' },
      });
    }
    await resolveAffected(session, workspace.id, [lowId, highId], graphLimits(workspace.settings));
    await act?.audit(session, { lowId, highId });
    const links = await scoped.query<{ identity_id: string; profile_id: string }>(
      'select identity_id, profile_id from profile_links where workspace_id = $1 and identity_id = any($2::bigint[])',
      [[lowId, highId]],
    );
    const profileOf = new Map(links.map((link) => [link.identity_id, link.profile_id]));
    return [...new Set([lowId, highId].map((id) => asProfileId(profileOf.get(id) ?? id)))];
  });
  await pushLinks(stores, workspace.id);
  return { profileIds };
}
