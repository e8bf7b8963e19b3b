import { dayOf } from '../../domain/calendar.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlStore } from '../../storage/control/control-store.ts';
import type { Endpoint } from '../model-settings.ts';
import { toMicros } from './money.ts';

export type Amount = { readonly tokens: number; readonly micros: number };
export type Reservation = Amount & { readonly day: string };

/**
 * Sets aside the most a call may take, in one statement: processes that reserve at once never pass the limit together.
 * @returns undefined when the day's budget does not hold it.
 */
export async function reserve(
  control: ControlStore,
  workspace: Workspace,
  budget: Endpoint['budget'],
  most: Amount,
  now: Date,
): Promise<Reservation | undefined> {
  const own = control.of(workspace.id);
  const day = dayOf(now, workspace.timeZone);
  await own.query('insert into llm_spend (workspace_id, day) values ($1, $2) on conflict do nothing', [day]);
  const rows = await own.query(
    `update llm_spend set tokens_reserved = tokens_reserved + $3, micros_reserved = micros_reserved + $4
     where workspace_id = $1 and day = $2
       and ($5::bigint is null or tokens_used + tokens_reserved + $3 <= $5)
       and ($6::bigint is null or micros_used + micros_reserved + $4 <= $6)
     returning day`,
    [
      day,
      most.tokens,
      most.micros,
      budget.tokensPerDay,
      budget.amountPerDay === null ? null : toMicros(budget.amountPerDay),
    ],
  );
  return rows.length > 0 ? { ...most, day } : undefined;
}

/** What was set aside goes, what was used comes: on the day on which it was reserved. */
export async function settle(
  control: ControlStore,
  workspace: Workspace,
  reserved: Reservation,
  used: Amount,
): Promise<void> {
  await control.of(workspace.id).query(
    `update llm_spend set tokens_reserved = tokens_reserved - $3, micros_reserved = micros_reserved - $4,
       tokens_used = tokens_used + $5, micros_used = micros_used + $6
     where workspace_id = $1 and day = $2`,
    [reserved.day, reserved.tokens, reserved.micros, used.tokens, used.micros],
  );
}
