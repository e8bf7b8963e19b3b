import type { IdentityId, ProfileId, WorkspaceId } from '../../../domain/ids.ts';
import type { EventStore } from '../../../storage/events/event-store.ts';
import type { RuleContext } from '../rule/compile-condition.ts';
import { type MembershipRow, membershipQuestion } from '../rule/compile-question.ts';
import type { OwnRule } from '../rule/compile-rule.ts';
import { earliestDue, evaluateRule } from '../rule/evaluate-rule.ts';
import { collectNeeds } from '../rule/facts.ts';
import { loadFacts } from '../rule/load-facts.ts';

export type Membership = { readonly segments: readonly number[]; readonly dueAt: Date | null };
type People = ReadonlyMap<ProfileId, readonly IdentityId[]>;

/** So many rules in one question: the engine takes longer to read a long question than to answer it. */
const rulesAtOnce = 8;

/** In which of the segments some people are at an instant. Of whom nothing is known is not in the answer. */
export async function evaluatePeople(
  events: Pick<EventStore, 'read'>,
  workspaceId: WorkspaceId,
  rules: ReadonlyMap<number, OwnRule>,
  people: People,
  context: RuleContext,
): Promise<Map<ProfileId, Membership>> {
  if (people.size === 0 || rules.size === 0) return new Map();
  const needs = collectNeeds(rules.values(), context.moment);
  const facts = await loadFacts(events, workspaceId, needs, people);
  if (facts) {
    return new Map(
      [...facts].map(([profileId, own]) => {
        const segments: number[] = [];
        const dues: number[] = [];
        for (const [id, rule] of rules) {
          const finding = evaluateRule(rule, profileId, own, { context, needs });
          if (finding.holds) segments.push(id);
          for (const due of finding.dues) dues.push(due);
        }
        return [profileId, { segments, dueAt: toDate(earliestDue(dues, context.moment)) }];
      }),
    );
  }
  if (people.size === 1) return countWhereTheyLie(events, workspaceId, rules, people, context);
  // Somebody among them has very many rows: who it is shows when they are looked at in halves.
  const all = [...people];
  const middle = all.length >> 1;
  const halves = [new Map(all.slice(0, middle)), new Map(all.slice(middle))];
  const found: Map<ProfileId, Membership>[] = [];
  for (const half of halves) found.push(await evaluatePeople(events, workspaceId, rules, half, context));
  return new Map(found.flatMap((half) => [...half]));
}

async function countWhereTheyLie(
  events: Pick<EventStore, 'read'>,
  workspaceId: WorkspaceId,
  rules: ReadonlyMap<number, OwnRule>,
  people: People,
  context: RuleContext,
): Promise<Map<ProfileId, Membership>> {
  const found = new Map<ProfileId, Membership>();
  const all = [...rules];
  for (let i = 0; i < all.length; i += rulesAtOnce) {
    const some = new Map(all.slice(i, i + rulesAtOnce));
    const { rows } = await events.read<MembershipRow>(workspaceId, membershipQuestion(some, context, people));
    for (const row of rows) {
      const known = found.get(row.profile_id as ProfileId);
      const dueAt = row.due === null ? null : new Date(Number(row.due));
      found.set(row.profile_id as ProfileId, {
        segments: [...(known?.segments ?? []), ...row.segments],
        dueAt: earlier(known?.dueAt ?? null, dueAt),
      });
    }
  }
  return found;
}

export const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

export function earlier(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a < b ? a : b;
}
