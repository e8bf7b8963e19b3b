import { createHash } from 'node:crypto';
import { AppError } from '../../../domain/app-error.ts';
import type { EventNode, Question } from '../../../storage/events/event-store.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportPlan } from '../import-plan.ts';
import { maskParameters } from './mask-sql.ts';
import { runSent } from './run-sent.ts';
import { findSentSource } from './sent-source.ts';

/**
 * Runs the statements of one import. Each carries the import's mark, so that cancelling finds and stops it from any process.
 * Statements name staging tables, which belong to one import and so to one workspace; the workspace is a parameter of all.
 */
export type BulkEngine = {
  /** Where staging stands: all statements of an import go to the same node. */
  readonly node: EventNode;
  run(sql: string): Promise<void>;
  rows<Row>(sql: string): Promise<Row[]>;
};

export async function openBulkEngine(stores: Stores, plan: ImportPlan, signal: AbortSignal): Promise<BulkEngine> {
  const vault = await stores.vault.of(plan.workspace.id);
  const keys = vault.engineKeys();
  const node = await stores.events.oneNode();
  const parameters = parametersOf(keys, plan);
  const call = async <Row>(sql: string): Promise<Row[]> => {
    stopIfCancelled(signal);
    const stop = () => void killImport(stores, plan.importId).catch(() => {});
    signal.addEventListener('abort', stop, { once: true });
    try {
      const statement = { sql: withThreads(sql), reason: `import ${plan.importId}`, mark: markOf(plan.importId) };
      const source = findSentSource(sql);
      if (source) return await runSent<Row>(node, source, { ...statement, parameters: used(sql, parameters) });
      return await node.maintain<Row>(
        `${statement.sql} /* ${statement.mark} */`,
        statement.reason,
        used(sql, parameters),
      );
    } catch (cause) {
      stopIfCancelled(signal);
      throw cause;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
  return {
    node,
    rows: call,
    async run(sql) {
      await call(sql);
    },
  };
}

export async function countRows(engine: Pick<BulkEngine, 'rows'>, table: string, where?: string): Promise<number> {
  const [row] = await engine.rows<{ n: string }>(`SELECT count() AS n FROM ${table}${where ? ` WHERE ${where}` : ''}`);
  return Number(row?.n ?? 0);
}

/** Skip indexes are made by the first merge: until then a look-up by key reads a little more. */
const insertSettings =
  'max_insert_threads = 2, parallel_view_processing = 1, materialize_skip_indexes_on_insert = 0, min_insert_block_size_rows = 500000, optimize_on_insert = 0';

/** Sorting and packing of the written rows on both cores of a small machine, not on one. */
function withThreads(sql: string): string {
  if (!/^\s*INSERT INTO \S+ (\([^)]*\) )?SELECT/.test(sql) || sql.includes('values(')) return sql;
  return /\bSETTINGS [^()]*$/.test(sql) ? `${sql}, ${insertSettings}` : `${sql} SETTINGS ${insertSettings}`;
}

export function markOf(importId: number): string {
  return `zhiyin-import-${importId}-`;
}

/** Stops whatever the engine does for an import right now, on whichever node. One that is away does nothing. */
export async function killImport(stores: Stores, importId: number): Promise<void> {
  // An INSERT is listed without what follows its SELECT, the mark included: its staging tables tell whose it is.
  const kill = `KILL QUERY WHERE (position(query, '${markOf(importId)}') > 0 OR position(query, '.import_${importId}_') > 0)
       AND positionCaseInsensitive(query, 'KILL QUERY') = 0 ASYNC`;
  const nodes = stores.events.eachNode();
  const told = await Promise.allSettled(nodes.map(({ maintain }) => maintain(kill, `import ${importId}: cancel`)));
  const failed = told.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected' && nodes.length === 1) throw failed.reason;
}

export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('conflict', 'import: cancelled', { cause: signal.reason });
}

/** The engine could not read the file as records: not a fault of the engine. */
export function isUnreadable(cause: unknown): boolean {
  if (!(cause instanceof AppError)) return false;
  return (
    [6, 26, 27, 33, 38, 72, 117, 131, 636].includes(Number(cause.details.engineCode)) ||
    /Cannot parse|CANNOT_PARSE|INCORRECT_DATA|UNEXPECTED_END/i.test(cause.message)
  );
}

type Parameters = NonNullable<Question['parameters']>;

/** Keys for fast hashes are derived from the message key, so that they say nothing about it and differ per workspace. */
function parametersOf(
  keys: { surrogateKey: string; messageKey: string; recordKey: string },
  plan: ImportPlan,
): Parameters {
  const digest = createHash('sha256').update(`import\0${keys.messageKey}`).digest();
  return {
    surrogateKey: keys.surrogateKey,
    messageKey: keys.messageKey,
    recordKey: keys.recordKey,
    hashKey0: digest.readBigUInt64LE(0).toString(),
    hashKey1: digest.readBigUInt64LE(8).toString(),
    receivedAt: plan.receivedAt.toISOString().replace('T', ' ').replace('Z', ''),
    // `maintain` does not set it, and `workspace` is a reserved name there.
    workspaceId: plan.workspace.id,
    importId: plan.importId,
    ...maskParameters,
  };
}

function used(sql: string, parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => sql.includes(`{${name}:`)));
}
