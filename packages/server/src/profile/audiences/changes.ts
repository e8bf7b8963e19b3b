import type { AudienceChange, Page, PeopleChoice } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { asIdentityId, type WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import { noteChangedPeople } from '../../storage/control/note-changed-people.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Act, operatorOf, type Queue, type Run, sentenceOf, willTryAgain } from './act.ts';
import { type Change, changePeople, type Mark, undoChange } from './change-people.ts';
import { countPeople, peoplePages } from './people-pages.ts';

type Source = { kind: AudienceChange['source']['kind']; id: number | null };
type Row = {
  id: string;
  tag: string | null;
  list_id: number | null;
  action: 'add' | 'remove';
  source: Source;
  source_name: string | null;
  state: AudienceChange['state'];
  people: number;
  undone_by: string | null;
  error: string | null;
  by: string | null;
  created_at: Date;
};

export const changeJob = 'audience-change';

export async function listChanges(
  stores: Stores,
  workspace: Workspace,
  query: { tag?: string | undefined; listId?: number | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<AudienceChange>> {
  const rows = await readRows(stores.control, workspace.id, {
    tag: query.tag ?? null,
    listId: query.listId ?? null,
    before: query.cursor ?? null,
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  return { rows: page, nextCursor: rows.length > query.limit ? String(page.at(-1)!.id) : null, total: null };
}

/** People by their ids at once; a segment or a list as a job. */
export async function startChange(
  stores: Stores,
  workspace: Workspace,
  request: { readonly mark: Mark; readonly action: 'add' | 'remove'; readonly people: PeopleChoice },
  act: Act & { readonly jobs: Queue },
): Promise<AudienceChange> {
  const { mark, action, people } = request;
  const source: Source = people.profileIds
    ? { kind: 'people', id: null }
    : people.segmentId !== undefined
      ? { kind: 'segment', id: people.segmentId }
      : { kind: 'list', id: people.listId ?? null };
  const changeId = await stores.control.transaction(async (session) => {
    const id = await insertChange(session, workspace.id, { mark, action, source }, act);
    await act.audit(session, { changeId: id, action, from: source.kind, fromId: source.id });
    return id;
  });
  if (people.profileIds) {
    await applyChange(stores, workspace, { id: changeId, mark, action }, people);
  } else {
    const sent = { subject: `change ${changeId}`, singletonKey: `change ${changeId}`, workspaceId: workspace.id };
    await act.jobs.send(changeJob, { changeId }, sent);
  }
  return getChange(stores.control, workspace.id, changeId);
}

/** From whom it gave the mark it is taken again, and the other way round; what was said later stands. */
export async function undo(stores: Stores, workspace: Workspace, changeId: number, act: Act): Promise<AudienceChange> {
  const earlier = await getChange(stores.control, workspace.id, changeId);
  if (earlier.state !== 'done' || earlier.undoneBy !== null) {
    throw new AppError('conflict', `Change ${changeId} is ${earlier.undoneBy ? 'undone already' : earlier.state}.`, {
      details: { fix: earlier.state === 'running' ? 'Wait until it is done.' : 'Look at the list as it is now.' },
    });
  }
  const mark: Mark = earlier.tag === null ? { listId: earlier.listId! } : { tag: earlier.tag };
  const action = earlier.action === 'add' ? 'remove' : 'add';
  const id = await stores.control.transaction(async (session) => {
    const undoId = await insertChange(
      session,
      workspace.id,
      { mark, action, source: { kind: 'change', id: changeId } },
      act,
    );
    await session
      .of(workspace.id)
      .query('update audience_changes set undone_by = $3 where workspace_id = $1 and id = $2', [changeId, undoId]);
    await act.audit(session, { changeId, undoId });
    return undoId;
  });
  const people = await undoChange(stores, workspace.id, { id, mark, action }, changeId, (identityIds) =>
    noteChangedPeople(stores.control, workspace.id, identityIds),
  );
  await endChange(stores.control, workspace.id, id, people, null);
  return getChange(stores.control, workspace.id, id);
}

/** The job: a whole segment or list. */
export async function runChange(stores: Stores, workspace: Workspace, changeId: number, run: Run): Promise<void> {
  const change = await getChange(stores.control, workspace.id, changeId);
  if (change.state !== 'running') return;
  const { kind, id } = change.source;
  const mark: Mark = change.tag === null ? { listId: change.listId! } : { tag: change.tag };
  try {
    const choice = kind === 'segment' ? { segmentId: id! } : { listId: id! };
    await applyChange(stores, workspace, { id: changeId, mark, action: change.action }, choice, run);
  } catch (cause) {
    if (!willTryAgain(cause, run)) await endChange(stores.control, workspace.id, changeId, 0, sentenceOf(cause));
    throw cause;
  }
}

async function applyChange(
  stores: Stores,
  workspace: Workspace,
  change: Change,
  choice: PeopleChoice,
  run?: Run,
): Promise<void> {
  const total = await countPeople(stores, workspace.id, choice);
  let done = 0;
  let people = 0;
  let page = 0;
  for await (const profileIds of peoplePages(stores, workspace.id, choice)) {
    run?.signal.throwIfAborted();
    page += 1;
    const told = profileIds.map((profileId) => ({ profileId, identityId: asIdentityId(profileId) }));
    const changed = await changePeople(stores, workspace.id, change, page, told);
    await noteChangedPeople(stores.control, workspace.id, changed.map(asIdentityId));
    people += changed.length;
    done += profileIds.length;
    run?.progress(done, total);
  }
  await endChange(stores.control, workspace.id, change.id, people, null);
}

export async function insertChange(
  session: ControlSession,
  workspaceId: WorkspaceId,
  change: { readonly mark: Mark; readonly action: 'add' | 'remove'; readonly source: Source },
  act: Pick<Act, 'actor'>,
): Promise<number> {
  const { mark, action, source } = change;
  const [row] = await session.of(workspaceId).query<{ id: string }>(
    `insert into audience_changes (workspace_id, tag, list_id, action, source, created_by)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [
      'tag' in mark ? mark.tag : null,
      'listId' in mark ? mark.listId : null,
      action,
      JSON.stringify(source),
      operatorOf(act),
    ],
  );
  return Number(row!.id);
}

export async function endChange(
  control: ControlSession,
  workspaceId: WorkspaceId,
  changeId: number,
  people: number,
  error: string | null,
): Promise<void> {
  await control.of(workspaceId).query(
    `update audience_changes set state = case when $4::text is null then 'done' else 'failed' end, people = $3, error = $4, ended_at = now()
     where workspace_id = $1 and id = $2`,
    [changeId, people, error],
  );
}

export async function getChange(
  control: ControlSession,
  workspaceId: WorkspaceId,
  changeId: number,
): Promise<AudienceChange> {
  const [row] = await readRows(control, workspaceId, { id: changeId, tag: null, listId: null, before: null, limit: 1 });
  if (row) return row;
  throw new AppError('not_found', `There is no change ${changeId}.`, {
    details: { field: 'changeId', fix: 'Use one of GET …/audience-changes.' },
  });
}

async function readRows(
  control: ControlSession,
  workspaceId: WorkspaceId,
  wanted: { id?: number; tag: string | null; listId: number | null; before: string | null; limit: number },
): Promise<AudienceChange[]> {
  const rows = await control.of(workspaceId).query<Row>(
    `select c.id, c.tag, c.list_id, c.action, c.source, c.state, c.people, c.undone_by, c.error, c.created_at,
       o.name as by,
       case c.source ->> 'kind'
         when 'segment' then (select s.name from segments s where s.workspace_id = $1 and s.id = (c.source ->> 'id')::int)
         when 'list' then (select l.name from lists l where l.workspace_id = $1 and l.id = (c.source ->> 'id')::int)
         when 'upload' then (select u.file_name from list_uploads u where u.workspace_id = $1 and u.id = (c.source ->> 'id')::int)
       end as source_name
     from audience_changes c left join operators o on o.id = c.created_by
     where c.workspace_id = $1 and ($2::bigint is null or c.id = $2) and ($3::text is null or c.tag = $3)
       and ($4::int is null or c.list_id = $4) and ($5::bigint is null or c.id < $5)
     order by c.id desc limit $6`,
    [wanted.id ?? null, wanted.tag, wanted.listId, wanted.before, wanted.limit],
  );
  return rows.map((row) => ({
    id: Number(row.id),
    tag: row.tag,
    listId: row.list_id,
    action: row.action,
    source: { ...row.source, name: row.source_name ?? '' },
    state: row.state,
    people: row.people,
    undoneBy: row.undone_by === null ? null : Number(row.undone_by),
    by: row.by,
    createdAt: row.created_at.toISOString(),
    error: row.error,
  }));
}
