import type {
  Locale,
  Page,
  Panel,
  PersonSegment,
  RuleFinding,
  SegmentMember,
  SegmentOverlap,
  SegmentPreview,
  SegmentPreviewRequest,
  SegmentRule,
  SegmentWhy,
} from '@zhiyin/contract';
import { AppError } from '../../../domain/app-error.ts';
import { addDays, dayOf, daysBetween, startOfDay } from '../../../domain/calendar.ts';
import { asProfileId, type ProfileId } from '../../../domain/ids.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import { ask } from '../../../storage/control/ask.ts';
import type { Stores } from '../../../storage/stores.ts';
import { toPeople } from '../../list-people.ts';
import { type PersonTotals, peoplePageQuestion } from '../../people-questions.ts';
import { currentProfile, identitiesOf, profilesOf } from '../../profile-identities.ts';
import { ruleContext } from '../membership/load-segments.ts';
import { checkRule, refuse } from '../rule/check-rule.ts';
import { countQuestion, sampleQuestion } from '../rule/compile-question.ts';
import { inlineSegments } from '../rule/compile-rule.ts';
import { earliestDue, evaluateRule, type Finding } from '../rule/evaluate-rule.ts';
import { collectNeeds } from '../rule/facts.ts';
import { loadFacts } from '../rule/load-facts.ts';
import { findDuplicate, getSegment, loadRules, notesOf, refuseOwnCycle } from './manage-segments.ts';

type View = { readonly reveal: boolean; readonly locale: Locale };

/** Who a rule takes in that is not saved: how many, and some of them. */
export async function previewSegment(
  stores: Stores,
  workspace: Workspace,
  request: SegmentPreviewRequest & { rule: SegmentRule },
  view: View,
  now: Date = new Date(),
): Promise<SegmentPreview> {
  checkRule(request.rule, null);
  await refuseOwnCycle(stores, workspace, request.segmentId ?? 0, request.rule);
  const rule = inlineSegments(request.rule, await loadRules(stores, workspace));
  const context = ruleContext(workspace, now);
  const counting = countQuestion(rule, context);
  const limit = request.sample ?? 10;
  const startedAt = performance.now();
  const [counted, sampled, warnings, duplicateOf] = await Promise.all([
    stores.events.read<{ people: string; everyone: string }>(workspace.id, counting),
    limit > 0
      ? stores.events.read<{ profile_id: string }>(workspace.id, sampleQuestion(rule, context, limit))
      : { rows: [] },
    notesOf(stores, workspace, request.rule),
    findDuplicate(stores, workspace, request.rule, request.segmentId),
  ]);
  const [count] = counted.rows;
  const sample = await loadPeople(
    stores,
    workspace,
    sampled.rows.map((row) => asProfileId(row.profile_id)),
    view,
  );
  return {
    people: Number(count?.people ?? 0),
    margin: 0,
    everyone: Number(count?.everyone ?? 0),
    sample,
    warnings,
    duplicateOf,
    elapsedMs: Math.round(performance.now() - startedAt),
    query: {
      statement: counted.statement,
      parameters: { ...counting.parameters },
      elapsedMs: counted.elapsedMs,
      rowsRead: counted.rowsRead,
    },
  };
}

/** In the order of the ids; who has no events at all is shown with nothing done. */
async function loadPeople(
  stores: Stores,
  workspace: Workspace,
  profileIds: readonly ProfileId[],
  view: View,
): Promise<SegmentPreview['sample']> {
  if (profileIds.length === 0) return [];
  const identities = await identitiesOf(stores, workspace.id, profileIds);
  const question = peoplePageQuestion({
    sort: 'last_seen',
    currency: workspace.currency,
    limit: profileIds.length,
    identityIds: [...identities.values()].flat(),
  });
  const { rows } = await stores.events.read<PersonTotals>(workspace.id, question);
  const totals = new Map(rows.map((row) => [row.profile_id, row]));
  const never = '1970-01-01 00:00:00.000';
  const nothing = { first_seen: never, last_seen: never, events: '0', orders: '0', revenue: '0' };
  return toPeople(
    stores,
    workspace,
    profileIds.map((profile_id) => totals.get(profile_id) ?? { profile_id, ...nothing }),
    view,
  );
}

/** Who is in it, a page at a time; with `search` those to whom that whole identifier belongs. */
export async function listMembers(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  query: { readonly search?: string | undefined; readonly cursor?: string | undefined; readonly limit: number },
  view: View,
): Promise<Page<SegmentMember>> {
  const segment = await getSegment(stores, workspace, segmentId);
  if (query.cursor !== undefined && !/^\d{1,20}$/.test(query.cursor)) {
    throw new AppError('input.invalid', 'cursor: not a cursor of this list', {
      details: { field: 'cursor', fix: 'Start again without a cursor.' },
    });
  }
  const found = query.search ? await profilesFound(stores, workspace, query.search) : null;
  const rows = await stores.control.of(workspace.id).query<{ profile_id: string; entered_at: Date | null }>(
    `select p.profile_id, (select max(c.at) from segment_changes c
       where c.workspace_id = $1 and c.profile_id = p.profile_id and c.segment_id = $2 and c.entered) as entered_at
     from profile_segments p
     where p.workspace_id = $1 and p.segment_ids @> array[$2::integer] and ($3::bigint[] is null or p.profile_id = any($3))
       and ($4::bigint is null or p.profile_id > $4)
     order by p.profile_id limit $5`,
    [segmentId, found, query.cursor ?? null, query.limit + 1],
  );
  const page = rows.slice(0, query.limit);
  const people = await loadPeople(
    stores,
    workspace,
    page.map((row) => asProfileId(row.profile_id)),
    view,
  );
  return {
    rows: people.map((person, i) => ({ ...person, enteredAt: page[i]?.entered_at?.toISOString() ?? null })),
    nextCursor: rows.length > query.limit ? (page.at(-1)?.profile_id ?? null) : null,
    total: found ? null : segment.people,
  };
}

async function profilesFound(stores: Stores, workspace: Workspace, search: string): Promise<string[]> {
  const vault = await stores.vault.of(workspace.id);
  const profiles = await profilesOf(stores, workspace.id, await vault.find(search, 200));
  return [...new Set<string>([...profiles.values(), ...(/^\d{5,20}$/.test(search) ? [search] : [])])];
}

const daysMax = 750;

/** People at the end of each day, backwards from how many there are now. */
export async function readSize(
  stores: Stores,
  workspace: Workspace,
  segmentId: number,
  { from, to }: { readonly from: string; readonly to: string },
  now: Date = new Date(),
): Promise<Panel> {
  if (from >= to || daysBetween(from, to) > daysMax) {
    throw new AppError('input.invalid', `to: must be after from and at most ${daysMax} days later`, {
      details: { field: 'to', fix: 'Ask for a shorter range.' },
    });
  }
  const segment = await getSegment(stores, workspace, segmentId, now);
  const { rows, query } = await ask<{ day: string; entered: number; gone: number }>(
    stores.control,
    workspace.id,
    `select to_char(at at time zone $3, 'YYYY-MM-DD') as day, count(*) filter (where entered)::integer as entered,
       count(*) filter (where not entered)::integer as gone
     from segment_changes where workspace_id = $1 and segment_id = $2 and at >= $4 group by 1 order by 1`,
    [segmentId, workspace.timeZone, startOfDay(from, workspace.timeZone)],
  );
  const moves = new Map(rows.map((row) => [row.day, row]));
  const today = dayOf(now, workspace.timeZone);
  const days: Panel['rows'] = [];
  let people = segment.people ?? 0;
  for (let day = today > to ? today : addDays(to, -1); day >= from; day = addDays(day, -1)) {
    const { entered = 0, gone = 0 } = moves.get(day) ?? {};
    if (day < to && day <= today) days.unshift({ day, people, entered, left: gone });
    people -= entered - gone;
  }
  return {
    name: 'segment-size',
    columns: [
      { key: 'day', type: 'date' },
      { key: 'people', type: 'number' },
      { key: 'entered', type: 'number' },
      { key: 'left', type: 'number' },
    ],
    rows: days,
    query,
    asOf: now.toISOString(),
  };
}

/** Exact counts of every combination of some segments. */
export async function readOverlap(
  stores: Stores,
  workspace: Workspace,
  segmentIds: readonly number[],
): Promise<SegmentOverlap> {
  const segments = [];
  for (const id of segmentIds) segments.push(await getSegment(stores, workspace, id));
  const { rows, query } = await ask<{ ids: number[]; people: number }>(
    stores.control,
    workspace.id,
    `select ids, count(*)::integer as people from (
       select array(select id from unnest(segment_ids) as id where id = any($2::integer[]) order by id) as ids
       from profile_segments where workspace_id = $1 and segment_ids && $2::integer[]
     ) as combined group by ids order by people desc, ids`,
    [[...segmentIds]],
  );
  return {
    sets: segments.map(({ id, name }) => ({
      id,
      name,
      people: rows.reduce((sum, { ids, people }) => sum + (ids.includes(id) ? people : 0), 0),
    })),
    intersections: rows.map(({ ids, people }) => ({ segmentIds: ids, people })),
    query,
  };
}

/** Whether a person is in a segment, each part of its rule with what was found. */
export async function explainMembership(
  stores: Stores,
  workspace: Workspace,
  request: {
    readonly profileId: string;
    readonly segmentId?: number | undefined;
    readonly rule?: SegmentRule | undefined;
  },
  now: Date = new Date(),
): Promise<SegmentWhy> {
  const segment =
    request.segmentId === undefined ? undefined : await getSegment(stores, workspace, request.segmentId, now);
  const rule = segment?.rule ?? request.rule;
  if (!rule) refuse('', 'is missing', 'Give segmentId or rule.');
  checkRule(rule, null);
  const rules = await loadRules(stores, workspace);
  const own = inlineSegments(rule, rules);
  const profileId = await currentProfile(stores, workspace.id, request.profileId);
  const context = ruleContext(workspace, now);
  const needs = collectNeeds([own], context.moment);
  const among = await identitiesOf(stores, workspace.id, [profileId]);
  const facts = await loadFacts(stores.events, workspace.id, needs, among);
  if (!facts) {
    throw new AppError('input.too_large', `person ${profileId}: has more events than can be shown one by one`, {
      details: { field: 'profileId', fix: 'Look at the membership itself; it is kept for everybody.' },
    });
  }
  const found = facts.get(profileId);
  if (!found) {
    throw new AppError('not_found', `person ${request.profileId}: nothing is known of them`, {
      details: { field: 'profileId', fix: 'Search for the person by an identifier.' },
    });
  }
  const finding = evaluateRule(own, profileId, found, { context, needs });
  const [kept] = segment
    ? await stores.control.of(workspace.id).query<{ is_in: boolean; entered_at: Date | null }>(
        `select segment_ids @> array[$3::integer] as is_in, (select max(at) from segment_changes
           where workspace_id = $1 and profile_id = $2 and segment_id = $3 and entered) as entered_at
         from profile_segments where workspace_id = $1 and profile_id = $2`,
        [profileId, segment.id],
      )
    : [];
  return {
    profileId,
    isIn: finding.holds,
    isKept: segment ? (kept?.is_in ?? false) : null,
    enteredAt: kept?.is_in ? (kept.entered_at?.toISOString() ?? null) : null,
    rule,
    finding: toFinding(finding, '', (dues) => earliestDue(dues, context.moment)),
    asOf: now.toISOString(),
  };
}

function toFinding(finding: Finding, path: string, earliest: (dues: readonly number[]) => number | null): RuleFinding {
  const due = earliest(finding.dues);
  const inner = (i: number) => `${path}${path && '.'}of${finding.kind === 'not' ? '' : `[${i}]`}`;
  return {
    path,
    kind: finding.kind,
    holds: finding.holds,
    value: finding.value,
    changesAt: due === null ? null : new Date(due).toISOString(),
    of: finding.of.map((one, i) => toFinding(one, inner(i), earliest)),
  };
}

/** Segments that a person is in. */
export async function listPersonSegments(stores: Stores, workspace: Workspace, id: string): Promise<PersonSegment[]> {
  const profileId = await currentProfile(stores, workspace.id, id);
  const rows = await stores.control.of(workspace.id).query<{ id: number; name: string; entered_at: Date | null }>(
    `select s.id, s.name, (select max(c.at) from segment_changes c
       where c.workspace_id = $1 and c.profile_id = $2 and c.segment_id = s.id and c.entered) as entered_at
     from profile_segments p join segments s on s.workspace_id = $1 and s.id = any(p.segment_ids)
     where p.workspace_id = $1 and p.profile_id = $2 order by s.name`,
    [profileId],
  );
  return rows.map((row) => ({ id: row.id, name: row.name, enteredAt: row.entered_at?.toISOString() ?? null }));
}
