import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { cleanerPauseLockKey } from '../storage/control/pause-lock.ts';

/** First half of the lock of one journal: only one worker processes it. */
const journalLockClass = 7_703;
const retryMs = 100;

/** Locks belong to a connection of their own: when it breaks, they are gone, and so is the right to process. */
export class CleanerLocks {
  readonly #connectionString: string;
  readonly #logger: Logger;
  #client: pg.Client | undefined;
  readonly #held = new Set<string>();

  constructor(connectionString: string, logger: Logger) {
    this.#connectionString = connectionString;
    this.#logger = logger;
  }

  /** False while another worker has this journal. */
  async takeJournal(journalId: string): Promise<boolean> {
    const client = await this.#connect();
    if (this.#held.has(journalId)) return true;
    const { rows } = await client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1::integer, hashtext($2)) as taken',
      [journalLockClass, `${await this.#schemaOf(client)}/${journalId}`],
    );
    if (rows[0]!.taken) this.#held.add(journalId);
    return rows[0]!.taken;
  }

  /** Waits while somebody pauses cleaning. Undefined when told to stop meanwhile. */
  async enter(signal: AbortSignal): Promise<(() => Promise<void>) | undefined> {
    const client = await this.#connect();
    for (;;) {
      if (signal.aborted) return undefined;
      const { rows } = await client.query<{ taken: boolean }>(
        'select pg_try_advisory_lock_shared($1::bigint) as taken',
        [cleanerPauseLockKey],
      );
      if (rows[0]!.taken) break;
      await sleep(retryMs);
    }
    return async () => {
      await client.query('select pg_advisory_unlock_shared($1::bigint)', [cleanerPauseLockKey]).catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#held.clear();
    await client?.end().catch(() => undefined);
  }

  /** Two installations may share a database in schemas of their own. */
  async #schemaOf(client: pg.Client): Promise<string> {
    const { rows } = await client.query<{ schema: string | null }>('select current_schema() as schema');
    return rows[0]!.schema ?? '';
  }

  async #connect(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    const client = new pg.Client({
      connectionString: this.#connectionString,
      application_name: 'zhiyin-cleaner-locks',
    });
    const forget = () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#held.clear();
    };
    client.on('error', (error) => {
      this.#logger.warn({ err: error }, 'cleaner: the connection that holds the locks broke; it is made again');
      forget();
    });
    client.on('end', forget);
    await client.connect();
    this.#client = client;
    return client;
  }
}
