import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession, SqlValue } from './control-store.ts';

/** A statement with its values by the names it uses for them, what it took and what it gave. */
export type AskedQuery = {
  readonly statement: string;
  readonly parameters: Record<string, SqlValue>;
  readonly elapsedMs: number;
  readonly rowsRead: number;
};

/** Rows of a workspace together with the statement that gave them, for numbers that can be traced. Values start at `$2`. */
export async function ask<Row>(
  control: ControlSession,
  workspaceId: WorkspaceId,
  statement: string,
  values: readonly SqlValue[] = [],
): Promise<{ rows: Row[]; query: AskedQuery }> {
  const startedAt = performance.now();
  const rows = await control.of(workspaceId).query<Row>(statement, values);
  const elapsedMs = Math.round((performance.now() - startedAt) * 10) / 10;
  const parameters = Object.fromEntries([workspaceId, ...values].map((value, i) => [`$${i + 1}`, value]));
  return { rows, query: { statement, parameters, elapsedMs, rowsRead: rows.length } };
}
