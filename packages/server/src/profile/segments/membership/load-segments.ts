import type { SegmentRule } from '@zhiyin/contract';
import type { Workspace } from '../../../domain/workspace.ts';
import type { ControlSession } from '../../../storage/control/control-store.ts';
import type { RuleContext } from '../rule/compile-condition.ts';
import { inlineSegments, type OwnRule } from '../rule/compile-rule.ts';

/** The segments of a brand that are kept, each with its rule in full. */
export type KeptSegments = {
  readonly rules: ReadonlyMap<number, OwnRule>;
  /** Changes when any rule does: what was evaluated for another one is not written. */
  readonly revision: string;
};

export async function loadSegments(session: ControlSession, workspaceId: Workspace['id']): Promise<KeptSegments> {
  const rows = await session
    .of(workspaceId)
    .query<{ id: number; rule: SegmentRule; revision: number }>(
      "select id, rule, revision from segments where workspace_id = $1 and state = 'active' order by id",
      [],
    );
  const rules = new Map(rows.map(({ id, rule }) => [id, rule]));
  return {
    rules: new Map(rows.map(({ id, rule }) => [id, inlineSegments(rule, rules)])),
    revision: rows.map(({ id, revision }) => `${id}.${revision}`).join(' '),
  };
}

export const ruleContext = ({ timeZone, currency }: Workspace, now: Date): RuleContext => ({
  moment: { now, timeZone },
  currency,
});
