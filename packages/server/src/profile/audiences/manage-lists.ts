import type { List, ListCreate, Page, PersonRow } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { asProfileId, type WorkspaceId } from '../../domain/ids.ts';
import { toInstant } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import type { NameOptions } from '../display-name.ts';
import { type Act, operatorOf } from './act.ts';
import { peoplePages, readListCounts } from './people-pages.ts';
import { readPeopleRows } from './read-people-rows.ts';
import { listUses } from './rule-uses.ts';

type Row = {
  id: number;
  name: string;
  description: string;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
};

const listsMax = 500;

export async function listLists(
  stores: Stores,
  workspace: Workspace,
  query: { search?: string | undefined; state: 'active' | 'archived' },
): Promise<List[]> {
  const rows = await stores.control.of(workspace.id).query<Row>(
    `select id, name, description, created_at, updated_at, archived_at from lists
     where workspace_id = $1 and (archived_at is null) = $2 and ($3::text is null or strpos(lower(name), lower($3)) > 0)
     order by id desc limit ${listsMax}`,
    [query.state === 'active', query.search || null],
  );
  if (rows.length === 0) return [];
  const [counts, uses] = await Promise.all([
    readListCounts(stores, workspace.id),
    listUses(stores.control, workspace.id, 'list'),
  ]);
  const countsOf = new Map(counts.map((count) => [count.listId, count]));
  return rows.map((row) => toList(row, countsOf.get(row.id), uses.get(String(row.id)) ?? []));
}

export async function getList(stores: Stores, workspace: Workspace, listId: number): Promise<List> {
  const row = await getListRow(stores.control, workspace.id, listId);
  const [[counts], uses] = await Promise.all([
    readListCounts(stores, workspace.id, listId),
    listUses(stores.control, workspace.id, 'list'),
  ]);
  return toList(row, counts, uses.get(String(listId)) ?? []);
}

export async function createList(
  stores: Stores,
  workspace: Workspace,
  create: Required<ListCreate>,
  act: Act,
): Promise<List> {
  const id = await stores.control.transaction(async (session) => {
    const own = session.of(workspace.id);
    const [{ lists } = { lists: 0 }] = await own.query<{ lists: number }>(
      'select count(*)::int as lists from lists where workspace_id = $1 and archived_at is null',
    );
    if (lists >= listsMax) {
      throw new AppError('conflict', `A workspace has at most ${listsMax} lists.`, {
        details: { fix: 'Archive one that nobody uses.' },
      });
    }
    await assertNameFree(session, workspace.id, create.name, 0);
    const [row] = await own.query<{ id: number }>(
      'insert into lists (workspace_id, name, description, created_by) values ($1, $2, $3, $4) returning id',
      [create.name, create.description, operatorOf(act)],
    );
    await act.audit(session, { listId: row!.id });
    return row!.id;
  });
  return getList(stores, workspace, id);
}

export async function updateList(
  stores: Stores,
  workspace: Workspace,
  listId: number,
  update: { name?: string | undefined; description?: string | undefined },
  act: Act,
): Promise<List> {
  await stores.control.transaction(async (session) => {
    await getListRow(session, workspace.id, listId);
    if (update.name !== undefined) await assertNameFree(session, workspace.id, update.name, listId);
    await session.of(workspace.id).query(
      `update lists set name = coalesce($3, name), description = coalesce($4, description), updated_at = now()
       where workspace_id = $1 and id = $2`,
      [listId, update.name ?? null, update.description ?? null],
    );
    await act.audit(session, { fields: Object.keys(update) });
  });
  return getList(stores, workspace, listId);
}

/** An archived list keeps its people and can be brought back; rules that name it go on reading it. */
export async function archiveList(
  stores: Stores,
  workspace: Workspace,
  listId: number,
  archive: boolean,
  act: Act,
): Promise<List> {
  await stores.control.transaction(async (session) => {
    const row = await getListRow(session, workspace.id, listId);
    if (!archive) await assertNameFree(session, workspace.id, row.name, listId);
    await session
      .of(workspace.id)
      .query(
        `update lists set archived_at = case when $3 then now() end, updated_at = now() where workspace_id = $1 and id = $2`,
        [listId, archive],
      );
    await act.audit(session);
  });
  return getList(stores, workspace, listId);
}

/** Who is on it, by profile id; the cursor is the last one's. */
export async function listMembers(
  stores: Stores,
  workspace: Workspace,
  listId: number,
  query: { cursor?: string | undefined; limit: number },
  view: NameOptions,
): Promise<Page<PersonRow>> {
  await getListRow(stores.control, workspace.id, listId);
  const after = query.cursor && /^\d{1,20}$/.test(query.cursor) ? query.cursor : '0';
  const { value: page = [] } = await peoplePages(stores, workspace.id, { listId }, after).next();
  const ids = page.slice(0, query.limit);
  const rows = await readPeopleRows(stores, workspace, ids.map(asProfileId), view);
  return { rows, nextCursor: page.length > query.limit ? (ids.at(-1) ?? null) : null, total: null };
}

export async function getListRow(control: ControlSession, workspaceId: WorkspaceId, listId: number): Promise<Row> {
  const [row] = await control
    .of(workspaceId)
    .query<Row>(
      'select id, name, description, created_at, updated_at, archived_at from lists where workspace_id = $1 and id = $2',
      [listId],
    );
  if (row) return row;
  throw new AppError('not_found', `There is no list ${listId}.`, {
    details: { field: 'listId', fix: 'Use one of GET …/lists.' },
  });
}

async function assertNameFree(session: ControlSession, workspaceId: WorkspaceId, name: string, ownId: number) {
  const [taken] = await session
    .of(workspaceId)
    .query(
      'select id from lists where workspace_id = $1 and lower(name) = lower($2) and archived_at is null and id <> $3',
      [name, ownId],
    );
  if (!taken) return;
  throw new AppError('conflict', `There is a list called ${JSON.stringify(name)} already.`, {
    details: { field: 'name', fix: 'Choose another name.' },
  });
}

const toList = (
  row: Row,
  counts: Awaited<ReturnType<typeof readListCounts>>[number] | undefined,
  usedBy: List['usedBy'],
): List => ({
  id: row.id,
  name: row.name,
  description: row.description,
  people: counts?.people ?? 0,
  waiting: counts?.waiting ?? 0,
  state: row.archived_at ? 'archived' : 'active',
  usedBy,
  createdAt: row.created_at.toISOString(),
  changedAt: counts ? toInstant(counts.changedAt) : row.updated_at.toISOString(),
});
