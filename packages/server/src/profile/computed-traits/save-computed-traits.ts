import { assert } from '../../domain/app-error.ts';
import { asIdentityId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { noteChangedPeople } from '../../storage/control/note-changed-people.ts';
import type { Stores } from '../../storage/stores.ts';
import { listUses } from '../audiences/rule-uses.ts';

/** A number, a text, a yes or no, or a list of texts; null takes the value away. */
export type ComputedValue = string | number | boolean | readonly string[] | null;
export type ComputedRow = { readonly profileId: string; readonly value: ComputedValue };

export type ComputedTraits = {
  /** `favourite_category`, or with what computes it in front: `rfm.group`, `churn.probability`. */
  readonly name: string;
  /** What computed it, for who asks on the profile page: `trait:12`, `rfm`, `prediction:3`. */
  readonly source: string;
  readonly computedAt: Date;
  /** At once, or page by page for as many people as there are. Each person once. */
  readonly rows: Iterable<ComputedRow> | AsyncIterable<readonly ComputedRow[]>;
  /** `everyone`: who is not among the rows has no value any more. `rows`: nothing is said about anybody else. */
  readonly covers: 'everyone' | 'rows';
  readonly signal?: AbortSignal;
};

export type SavedTraits = { readonly saved: number; readonly removed: number };

const rowsAtOnce = 20_000;
const namePattern = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/;

/**
 * Writes one computed trait of many people. Breaking off and starting again is harmless: the latest `computedAt` of a person wins,
 * and with `everyone` older values go only after all new ones are there. Segments whose rules read it look at those people again; a process without
 * the control store leaves that to whoever started it.
 */
export async function saveComputedTraits(
  stores: Pick<Stores, 'events'> & Partial<Pick<Stores, 'control'>>,
  { id: workspaceId }: Pick<Workspace, 'id'>,
  traits: ComputedTraits,
): Promise<SavedTraits> {
  const { name, source, computedAt, covers, signal } = traits;
  assert(namePattern.test(name) && name.length <= 120, `computed trait: ${name} is no name such as rfm.group`);
  const version = computedAt.getTime();
  let pages = 0;
  const append = async (rows: readonly ComputedRow[]) => {
    pages += 1;
    await stores.events.append(
      'computed_traits',
      rows.map(({ profileId, value }) => ({
        workspace_id: workspaceId,
        profile_id: profileId,
        name,
        value: value === null ? '' : JSON.stringify(value),
        number: numberOf(name, value),
        source,
        computed_at: computedAt.toISOString(),
        version,
        deleted: value === null ? 1 : 0,
      })),
      `computed:${workspaceId}:${name}:${version}:${covers}:${pages}`,
    );
  };

  const { control } = stores;
  const isRead = control !== undefined && (await listUses(control, workspaceId, 'computed')).has(name);
  let saved = 0;
  let removed = 0;
  for await (const page of inPages(traits.rows)) {
    signal?.throwIfAborted();
    await append(page);
    if (isRead && covers === 'rows') {
      const touched = page.map(({ profileId }) => asIdentityId(profileId));
      await noteChangedPeople(control, workspaceId, touched);
    }
    const gone = page.filter(({ value }) => value === null).length;
    saved += page.length - gone;
    removed += gone;
  }
  if (covers === 'rows') return { saved, removed };

  const left = stores.events.stream<{ profile_id: string }>(workspaceId, {
    name: 'computed-traits-left',
    parameters: { name, version },
    sql: `
      SELECT profile_id
      FROM @computed_traits
      WHERE name = {name:String} AND deleted = 0 AND version < {version:UInt64}`,
  });
  for await (const rows of left) {
    signal?.throwIfAborted();
    if (rows.length > 0) await append(rows.map((row) => ({ profileId: row.profile_id, value: null })));
    removed += rows.length;
  }
  if (isRead) await noteChangedPeople(control, workspaceId, null);
  return { saved, removed };
}

/** Numbers for comparing; what is no number of this world is a mistake of who computed it. */
function numberOf(name: string, value: ComputedValue): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'number') return null;
  assert(Number.isFinite(value), `computed trait ${name}: ${value} is no number that can be kept`);
  return value;
}

async function* inPages(rows: ComputedTraits['rows']): AsyncIterable<readonly ComputedRow[]> {
  if (Symbol.asyncIterator in rows) {
    for await (const page of rows) if (page.length > 0) yield page;
    return;
  }
  let page: ComputedRow[] = [];
  for (const row of rows) {
    page.push(row);
    if (page.length < rowsAtOnce) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
