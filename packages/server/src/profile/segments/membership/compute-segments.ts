import { asProfileId } from '../../../domain/ids.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { Stores } from '../../../storage/stores.ts';
import { type MembershipRow, membershipQuestion } from '../rule/compile-question.ts';
import type { OwnRule } from '../rule/compile-rule.ts';
import { type Membership, toDate } from './evaluate-people.ts';
import { loadSegments, ruleContext } from './load-segments.ts';
import { saveMemberships, takeVersion } from './save-memberships.ts';

const rulesAtOnce = 8;
const peopleAtOnce = 5_000;
const questionTimeoutMs = 10 * 60_000;

export type ComputeOptions = {
  /** Null: all of them. */
  readonly segmentIds: readonly number[] | null;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number | null) => void;
};

/**
 * Looks at everybody for some segments, a few rules a pass over the event store, a page of people a transaction. What people do meanwhile is
 * not written over: their rows are of a later evaluation.
 */
export async function computeSegments(stores: Stores, workspace: Workspace, options: ComputeOptions): Promise<void> {
  const { segmentIds, progress } = options;
  const { rules, revision } = await loadSegments(stores.control, workspace.id);
  const wanted = [...rules].filter(([id]) => segmentIds === null || segmentIds.includes(id));
  const everyone = await countEveryone(stores, workspace);
  const passes = Math.ceil(wanted.length / rulesAtOnce);
  for (let pass = 0; pass < passes; pass += 1) {
    const some = wanted.slice(pass * rulesAtOnce, (pass + 1) * rulesAtOnce);
    const report = async (done: number) => {
      progress?.(pass * everyone + done, passes * everyone);
      await saveProgress(
        stores,
        workspace,
        some.map(([id]) => id),
        { done, total: everyone },
      );
    };
    await report(0);
    const isDone = await computeSome(stores, workspace, new Map(some), revision, options, report);
    // The rules were changed while people were looked at: begin again with the new ones.
    if (!isDone) return computeSegments(stores, workspace, options);
  }
}

async function computeSome(
  stores: Stores,
  workspace: Workspace,
  rules: ReadonlyMap<number, OwnRule>,
  revision: string,
  { now, signal }: ComputeOptions,
  report: (done: number) => Promise<void>,
): Promise<boolean> {
  const version = await takeVersion(stores.control);
  const at = now();
  const segmentIds = [...rules.keys()];
  const question = membershipQuestion(rules, ruleContext(workspace, at), null);
  let page = new Map<string, Membership>();
  let done = 0;
  const flush = async (): Promise<boolean> => {
    const people = new Map([...page].map(([id, membership]) => [asProfileId(id), membership]));
    page = new Map();
    done += people.size;
    const saved = await stores.control.transaction((session) =>
      saveMemberships(session, workspace.id, { version, revision, at, segmentIds, cause: 'rule', people }),
    );
    if (saved !== undefined) await report(done);
    return saved !== undefined;
  };
  const rows = stores.events.stream<MembershipRow>(workspace.id, question, {
    timeoutMs: questionTimeoutMs,
    ...(signal ? { signal } : {}),
  });
  for await (const some of rows) {
    for (const row of some) {
      page.set(row.profile_id, { segments: row.segments, dueAt: toDate(row.due === null ? null : Number(row.due)) });
    }
    signal?.throwIfAborted();
    if (page.size >= peopleAtOnce && !(await flush())) return false;
  }
  if (!(await flush())) return false;
  await stores.control.of(workspace.id).query(
    `update segments set computed_revision = revision, progress = null
     where workspace_id = $1 and id = any($2::integer[])`,
    [segmentIds],
  );
  return true;
}

async function countEveryone(stores: Stores, workspace: Workspace): Promise<number> {
  const { rows } = await stores.events.read<{ people: string }>(workspace.id, {
    name: 'segment-everyone',
    sql: 'SELECT uniq(identity_id) AS people FROM @events',
  });
  return Number(rows[0]?.people ?? 0);
}

async function saveProgress(
  stores: Stores,
  workspace: Workspace,
  segmentIds: readonly number[],
  progress: { done: number; total: number },
): Promise<void> {
  await stores.control
    .of(workspace.id)
    .query('update segments set progress = $3 where workspace_id = $1 and id = any($2::integer[])', [
      [...segmentIds],
      progress,
    ]);
}
