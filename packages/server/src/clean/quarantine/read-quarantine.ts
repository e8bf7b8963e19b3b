import type { QuarantineFilter } from '@zhiyin/contract';
import type { Json } from '../../domain/events.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import { quarantineFilterSql } from './quarantine-filter.ts';

export type QuarantinedRecord = {
  readonly recordKey: string;
  readonly receivedAt: Date;
  readonly sourceId: number;
  readonly importId: number;
  readonly rowNumber: number;
  readonly reason: string;
  readonly field: string;
  readonly detail: string;
  readonly eventType: string;
  readonly eventName: string;
  readonly state: string;
  /** As it came; undefined when its key was destroyed. */
  readonly raw: string | undefined;
};

type Row = {
  record_key: string;
  received_at: string;
  source_id: number;
  import_id: number;
  row_number: string;
  reason: string;
  field: string;
  detail: string;
  event_type: string;
  event_name: string;
  state: string;
  raw_sealed: string;
};

export type QuarantinePage = {
  readonly filter: QuarantineFilter;
  readonly limit: number;
  /** newest: by arrival, for people. stable: by key, for walking through all while their states change. */
  readonly order: 'newest' | 'stable';
  readonly after?: { readonly receivedAt: string; readonly recordKey: string } | undefined;
};

/** One page of quarantine, records opened. */
export async function readQuarantine(
  events: EventStore,
  workspaceId: WorkspaceId,
  vault: WorkspaceVault,
  page: QuarantinePage,
): Promise<{ records: QuarantinedRecord[]; last: { receivedAt: string; recordKey: string } | undefined }> {
  const { where, parameters } = quarantineFilterSql(page.filter, vault);
  const behind =
    page.after === undefined
      ? ''
      : page.order === 'newest'
        ? ' and (received_at, record_key) < ({afterAt:DateTime64(3)}, {afterKey:UUID})'
        : ' and record_key > {afterKey:UUID}';
  const { rows } = await events.read<Row>(
    workspaceId,
    {
      name: 'quarantine-page',
      sql: `select record_key, received_at, source_id, import_id, row_number, reason, field, detail,
              event_type, event_name, state, raw_sealed
            from @quarantine where ${where}${behind}
            order by ${page.order === 'newest' ? 'received_at desc, record_key desc' : 'record_key'} limit {limit:UInt32}`,
      parameters: {
        ...parameters,
        limit: page.limit,
        ...(page.after && page.order === 'newest' ? { afterAt: page.after.receivedAt } : {}),
        ...(page.after ? { afterKey: page.after.recordKey } : {}),
      },
    },
    { timeoutMs: 60_000 },
  );
  const last = rows.at(-1);
  return {
    records: rows.map((row) => ({
      recordKey: row.record_key,
      receivedAt: new Date(`${row.received_at.replace(' ', 'T')}Z`),
      sourceId: row.source_id,
      importId: row.import_id,
      rowNumber: Number(row.row_number),
      reason: row.reason,
      field: row.field,
      detail: row.detail,
      eventType: row.event_type,
      eventName: row.event_name,
      state: row.state,
      raw: openRaw(row.raw_sealed, vault),
    })),
    last: last && { receivedAt: last.received_at, recordKey: last.record_key },
  };
}

export async function countQuarantine(
  events: EventStore,
  workspaceId: WorkspaceId,
  vault: WorkspaceVault,
  filter: QuarantineFilter,
): Promise<number> {
  const { where, parameters } = quarantineFilterSql(filter, vault);
  const question = {
    name: 'quarantine-count',
    sql: `select count() as records from @quarantine where ${where}`,
    parameters,
  };
  const { rows } = await events.read<{ records: string }>(workspaceId, question, { timeoutMs: 60_000 });
  return Number(rows[0]?.records ?? 0);
}

function openRaw(sealed: string, vault: WorkspaceVault): string | undefined {
  try {
    return vault.openRecord(Buffer.from(sealed, 'base64')).toString('utf8');
  } catch {
    return undefined;
  }
}

/** The record as JSON; its text when it never was any. */
export function parseRaw(raw: string): Json {
  try {
    return JSON.parse(raw) as Json;
  } catch {
    return raw;
  }
}
