import pg from 'pg';
import { AppError, assert } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { StatementHook } from '../events/statement-hook.ts';
import type { ControlSession, ControlStore, SqlValue } from './control-store.ts';
import { startListener } from './listen.ts';
import { toControlError } from './to-control-error.ts';

/** How to reach the control store. Plain JSON. Holds a password: never log it. */
export type ControlStoreAddress = {
  readonly connectionString: string;
  readonly schema: string;
  readonly embedded: boolean;
};

export type ControlStoreOptions = { readonly connectionsMax?: number; readonly onStatement?: StatementHook };

const attemptsMax = 3;
/** serialization_failure, deadlock_detected */
const repeatable = new Set(['40001', '40P01']);

export function openControlStore(address: ControlStoreAddress, options: ControlStoreOptions = {}): ControlStore {
  const pool = new pg.Pool({
    connectionString: address.connectionString,
    max: options.connectionsMax ?? 10,
    options: `-c search_path=${address.schema},public -c timezone=UTC`,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'zhiyin',
  });
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  const told: StatementHook = options.onStatement ?? (() => {});
  const store = sessionOn(pool, told);

  return {
    ...store,
    async transaction<T>(work: (session: ControlSession) => Promise<T>): Promise<T> {
      for (let attempt = 1; ; attempt += 1) {
        const client = await pool.connect().catch((cause: unknown) => {
          throw toControlError('transaction', cause);
        });
        let broken: Error | undefined;
        try {
          await client.query('begin');
          const result = await work(sessionOn(client, told));
          await client.query('commit');
          return result;
        } catch (cause) {
          await client.query('rollback').catch((rollback: Error) => {
            broken = rollback;
          });
          if (repeatable.has(sqlState(cause)) && attempt <= attemptsMax) continue;
          throw cause instanceof Error && 'code' in cause && !(cause instanceof AppError)
            ? toControlError('transaction', cause)
            : cause;
        } finally {
          client.release(broken);
        }
      }
    },

    async ping(timeoutMs: number): Promise<boolean> {
      const late = new Promise<false>((resolve) => setTimeout(resolve, timeoutMs, false).unref());
      return Promise.race([
        pool.query('select 1').then(
          () => true,
          () => false,
        ),
        late,
      ]);
    },

    listen: (channel, onMessage) => startListener(address.connectionString, channel, onMessage),
    connectionString: address.connectionString,
    close: () => pool.end(),
  };
}

type Queryable = { query(sql: string, values: unknown[]): Promise<{ rows: unknown[] }> };

function sessionOn(connection: Queryable, told: StatementHook): ControlSession {
  const run = async <Row>(
    scope: 'workspace' | 'platform',
    sql: string,
    values: readonly SqlValue[],
  ): Promise<Row[]> => {
    told({ store: 'control', scope, name: '', statement: sql });
    try {
      return (await connection.query(sql, values as unknown[])).rows as Row[];
    } catch (cause) {
      throw toControlError(sql, cause);
    }
  };
  return {
    query: (sql, values = []) => run('platform', sql, values),
    of(workspaceId: WorkspaceId) {
      assert(Number.isSafeInteger(workspaceId) && workspaceId > 0, `control store: workspace id ${workspaceId}`);
      return {
        query: (sql, values = []) => {
          assertNamesWorkspace(sql);
          return run('workspace', sql, [workspaceId, ...values]);
        },
      };
    },
  };
}

/** A fence against forgetting, not against malice: `$1` is the workspace, and the statement says what it does with it. */
function assertNamesWorkspace(sql: string): void {
  const withoutComments = sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  const usesIt = /\$1(?!\d)/.test(withoutComments);
  const saysSo = /\bworkspace_id\b/i.test(withoutComments) || /\bworkspaces\b/i.test(withoutComments);
  assert(usesIt && saysSo, `of(workspace): the statement must use $1 as workspace_id: ${sql.trim().slice(0, 200)}`);
}

const sqlState = (cause: unknown): string => {
  const own = (cause as { code?: unknown; details?: { sqlState?: unknown } }) ?? {};
  return String(own.details?.sqlState ?? own.code ?? '');
};
