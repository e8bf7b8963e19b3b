import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { assert } from '../../domain/app-error.ts';

/**
 * One connection that listens on a channel, and comes back when it is lost. Messages sent meanwhile are missed, so a
 * listener is called once with an empty payload after each return: "look for yourself".
 */
export async function startListener(
  connectionString: string,
  channel: string,
  onMessage: (payload: string) => void,
): Promise<() => Promise<void>> {
  assert(/^[a-z_][a-z0-9_]*$/.test(channel), `listen: channel ${channel} must be a plain name`);
  let stopped = false;
  let client: pg.Client | undefined;

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString,
      keepAlive: true,
      application_name: 'zhiyin listen',
      connectionTimeoutMillis: 5000,
    });
    fresh.on('error', () => {});
    fresh.on('notification', (message) => onMessage(message.payload ?? ''));
    await fresh.connect();
    await fresh.query(`listen ${channel}`);
    client = fresh;
    fresh.once('end', () => {
      client = undefined;
      if (!stopped) void reconnect();
    });
  };
  const reconnect = async (): Promise<void> => {
    for (let waitMs = 100; !stopped; waitMs = Math.min(waitMs * 2, 5000)) {
      await sleep(waitMs, undefined, { ref: false });
      if (stopped) return;
      try {
        await connect();
        onMessage('');
        return;
      } catch {}
    }
  };

  await connect();
  return async () => {
    stopped = true;
    await client?.end();
  };
}
