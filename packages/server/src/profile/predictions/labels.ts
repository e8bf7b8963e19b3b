import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore, Question } from '../../storage/events/event-store.ts';
import type { Definition } from './prediction.ts';

/** Furthest step towards a purchase, from nothing to buying; the code is the place in this list. */
export const actions = ['nothing', 'visit', 'view', 'cart', 'checkout', 'buy'] as const;

const during = 'occurred_at >= {at:DateTime64(3)} AND occurred_at < {until:DateTime64(3)}';

/**
 * What came of each person in [at, until): rows (profile_id, outcome) of those to whom something happened. Who is not among them did
 * nothing; what that means is the kind's to say (`outcomeOf`).
 */
export function outcomesSql({ kind }: Pick<Definition, 'kind'>): string {
  switch (kind) {
    case 'churn':
    case 'repurchase':
    case 'lifetime_value':
      return `SELECT profile_id, toString(sum(amount_minor)) AS outcome FROM @person_order_lines
              WHERE ${during} GROUP BY profile_id HAVING countIf(kind = 'sale') > 0`;
    case 'next_purchase':
      return `SELECT profile_id, toString(dateDiff('second', {at:DateTime64(3)}, min(occurred_at)) / 86400) AS outcome
              FROM @person_order_lines WHERE ${during} AND kind = 'sale' GROUP BY profile_id`;
    case 'next_category':
      return `SELECT profile_id, argMin(toString(category), (occurred_at, line_key)) AS outcome FROM @person_order_lines
              WHERE ${during} AND kind = 'sale' AND category != '' GROUP BY profile_id`;
    case 'next_action':
      return `SELECT profile_id, toString(max(multiIf(name = 'order_completed', 5, name = 'checkout_started', 4, name = 'product_added', 3,
                name IN ('product_viewed', 'product_clicked', 'item_viewed', 'content_viewed'), 2, 1))) AS outcome
              FROM @person_events
              WHERE ${during} AND name NOT IN ('email_delivered', 'email_bounced', 'sms_delivered', 'push_notification_received',
                'push_notification_bounced', 'order_refunded', 'order_cancelled', 'order_updated')
              GROUP BY profile_id`;
    case 'goal':
      return `SELECT profile_id, toString(count()) AS outcome FROM @person_events WHERE ${during} AND name = {goal:String} GROUP BY profile_id`;
    case 'anomaly':
      return `SELECT profile_id, '' AS outcome FROM @person_events WHERE ${during} AND 0 GROUP BY profile_id`;
  }
}

export const outcomeParameters = ({ goalEvent }: Pick<Definition, 'goalEvent'>, at: Date, until: Date) => ({
  at,
  until,
  goal: goalEvent ?? '',
});

/** 1 where what is foretold came true. */
export function isPositive(kind: Definition['kind'], outcome: string | undefined): boolean {
  if (kind === 'churn') return outcome === undefined;
  return outcome !== undefined;
}

export async function readOutcomes(
  events: EventStore,
  workspaceId: WorkspaceId,
  definition: Pick<Definition, 'kind' | 'goalEvent' | 'horizonDays'>,
  at: Date,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const until = new Date(at.getTime() + definition.horizonDays * 86_400_000);
  const question: Question = {
    name: 'prediction-outcomes',
    parameters: outcomeParameters(definition, at, until),
    sql: `SELECT hex(profile_id) AS person, outcome FROM (${outcomesSql(definition)})`,
  };
  const outcomes = new Map<string, string>();
  const rows = events.stream<{ person: string; outcome: string }>(workspaceId, question, {
    timeoutMs: 1_800_000,
    ...(signal ? { signal } : {}),
  });
  for await (const part of rows) {
    for (const { person, outcome } of part) outcomes.set(BigInt(`0x${person}`).toString(), outcome);
  }
  return outcomes;
}
