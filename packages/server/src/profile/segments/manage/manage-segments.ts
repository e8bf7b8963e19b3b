import type {
  Page,
  RuleNote,
  Segment,
  SegmentCreate,
  SegmentRule,
  SegmentsQuery,
  SegmentUpdate,
} from '@zhiyin/contract';
import { AppError } from '../../../domain/app-error.ts';
import { addDays, dayOf, startOfDay } from '../../../domain/calendar.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { ControlSession } from '../../../storage/control/control-store.ts';
import type { Stores } from '../../../storage/stores.ts';
import { lockMemberships, saveChanges } from '../membership/save-memberships.ts';
import { checkRule, refuse } from '../rule/check-rule.ts';
import { knownNames } from './vocabulary.ts';

type Details = Record<string, string | number | boolean | null>;
export type SegmentAct = {
  readonly by: number | null;
  readonly audit: (session: ControlSession, details?: Details) => Promise<void>;
  /** Everybody is looked at for a segment: a job. */
  readonly sendCompute: (segmentId: number) => Promise<void>;
};

type Row = {
  id: number;
  name: string;
  description: string;
  rule: SegmentRule;
  state: 'active' | 'archived';
  revision: number;
  computed_revision: number | null;
  progress: { done: number; total: number } | null;
  people: number;
  changed_at: Date | null;
  created_at: Date;
  updated_at: Date;
};
const columns =
  'id, name, description, rule, state, revision, computed_revision, progress, people, changed_at, created_at, updated_at';

export async function listSegments(
  stores: Stores,
  workspace: Workspace,
  query: SegmentsQuery,
  now: Date = new Date(),
): Promise<Page<Segment>> {
  const all = await loadRows(stores.control, workspace);
  const wanted = all.filter(
    (row) =>
      row.state === (query.state ?? 'active') &&
      (!query.search || `${row.name} ${row.description}`.toLowerCase().includes(query.search.toLowerCase())),
  );
  const orders: Record<string, (a: Row, b: Row) => number> = {
    newest: (a, b) => b.id - a.id,
    name: (a, b) => a.name.localeCompare(b.name, workspace.locale),
    people: (a, b) => b.people - a.people || b.id - a.id,
    changed: (a, b) => (b.changed_at?.getTime() ?? 0) - (a.changed_at?.getTime() ?? 0) || b.id - a.id,
  };
  const sorted = wanted.toSorted(orders[query.sort ?? 'newest']);
  const start = query.cursor ? Number(query.cursor) : 0;
  if (!Number.isInteger(start) || start < 0) {
    throw new AppError('input.invalid', 'cursor: not a cursor of this list', {
      details: { field: 'cursor', fix: 'Start again without a cursor.' },
    });
  }
  const limit = Number(query.limit ?? 50);
  const page = sorted.slice(start, start + limit);
  return {
    rows: await toSegments(stores, workspace, page, all, now),
    nextCursor: start + limit < sorted.length ? String(start + limit) : null,
    total: sorted.length,
  };
}

export async function getSegment(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  now: Date = new Date(),
): Promise<Segment> {
  const all = await loadRows(stores.control, workspace);
  const row = findRow(all, segmentId);
  const [segment] = await toSegments(stores, workspace, [row], all, now);
  return { ...segment!, warnings: await notesOf(stores, workspace, row.rule) };
}

export async function createSegment(
  stores: Stores,
  workspace: Workspace,
  create: SegmentCreate & { rule: SegmentRule },
  act: SegmentAct,
): Promise<Segment> {
  const id = await changing(stores, workspace, async (session, all) => {
    const rule = create.rule;
    checkRule(rule, null);
    refuseCycle(0, rule, all);
    const [row] = await session
      .of(workspace.id)
      .query<{ id: number }>(
        'insert into segments (workspace_id, name, description, rule, created_by) values ($1, $2, $3, $4, $5) returning id',
        [create.name, create.description ?? '', rule, act.by],
      );
    await act.audit(session, { segmentId: row!.id });
    return row!.id;
  });
  await act.sendCompute(id);
  return getSegment(stores, workspace, id);
}

export async function updateSegment(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  update: SegmentUpdate,
  act: SegmentAct,
): Promise<Segment> {
  const changed = await changing(stores, workspace, async (session, all) => {
    const row = findRow(all, segmentId);
    const rule = update.rule ?? row.rule;
    if (update.rule) {
      checkRule(update.rule, null);
      refuseCycle(segmentId, update.rule, all);
    }
    const isOther = JSON.stringify(canonical(rule)) !== JSON.stringify(canonical(row.rule));
    await session.of(workspace.id).query(
      `update segments set name = $3, description = $4, rule = $5, revision = revision + $6, updated_at = now()
       where workspace_id = $1 and id = $2`,
      [segmentId, update.name ?? row.name, update.description ?? row.description, rule, isOther ? 1 : 0],
    );
    // Those that are made of it are other ones now, too.
    const touched = isOther ? [segmentId, ...dependentsOf(segmentId, all, true).map(({ id }) => id)] : [];
    if (touched.length > 1) {
      await session
        .of(workspace.id)
        .query('update segments set revision = revision + 1 where workspace_id = $1 and id = any($2::integer[])', [
          touched.slice(1),
        ]);
    }
    await act.audit(session, { ruleChanged: isOther });
    return touched;
  });
  for (const id of changed) await act.sendCompute(id);
  return getSegment(stores, workspace, segmentId);
}

/** Everybody leaves it; its history stays, and it can come back. */
export async function archiveSegment(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  act: SegmentAct,
  now: Date = new Date(),
): Promise<Segment> {
  await changing(stores, workspace, async (session, all) => {
    const row = findRow(all, segmentId);
    const users = dependentsOf(segmentId, all, false);
    if (users.length > 0) {
      throw new AppError('conflict', `segment ${segmentId} is part of: ${users.map(({ name }) => name).join(', ')}`, {
        details: { field: 'segmentId', fix: 'Take it out of their rules first, or archive them.' },
      });
    }
    if (row.state === 'archived') return;
    await lockMemberships(session, workspace.id);
    const scoped = session.of(workspace.id);
    const members = await scoped.query<{ profile_id: string }>(
      `update profile_segments set segment_ids = array_remove(segment_ids, $2::integer), pushed = false, changed = nextval('segment_version')
       where workspace_id = $1 and segment_ids @> array[$2::integer] returning profile_id`,
      [segmentId],
    );
    const left = members.map(({ profile_id }) => ({
      segmentId,
      profileId: profile_id,
      entered: false,
      cause: 'archive' as const,
    }));
    await saveChanges(session, workspace.id, left, now);
    await scoped.query(
      `update segments set state = 'archived', computed_revision = null, progress = null, updated_at = now()
       where workspace_id = $1 and id = $2`,
      [segmentId],
    );
    await act.audit(session, { people: left.length });
  });
  return getSegment(stores, workspace, segmentId);
}

export async function restoreSegment(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  act: SegmentAct,
): Promise<Segment> {
  await changing(stores, workspace, async (session, all) => {
    const row = findRow(all, segmentId);
    if (row.state === 'active') return;
    refuseCycle(segmentId, row.rule, all);
    await session
      .of(workspace.id)
      .query(
        "update segments set state = 'active', revision = revision + 1, updated_at = now() where workspace_id = $1 and id = $2",
        [segmentId],
      );
    await act.audit(session);
  });
  await act.sendCompute(segmentId);
  return getSegment(stores, workspace, segmentId);
}

/** What is odd about a rule, with the names of the brand's own data. */
export async function notesOf(stores: Stores, workspace: Workspace, rule: SegmentRule): Promise<RuleNote[]> {
  return checkRule(rule, await knownNames(stores, workspace));
}

/** Another segment with the same rule. */
export async function findDuplicate(
  stores: Stores,
  workspace: Workspace,
  rule: SegmentRule,
  exceptId: number | undefined,
): Promise<{ id: number; name: string } | null> {
  const wanted = JSON.stringify(canonical(rule));
  const all = await loadRows(stores.control, workspace);
  const found = all.find(
    (row) => row.state === 'active' && row.id !== exceptId && JSON.stringify(canonical(row.rule)) === wanted,
  );
  return found ? { id: found.id, name: found.name } : null;
}

export const loadRules = async (stores: Stores, workspace: Workspace): Promise<Map<number, SegmentRule>> =>
  new Map(
    (await loadRows(stores.control, workspace))
      .filter(({ state }) => state === 'active')
      .map(({ id, rule }) => [id, rule]),
  );

export async function refuseOwnCycle(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  rule: SegmentRule,
): Promise<void> {
  refuseCycle(segmentId, rule, await loadRows(stores.control, workspace));
}

async function changing<T>(
  stores: Stores,
  workspace: Workspace,
  work: (session: ControlSession, all: Row[]) => Promise<T>,
): Promise<T> {
  try {
    return await stores.control.transaction(async (session) => {
      await lockMemberships(session, workspace.id);
      return work(session, await loadRows(session, workspace));
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.details.constraint !== 'segments_name') throw error;
    throw new AppError('conflict', 'a segment of this name is there already', {
      cause: error,
      details: { field: 'name', fix: 'Choose another name.' },
    });
  }
}

const loadRows = (session: ControlSession, workspace: Workspace): Promise<Row[]> =>
  session.of(workspace.id).query<Row>(`select ${columns} from segments where workspace_id = $1 order by id`, []);

function findRow(all: readonly Row[], segmentId: number): Row {
  const row = all.find(({ id }) => id === segmentId);
  if (row) return row;
  throw new AppError('not_found', `segment ${segmentId}: there is none`, {
    details: { field: 'segmentId', fix: 'Take the id from the list of segments.' },
  });
}

/** Segments that a rule names. */
function named(rule: SegmentRule): { id: number; path: string }[] {
  if (rule.kind === 'segment') return [{ id: rule.segmentId, path: 'segmentId' }];
  if (rule.kind === 'not') return named(rule.of).map(({ id, path }) => ({ id, path: `of.${path}` }));
  if (rule.kind !== 'all' && rule.kind !== 'any') return [];
  return rule.of.flatMap((inner, i) => named(inner).map(({ id, path }) => ({ id, path: `of[${i}].${path}` })));
}

function refuseCycle(segmentId: number, rule: SegmentRule, all: readonly Row[]): void {
  const byId = new Map(all.map((row) => [row.id, row]));
  for (const { id, path } of named(rule)) {
    const row = byId.get(id);
    if (!row || row.state === 'archived') refuse(path, `there is no active segment ${id}`, 'Choose one from the list.');
    const way = wayTo(segmentId, id, byId, []);
    if (way) {
      const names = [segmentId, ...way].map((one) => byId.get(one)?.name ?? String(one));
      refuse(path, `a segment cannot be part of itself: ${names.join(' → ')}`, 'Take one of them out.');
    }
  }
}

function wayTo(
  goal: number,
  from: number,
  byId: ReadonlyMap<number, Row>,
  way: readonly number[],
): number[] | undefined {
  if (from === goal) return [...way, from];
  if (way.includes(from)) return undefined;
  for (const { id } of named(byId.get(from)?.rule ?? { kind: 'any', of: [] })) {
    const found = wayTo(goal, id, byId, [...way, from]);
    if (found) return found;
  }
  return undefined;
}

function dependentsOf(segmentId: number, all: readonly Row[], deeply: boolean): Row[] {
  const direct = all.filter((row) => row.state === 'active' && named(row.rule).some(({ id }) => id === segmentId));
  if (!deeply) return direct;
  return [...new Set(direct.flatMap((row) => [row, ...dependentsOf(row.id, all, true)]))];
}

/** The same rule in the same words: the order of keys and of conditions in a group makes no difference. */
function canonical(rule: unknown): unknown {
  if (Array.isArray(rule)) return rule.map(canonical);
  if (typeof rule !== 'object' || rule === null) return rule;
  const entries = Object.entries(rule).map(([key, value]) => [key, canonical(value)] as const);
  const own = Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) as Record<string, unknown>;
  if ((own.kind === 'all' || own.kind === 'any') && Array.isArray(own.of)) {
    own.of = own.of.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return own;
}

async function toSegments(
  stores: Stores,
  workspace: Workspace,
  page: readonly Row[],
  all: readonly Row[],
  now: Date,
): Promise<Segment[]> {
  const today = dayOf(now, workspace.timeZone);
  const since = addDays(today, -29);
  const ids = page.map(({ id }) => id);
  const scoped = stores.control.of(workspace.id);
  const [moves, everyone] = await Promise.all([
    scoped.query<{ segment_id: number; day: string; entered: number; gone: number; entered7d: number; gone7d: number }>(
      `select segment_id, to_char(at at time zone $3, 'YYYY-MM-DD') as day,
         count(*) filter (where entered)::integer as entered, count(*) filter (where not entered)::integer as gone,
         count(*) filter (where entered and at > $5)::integer as entered7d, count(*) filter (where not entered and at > $5)::integer as gone7d
       from segment_changes where workspace_id = $1 and segment_id = any($2::integer[]) and at >= $4 group by 1, 2`,
      [ids, workspace.timeZone, startOfDay(since, workspace.timeZone), new Date(now.getTime() - 7 * 86_400_000)],
    ),
    page.length > 0
      ? stores.events.read<{ people: string }>(workspace.id, {
          name: 'people-count',
          sql: 'SELECT uniqExact(profile_id) AS people FROM @person_events',
        })
      : undefined,
  ]);
  const total = Number(everyone?.rows[0]?.people ?? 0);
  return page.map((row) => {
    const own = moves.filter(({ segment_id }) => segment_id === row.id);
    const sum = (of: 'entered7d' | 'gone7d') => own.reduce((n, move) => n + move[of], 0);
    const isKnown = row.computed_revision !== null || row.state === 'archived';
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      rule: row.rule,
      state: row.state,
      people: isKnown ? row.people : null,
      share: isKnown && total > 0 ? Math.min(1, row.people / total) : null,
      computing:
        row.state === 'active' && row.computed_revision !== row.revision ? (row.progress ?? { done: 0, total }) : null,
      entered7d: sum('entered7d'),
      left7d: sum('gone7d'),
      sizes: sizesOf(row, own, today, dayOf(row.created_at, workspace.timeZone)),
      changedAt: row.changed_at?.toISOString() ?? null,
      warnings: checkRule(row.rule, null),
      usedBy: dependentsOf(row.id, all, false).map(({ id, name }) => ({ id, name })),
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
    };
  });
}

/** Backwards from how many there are now, by who came and went. */
function sizesOf(
  row: Row,
  moves: readonly { day: string; entered: number; gone: number }[],
  today: string,
  createdOn: string,
): Segment['sizes'] {
  const byDay = new Map(moves.map((move) => [move.day, move.entered - move.gone]));
  const sizes: Segment['sizes'] = [];
  let people = row.people;
  for (let back = 0; back < 30; back += 1) {
    const day = addDays(today, -back);
    if (day < createdOn) break;
    sizes.unshift({ day, people });
    people -= byDay.get(day) ?? 0;
  }
  return sizes;
}
