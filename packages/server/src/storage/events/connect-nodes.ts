import type { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { AppError } from '../../domain/app-error.ts';
import type { EventStoreAddress } from './event-store-address.ts';
import { sendBody } from './send-body.ts';
import { toStorageError } from './to-storage-error.ts';

type Call = {
  readonly signal: AbortSignal;
  readonly settings: ClickHouseSettings;
  explain(cause: unknown): AppError;
  end(): void;
};

type WriteCall = { readonly signal: AbortSignal; readonly settings: ClickHouseSettings; end(): Promise<void> };

export type Node = {
  readonly url: string;
  readonly app: ClickHouseClient;
  readonly import: ClickHouseClient;
  readonly admin: ClickHouseClient;
};

export type Nodes = {
  readonly perNode: readonly Node[];
  readonly insertSettings: ClickHouseSettings;
  reader(): ClickHouseClient;
  writer(): ClickHouseClient;
  importer(): ClickHouseClient;
  /** All nodes, the one that answered last first. */
  fromPreferred(): readonly Node[];
  /** The next calls go to another node. */
  avoid(node: Node): void;
  readCall(name: string, timeoutMs: number, outer?: AbortSignal): Call;
  /** A writing call is not stopped by hanging up: it is killed by its id. */
  writeCall(queryId: string, timeoutMs: number, outer?: AbortSignal): WriteCall;
  /** Reads go on while a node is away: the next one is asked, once each. */
  withReader<T>(
    name: string,
    timeoutMs: number,
    outer: AbortSignal | undefined,
    work: (client: ClickHouseClient, call: Call) => Promise<T>,
  ): Promise<T>;
  maintain<Row>(statement: string, parameters: Record<string, unknown>, node?: Node): Promise<Row[]>;
  /** An INSERT that ends in `FORMAT …` and the bytes it reads. */
  send(statement: string, parameters: Record<string, unknown>, body: Readable, node?: Node): Promise<void>;
  answers(node: Node, timeoutMs: number): Promise<boolean>;
  ping(timeoutMs: number): Promise<boolean>;
  states(): Promise<{ url: string; up: boolean; version: string | null }[]>;
  close(): Promise<void>;
};

/** Same meaning everywhere, whatever the server's profile says. */
const textSettings: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_named_tuples_as_objects: 1,
  date_time_input_format: 'best_effort',
  session_timezone: 'UTC',
};

/** Clients per node and per user, and the settings each kind of call needs. */
export function connectNodes(address: EventStoreAddress): Nodes {
  const connect = (url: string, credentials: { user: string; password: string }): ClickHouseClient =>
    createClient({
      url,
      username: credentials.user,
      password: credentials.password,
      // Our own timers end a call; the client's is only a last resort.
      request_timeout: 24 * 3_600_000,
      max_open_connections: 32,
      keep_alive: { enabled: true, idle_socket_ttl: address.embedded ? 20_000 : 2_500 },
      compression: { request: false, response: false },
      log: { level: ClickHouseLogLevel.OFF },
    });
  const perNode = address.nodes.map((url) => ({
    url,
    app: connect(url, address.users.app),
    import: connect(url, address.users.import),
    admin: connect(url, address.users.admin),
  }));
  let preferred = 0;
  const clusterSettings: ClickHouseSettings = address.cluster
    ? { distributed_product_mode: 'global', prefer_localhost_replica: 1, connect_timeout_with_failover_ms: 500 }
    : {};

  const current = (): Node => perNode[preferred % perNode.length] as Node;

  const readCall = (name: string, timeoutMs: number, outer?: AbortSignal): Call => {
    const controller = new AbortController();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      controller.abort();
    }, timeoutMs);
    const onOuter = () => controller.abort();
    outer?.addEventListener('abort', onOuter, { once: true });
    if (outer?.aborted) controller.abort();
    return {
      signal: controller.signal,
      settings: {
        ...textSettings,
        ...clusterSettings,
        // Together they make the server stop when we hang up; max_execution_time is the second net.
        readonly: '2',
        cancel_http_readonly_queries_on_client_close: 1,
        max_execution_time: Math.ceil(timeoutMs / 1000) + 1,
      },
      explain: (cause) =>
        timedOut
          ? new AppError('storage.unavailable', `${name}: no answer in ${timeoutMs} ms`, {
              cause,
              details: { fix: 'Ask for a shorter range.' },
            })
          : outer?.aborted
            ? new AppError('storage.unavailable', `${name}: cancelled`, { cause })
            : toStorageError(name, cause, 'read'),
      end() {
        clearTimeout(timer);
        outer?.removeEventListener('abort', onOuter);
      },
    };
  };

  return {
    perNode,
    reader: () => current().app,
    writer: () => current().app,
    importer: () => current().import,
    fromPreferred: () => perNode.map((_, index) => perNode[(preferred + index) % perNode.length] as Node),
    avoid(node) {
      if (current() === node) preferred = (preferred + 1) % perNode.length;
    },
    readCall,
    insertSettings: {
      ...textSettings,
      input_format_skip_unknown_fields: 0,
      input_format_null_as_default: 0,
      type_json_skip_duplicated_paths: 1,
      async_insert: 0,
      max_execution_time: 120,
    } as ClickHouseSettings,

    async withReader<T>(
      name: string,
      timeoutMs: number,
      outer: AbortSignal | undefined,
      work: (client: ClickHouseClient, call: Call) => Promise<T>,
    ): Promise<T> {
      const call = readCall(name, timeoutMs, outer);
      try {
        for (let attempt = 1; ; attempt += 1) {
          const asked = preferred;
          try {
            return await work(current().app, call);
          } catch (cause) {
            if (!isConnectionError(cause) || attempt >= Math.max(2, perNode.length) || call.signal.aborted) throw cause;
            if (preferred === asked) preferred = (preferred + 1) % perNode.length;
          }
        }
      } catch (cause) {
        throw call.explain(cause);
      } finally {
        call.end();
      }
    },

    writeCall(queryId: string, timeoutMs: number, outer?: AbortSignal) {
      const controller = new AbortController();
      let killed: Promise<unknown> = Promise.resolve();
      const kill = () => {
        controller.abort();
        killed = current()
          .admin.command({ query: 'KILL QUERY WHERE query_id = {id:String} SYNC', query_params: { id: queryId } })
          .catch(() => {});
      };
      const timer = setTimeout(kill, timeoutMs);
      outer?.addEventListener('abort', kill, { once: true });
      if (outer?.aborted) controller.abort();
      return {
        signal: controller.signal,
        settings: {
          ...textSettings,
          ...clusterSettings,
          type_json_skip_duplicated_paths: 1,
          max_execution_time: Math.ceil(timeoutMs / 1000),
          ...(address.cluster ? { distributed_foreground_insert: 1 } : {}),
        } as ClickHouseSettings,
        async end() {
          clearTimeout(timer);
          outer?.removeEventListener('abort', kill);
          await killed;
        },
      };
    },

    async maintain<Row>(
      statement: string,
      query_params: Record<string, unknown>,
      node: Node = current(),
    ): Promise<Row[]> {
      const settings: ClickHouseSettings = { ...textSettings, ...clusterSettings, wait_end_of_query: 1 };
      if (!/^\s*(select|with|show|describe|exists|explain|backup|restore)\b/i.test(statement)) {
        await node.admin.command({ query: statement, query_params, clickhouse_settings: settings });
        return [];
      }
      const result = await node.admin.query({
        query: statement,
        query_params,
        format: 'JSONEachRow',
        clickhouse_settings: settings,
      });
      return result.json<Row>();
    },

    send: (statement, parameters, body, node = current()) =>
      sendBody(node.admin, { statement, parameters, body, settings: { ...textSettings, ...clusterSettings } }),

    answers: (node, timeoutMs) => answers(node.admin, timeoutMs),

    async ping(timeoutMs: number): Promise<boolean> {
      for (const node of [current(), ...perNode]) {
        if (await answers(node.app, timeoutMs)) return true;
      }
      return false;
    },

    states: () =>
      Promise.all(
        perNode.map(async ({ url, app }) => {
          try {
            const result = await app.query({
              query: 'SELECT version() AS version',
              format: 'JSONEachRow',
              abort_signal: AbortSignal.timeout(2000),
            });
            return { url, up: true, version: (await result.json<{ version: string }>())[0]?.version ?? null };
          } catch {
            return { url, up: false, version: null };
          }
        }),
      ),

    async close(): Promise<void> {
      await Promise.all(perNode.flatMap((node) => [node.app.close(), node.import.close(), node.admin.close()]));
    },
  };
}

export function isConnectionError(cause: unknown): boolean {
  const code = (cause as { code?: unknown }).code;
  return typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN|UND_ERR)/.test(code)
    ? true
    : cause instanceof Error && /socket hang up|ECONNREFUSED|ECONNRESET/.test(cause.message);
}

async function answers(client: ClickHouseClient, timeoutMs: number): Promise<boolean> {
  try {
    const result = await client.query({
      query: 'SELECT 1',
      format: 'JSONEachRow',
      abort_signal: AbortSignal.timeout(timeoutMs),
    });
    await result.json();
    return true;
  } catch {
    return false;
  }
}
