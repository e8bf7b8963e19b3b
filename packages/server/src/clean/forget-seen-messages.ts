import type { ControlStore } from '../storage/control/control-store.ts';

const rowsPerStepMax = 50_000;

/** Message keys older than the promise. Today's stay whatever the setting; in steps, so that no lock is held for long. */
export async function forgetSeenMessages(control: ControlStore, dedupeDays: number): Promise<void> {
  for (;;) {
    const removed = await control.query<{ message_key: string }>(
      `delete from seen_messages where message_key in (
         select message_key from seen_messages where seen_on < (now() at time zone 'utc')::date - $1::integer limit ${rowsPerStepMax}
       ) returning message_key`,
      [Math.max(7, dedupeDays)],
    );
    if (removed.length < rowsPerStepMax) return;
  }
}
