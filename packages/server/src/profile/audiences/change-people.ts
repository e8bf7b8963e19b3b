import { asIdentityId, type IdentityId, type ProfileId, type WorkspaceId } from '../../domain/ids.ts';
import type { Question } from '../../storage/events/event-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { identitiesOf } from '../profile-identities.ts';

/** What a change is made to: a tag by its name, or a list by its number. */
export type Mark = { readonly tag: string } | { readonly listId: number };
export type Change = { readonly id: number; readonly mark: Mark; readonly action: 'add' | 'remove' };

/** Somebody, and the identity by which they were told. */
export type Told = { readonly profileId: ProfileId; readonly identityId: IdentityId };

const rowsAtOnce = 5_000;

/**
 * Puts a mark on these people, or takes it away; returns whom that changed. Who has it already is left as they are, so that undoing
 * the change takes it from nobody who had it before. The same page of the same change again is a no-op.
 */
export async function changePeople(
  stores: Stores,
  workspaceId: WorkspaceId,
  change: Change,
  page: number,
  people: readonly Told[],
): Promise<ProfileId[]> {
  if (people.length === 0) return [];
  const identities = await identitiesOf(stores, workspaceId, [...new Set(people.map((one) => one.profileId))]);
  const all = [...new Set([...[...identities.values()].flat(), ...people.map((one) => one.identityId)])];
  const marked = new Set(await readMarked(stores, workspaceId, change, all));
  const isMarked = (one: Told) =>
    [one.identityId, ...(identities.get(one.profileId) ?? [])].some((id) => marked.has(id));
  const changed = new Map<ProfileId, IdentityId[]>();
  for (const one of people) {
    if (changed.has(one.profileId) || isMarked(one) === (change.action === 'add')) continue;
    const had = [one.identityId, ...(identities.get(one.profileId) ?? [])].filter((id) => marked.has(id));
    changed.set(one.profileId, change.action === 'add' ? [one.identityId] : [...new Set(had)]);
  }
  await append(stores, workspaceId, change, `${change.id}:${page}`, [...changed.values()].flat());
  return [...changed.keys()];
}

/** Takes an earlier change back: from whom it gave the mark, or to whom it took it, as far as nothing later said otherwise. */
export async function undoChange(
  stores: Stores,
  workspaceId: WorkspaceId,
  undo: Change,
  earlierId: number,
  onPage: (identityIds: IdentityId[]) => Promise<void>,
): Promise<number> {
  let people = 0;
  let page = 0;
  const rows = stores.events.stream<{ identity_id: string }>(workspaceId, {
    name: 'audience-change-rows',
    parameters: { ...parameterOf(undo.mark), version: earlierId },
    sql: `SELECT identity_id FROM ${tableOf(undo.mark)} WHERE ${conditionOf(undo.mark)} AND version = {version:UInt64}`,
  });
  for await (const batch of rows) {
    const ids = batch.map((row) => asIdentityId(row.identity_id));
    for (let from = 0; from < ids.length; from += rowsAtOnce) {
      page += 1;
      const part = ids.slice(from, from + rowsAtOnce);
      await append(stores, workspaceId, undo, `${undo.id}:undo:${page}`, part);
      await onPage(part);
    }
    people += ids.length;
  }
  return people;
}

/** Repeated after a crash, a page must find the same people changed: what this very change wrote does not count. */
async function readMarked(
  stores: Stores,
  workspaceId: WorkspaceId,
  change: Change,
  identityIds: readonly IdentityId[],
) {
  const question: Question = {
    name: 'audience-marked',
    parameters: { ...parameterOf(change.mark), identities: identityIds, version: change.id },
    sql: `
      SELECT identity_id
      FROM ${tableOf(change.mark)}
      WHERE ${conditionOf(change.mark)} AND identity_id IN {identities:Array(UInt64)}
        AND (deleted = 0) != (version = {version:UInt64})`,
  };
  const { rows } = await stores.events.read<{ identity_id: string }>(workspaceId, question);
  return rows.map((row) => asIdentityId(row.identity_id));
}

async function append(
  stores: Stores,
  workspaceId: WorkspaceId,
  { id, mark, action }: Change,
  token: string,
  identityIds: readonly IdentityId[],
): Promise<void> {
  const table = 'tag' in mark ? 'tags' : 'list_members';
  const changedAt = new Date().toISOString();
  await stores.events.append(
    table,
    identityIds.map((identityId) => ({
      workspace_id: workspaceId,
      identity_id: identityId,
      ...('tag' in mark ? { tag: mark.tag } : { list_id: mark.listId }),
      changed_at: changedAt,
      version: id,
      deleted: action === 'add' ? 0 : 1,
    })),
    `audience:${workspaceId}:${token}`,
  );
}

const tableOf = (mark: Mark): string => ('tag' in mark ? '@tags' : '@list_members');
const conditionOf = (mark: Mark): string => ('tag' in mark ? 'tag = {tag:String}' : 'list_id = {list:UInt32}');
const parameterOf = (mark: Mark): Record<string, string | number> =>
  'tag' in mark ? { tag: mark.tag } : { list: mark.listId };
