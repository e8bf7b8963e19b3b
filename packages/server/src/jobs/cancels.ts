import type { PgBoss } from 'pg-boss';

const channelOf = (schema: string) => `${schema}_cancelled`;

/** A worker hears of cancelled jobs at once; without this it would notice at the next heartbeat. */
export async function listenForCancels(
  boss: PgBoss,
  schema: string,
  onCancel: (jobId: string) => void,
): Promise<() => Promise<void>> {
  const listening = await boss.getDb().listen?.(channelOf(schema), onCancel, () => undefined);
  return async () => listening?.close();
}

export async function announceCancel(boss: PgBoss, schema: string, jobId: string): Promise<void> {
  await boss.getDb().executeSql('select pg_notify($1, $2)', [channelOf(schema), jobId]);
}
