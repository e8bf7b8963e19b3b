import type { QuarantineFilter } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { quarantineFilterSql } from './quarantine-filter.ts';

export type Origins = {
  /** Calls, reviews and spend: whatever came by the journal. */
  readonly records: number;
  /** Rows that an import refused. */
  readonly fileRows: number;
};

/** How many records a filter finds, by the way they came. */
export async function countOrigins(stores: Stores, workspace: Workspace, filter: QuarantineFilter): Promise<Origins> {
  const { where, parameters } = quarantineFilterSql(filter, await stores.vault.of(workspace.id));
  const question = {
    name: 'quarantine-origins',
    sql: `select countIf(not startsWith(event_type, 'import:')) as records, countIf(startsWith(event_type, 'import:')) as file_rows
          from @quarantine where ${where}`,
    parameters,
  };
  const { rows } = await stores.events.read<{ records: string; file_rows: string }>(workspace.id, question, {
    timeoutMs: 60_000,
  });
  return { records: Number(rows[0]?.records ?? 0), fileRows: Number(rows[0]?.file_rows ?? 0) };
}

/** Rules are applied where events are cleaned; files are read by the engine, which knows none. */
export function ruleNote({ records, fileRows }: Origins): string | null {
  if (fileRows === 0) return null;
  return records === 0
    ? 'The repair was not kept as a rule: rules apply to events, and these are rows of files. Correct the file, its mapping or its options.'
    : 'The rule applies to events that arrive from now on, not to rows of files.';
}
