import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AppError, assert } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import { appendToCluster } from './append-to-cluster.ts';
import { connectNodes, type Node } from './connect-nodes.ts';
import { mayHoldJson, rowDecoder } from './decode-rows.ts';
import { deliverSpools } from './deliver-spools.ts';
import type { Answer, EventNode, EventStore, EventTable, JsonLines, Question, ReadOptions } from './event-store.ts';
import type { EventStoreAddress } from './event-store-address.ts';
import { expandNames } from './expand-names.ts';
import { formatParameters } from './format-parameters.ts';
import { insertLines, toJsonLines } from './json-lines.ts';
import { localName } from './render-tables.ts';
import { workspaceTables } from './schema.ts';
import { publishStaged, renderStaged } from './staged-rows.ts';
import type { StatementHook } from './statement-hook.ts';
import { toStorageError } from './to-storage-error.ts';

export type EventStoreOptions = { readonly onStatement?: StatementHook };

const format = 'JSONCompactEachRowWithNamesAndTypes';
const defaultTimeoutMs = 10_000;
const transformTimeoutMs = 6 * 3_600_000;
const appendTimeoutMs = 60_000;
const nodeTimeoutMs = 2_000;

/** The event store over HTTP, the same for the embedded server, one server and a cluster. */
export function openEventStore(address: EventStoreAddress, options: EventStoreOptions = {}): EventStore {
  const nodes = connectNodes(address);
  const tables = new Set(workspaceTables);
  const spools = address.cluster ? deliverSpools(nodes, address) : undefined;
  const told: StatementHook = options.onStatement ?? (() => {});

  const prepare = (workspaceId: WorkspaceId, question: Question, mayImport: boolean) => {
    assert(Number.isSafeInteger(workspaceId) && workspaceId > 0, `${question.name}: workspace id ${workspaceId}`);
    const statement = expandNames({ name: question.name, sql: question.sql, database: address.database, mayImport });
    told({ store: 'events', scope: 'workspace', name: question.name, statement });
    return {
      statement,
      query_params: { ...formatParameters(statement, question.parameters), workspace: workspaceId },
    };
  };

  const maintainOn = (node?: Node): EventStore['maintain'] =>
    async function maintain<Row>(
      statement: string,
      reason: string,
      parameters?: Question['parameters'],
      body?: Readable,
    ): Promise<Row[]> {
      told({ store: 'events', scope: 'platform', name: reason, statement });
      const values = formatParameters(statement, parameters);
      try {
        if (!body) return await nodes.maintain<Row>(statement, values, node);
        await nodes.send(statement, values, body, node);
        return [];
      } catch (cause) {
        throw toStorageError(
          `maintain (${reason})${node && nodes.perNode.length > 1 ? ` on ${node.url}` : ''}`,
          cause,
          'read',
        );
      }
    };
  const local = (table: string): string => `${address.database}.${localName(table, address)}`;
  const eachNode = (): EventNode[] => nodes.perNode.map(asEventNode);
  const asEventNode = (node: Node): EventNode => {
    const maintain = maintainOn(node);
    const own: EventNode = {
      url: node.url,
      maintain,
      local,
      createStaged: async (name, table) =>
        void (await maintain(renderStaged(address, name, table), 'a table for staged rows')),
      publish: (rows) => publishStaged(address, own, eachNode(), rows),
    };
    return own;
  };

  return {
    async read<Row>(workspaceId: WorkspaceId, question: Question, read: ReadOptions = {}): Promise<Answer<Row>> {
      const { statement, query_params } = prepare(workspaceId, question, false);
      const exact = mayHoldJson(question.sql);
      const startedAt = performance.now();
      return nodes.withReader(question.name, read.timeoutMs ?? defaultTimeoutMs, read.signal, async (client, call) => {
        const result = await client.query({
          query: statement,
          query_params,
          format,
          abort_signal: call.signal,
          // The whole answer is made before its first byte leaves, so that an error is an error and not half a table.
          clickhouse_settings: { ...call.settings, ...memory(read), ...quoting(exact), wait_end_of_query: 1 },
        });
        const decode = rowDecoder<Row>(exact);
        const rows = (await result.text()).split('\n').flatMap((line) => decode(line) ?? []);
        const summary = headerOf(result.response_headers, 'x-clickhouse-summary');
        return {
          rows,
          elapsedMs: Math.round((performance.now() - startedAt) * 10) / 10,
          rowsRead: summary ? Number((JSON.parse(summary) as { read_rows?: string }).read_rows ?? 0) : 0,
          statement,
        };
      });
    },

    async *stream<Row>(workspaceId: WorkspaceId, question: Question, read: ReadOptions = {}): AsyncIterable<Row[]> {
      const { statement, query_params } = prepare(workspaceId, question, false);
      const exact = mayHoldJson(question.sql);
      const call = nodes.readCall(question.name, read.timeoutMs ?? 600_000, read.signal);
      try {
        const result = await nodes.reader().query({
          query: statement,
          query_params,
          format,
          abort_signal: call.signal,
          clickhouse_settings: { ...call.settings, ...memory(read), ...quoting(exact) },
        });
        const decode = rowDecoder<Row>(exact);
        for await (const lines of result.stream<Row>()) {
          const rows = lines.flatMap((line) => decode(line.text) ?? []);
          if (rows.length > 0) yield rows;
        }
      } catch (cause) {
        throw call.explain(cause);
      } finally {
        call.end();
      }
    },

    async append(
      table: EventTable,
      rows: readonly Record<string, unknown>[] | JsonLines,
      token: string,
    ): Promise<void> {
      assert(tables.has(table), `append: there is no table ${table}`);
      assert(token.length > 0, `append: ${table} needs a token`);
      const lines = toJsonLines(table, rows);
      if (lines.rows === 0) return;
      told({
        store: 'events',
        scope: 'workspace',
        name: `append-${table}`,
        statement: `INSERT INTO ${table} /* workspace_id in each row */`,
      });
      if (spools) return appendToCluster(nodes, address, table, lines, token, spools);
      try {
        await insertLines(nodes.writer(), {
          table: `${address.database}.${table}`,
          lines,
          signal: AbortSignal.timeout(appendTimeoutMs),
          settings: { ...nodes.insertSettings, insert_deduplication_token: `${table}:${token}` },
        });
      } catch (cause) {
        throw toStorageError(`append to ${table}`, cause, 'write');
      }
    },

    async transform(workspaceId: WorkspaceId, question: Question, read: ReadOptions = {}) {
      const { statement, query_params } = prepare(workspaceId, question, true);
      const queryId = randomUUID();
      const call = nodes.writeCall(queryId, read.timeoutMs ?? transformTimeoutMs, read.signal);
      try {
        const { summary } = await nodes.importer().command({
          query: statement,
          query_params,
          query_id: queryId,
          abort_signal: call.signal,
          clickhouse_settings: { ...call.settings, ...memory(read), wait_end_of_query: 1 },
        });
        return { rowsWritten: Number(summary?.written_rows ?? 0), rowsRead: Number(summary?.read_rows ?? 0) };
      } catch (cause) {
        throw toStorageError(question.name, cause, 'write');
      } finally {
        await call.end();
      }
    },

    maintain: maintainOn(),

    async maintainEveryNode(template: string, reason: string, parameters?: Question['parameters']): Promise<void> {
      const statement = template.replaceAll(/@local\((\w+)\)/g, (_, table: string) => local(table));
      for (const { maintain } of eachNode()) await maintain(statement, reason, parameters);
    },

    async oneNode() {
      for (const node of nodes.fromPreferred()) {
        if (await nodes.answers(node, nodeTimeoutMs)) return asEventNode(node);
        nodes.avoid(node);
      }
      throw new AppError('storage.unavailable', `event store: none of ${nodes.perNode.length} nodes answers`);
    },
    eachNode,
    ping: (timeoutMs) => nodes.ping(timeoutMs),
    nodes: () => nodes.states(),
    async close() {
      await spools?.stop();
      await nodes.close();
    },
  };
}

const quoting = (exact: boolean) => ({ output_format_json_quote_64bit_integers: exact ? 0 : 1 }) as const;

const memory = (read: ReadOptions) =>
  read.memoryBytesMax === undefined ? {} : { max_memory_usage: String(read.memoryBytesMax) };

function headerOf(headers: Record<string, string | string[] | undefined>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
