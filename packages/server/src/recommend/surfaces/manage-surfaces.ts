import { type Surface, type SurfaceUpdate, surfaceUpdateSchema } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { announceRecommend } from '../models/model-registry.ts';
import { defaultSurfaces } from './default-surfaces.ts';

export type LoadedSurface = SurfaceUpdate & { readonly updatedAt: Date | null };
type Row = { surface: string; settings: unknown; updated_at: Date };
type Audit = (session: ControlSession, details?: Record<string, string | number | boolean | null>) => Promise<void>;

const surfacesMax = 100;

/** The surfaces as they are now: the seeded ones, with what the brand changed or added. */
export async function loadSurfaces(
  control: ControlSession,
  workspace: Workspace,
): Promise<ReadonlyMap<string, LoadedSurface>> {
  const rows = await control
    .of(workspace.id)
    .query<Row>(
      'select surface, settings, updated_at from recommend_surfaces where workspace_id = $1 order by surface',
    );
  const seeded = [...defaultSurfaces(workspace.locale)].map(
    ([name, settings]) => [name, { ...settings, updatedAt: null }] as const,
  );
  const changed = rows.flatMap((row) => {
    // What an older version saved may lack what a newer one needs: defaults fill it; what cannot be read is as seeded.
    const parsed = surfaceUpdateSchema.safeParse(row.settings);
    return parsed.success ? [[row.surface, { ...parsed.data, updatedAt: row.updated_at }] as const] : [];
  });
  return new Map<string, LoadedSurface>([...seeded, ...changed]);
}

export async function listSurfaces(stores: Stores, workspace: Workspace): Promise<Surface[]> {
  const [surfaces, counts] = await Promise.all([
    loadSurfaces(stores.control, workspace),
    stores.events.read<{ surface: string; answers: string }>(workspace.id, {
      name: 'recommend-surface-answers',
      sql: `SELECT surface, count() AS answers FROM @decisions WHERE decided_at >= now64(3) - INTERVAL 7 DAY GROUP BY surface`,
    }),
  ]);
  const answersOf = new Map(counts.rows.map((row) => [row.surface, Number(row.answers)]));
  return [...surfaces].map(([surface, { updatedAt, ...settings }]) => ({
    ...settings,
    surface,
    isChanged: updatedAt !== null,
    answers7d: answersOf.get(surface) ?? 0,
    updatedAt: updatedAt?.toISOString() ?? null,
  }));
}

export async function updateSurface(
  stores: Stores,
  workspace: Workspace,
  surface: string,
  update: SurfaceUpdate,
  audit: Audit,
): Promise<Surface> {
  await stores.control.transaction(async (session) => {
    const own = session.of(workspace.id);
    const [count] = await own.query<{ others: number }>(
      'select count(*)::int as others from recommend_surfaces where workspace_id = $1 and surface <> $2',
      [surface],
    );
    if (count!.others >= surfacesMax) {
      throw new AppError('conflict', `A workspace has at most ${surfacesMax} surfaces.`, {
        details: { field: 'surface', fix: 'Remove one that nobody asks for.' },
      });
    }
    await own.query(
      `insert into recommend_surfaces (workspace_id, surface, settings) values ($1, $2, $3)
       on conflict (workspace_id, surface) do update set settings = excluded.settings, updated_at = now()`,
      [surface, JSON.stringify(update)],
    );
    await audit(session, { enabled: update.enabled, isPublic: update.isPublic });
    await announceRecommend(session, workspace.id);
  });
  return findSurface(stores, workspace, surface);
}

/** Back to how it was seeded; one that a brand added is gone. */
export async function resetSurface(stores: Stores, workspace: Workspace, surface: string, audit: Audit): Promise<void> {
  await stores.control.transaction(async (session) => {
    const rows = await session
      .of(workspace.id)
      .query('delete from recommend_surfaces where workspace_id = $1 and surface = $2 returning surface', [surface]);
    if (rows.length === 0) throw unknownSurface(surface);
    await audit(session);
    await announceRecommend(session, workspace.id);
  });
}

async function findSurface(stores: Stores, workspace: Workspace, surface: string): Promise<Surface> {
  const found = (await listSurfaces(stores, workspace)).find((one) => one.surface === surface);
  if (!found) throw unknownSurface(surface);
  return found;
}

export const unknownSurface = (surface: string): AppError =>
  new AppError('not_found', `There is no surface ${JSON.stringify(surface.slice(0, 80))}.`, {
    details: { field: 'surface', fix: 'Use one of GET …/recommend/surfaces, such as home.' },
  });
