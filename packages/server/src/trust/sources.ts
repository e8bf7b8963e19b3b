import type { Source } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { asSourceId, type SourceId, type WorkspaceId } from '../domain/ids.ts';
import type { ControlSession, ControlStore } from '../storage/control/control-store.ts';
import type { EventStore } from '../storage/events/event-store.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { newToken } from './token.ts';

export const sourcesChannel = 'sources_changed';

type Row = {
  id: number;
  name: string;
  kind: Source['kind'];
  write_key: string;
  settings: { allowedOrigins?: string[]; eventsPerSecondMax?: number | null };
  created_at: Date;
  disabled_at: Date | null;
  valid: string;
  duplicate: string;
  quarantined: string;
};

/** Counts are kept by day, so "the last 24 hours" is today and yesterday, in UTC. */
const sourcesSql = `
  select s.id, s.name, s.kind, s.write_key, s.settings, s.created_at, s.disabled_at,
         coalesce(sum(c.records) filter (where c.outcome = 'valid'), 0)::text as valid,
         coalesce(sum(c.records) filter (where c.outcome = 'duplicate'), 0)::text as duplicate,
         coalesce(sum(c.records) filter (where c.outcome = 'quarantined'), 0)::text as quarantined
  from sources s
  left join ingest_counts c on c.workspace_id = $1 and c.source_id = s.id
    and c.day >= (now() at time zone 'utc')::date - 1
  where s.workspace_id = $1`;

export async function listSources(
  stores: { control: ControlSession; events: Pick<EventStore, 'read'> },
  workspaceId: WorkspaceId,
): Promise<Source[]> {
  const [rows, lastReceived] = await Promise.all([
    stores.control.of(workspaceId).query<Row>(`${sourcesSql} group by s.id order by s.id`),
    readLastReceived(stores.events, workspaceId),
  ]);
  return rows.map((row) => formatSource(row, lastReceived));
}

/** The list is worth showing without this column: keys must be there when the event store is not. */
async function readLastReceived(
  events: Pick<EventStore, 'read'>,
  workspaceId: WorkspaceId,
): Promise<ReadonlyMap<number, string>> {
  try {
    const { rows } = await events.read<{ source_id: number; at: string }>(
      workspaceId,
      {
        name: 'sources-last-received',
        sql: `SELECT source_id, max(received_at) AS at FROM @events
              WHERE received_at >= now() - INTERVAL 2 DAY GROUP BY source_id`,
      },
      { timeoutMs: 2_000 },
    );
    return new Map(rows.map((row) => [row.source_id, `${row.at.replace(' ', 'T')}Z`]));
  } catch {
    return new Map();
  }
}

export type SourceCreate = {
  readonly name: string;
  readonly kind: Source['kind'];
  readonly allowedOrigins?: readonly string[];
};

export async function createSource(
  control: ControlStore,
  workspaceId: WorkspaceId,
  create: SourceCreate,
  actor: Actor,
): Promise<Source> {
  return control.transaction(async (session) => {
    const sourceId = await insertSource(session, workspaceId, create, actor);
    return getSource(session, workspaceId, sourceId);
  });
}

/** In the caller's transaction: for the demo and for imports, which make their own source. */
export async function insertSource(
  session: ControlSession,
  workspaceId: WorkspaceId,
  create: SourceCreate,
  actor: Actor,
): Promise<SourceId> {
  const [row] = await session
    .of(workspaceId)
    .query<{ id: number }>(
      'insert into sources (workspace_id, name, kind, write_key, settings) values ($1, $2, $3, $4, $5) returning id',
      [
        create.name,
        create.kind,
        newToken(),
        JSON.stringify(sourceSettings({ allowedOrigins: create.allowedOrigins ?? [] })),
      ],
    );
  await appendAudit(session, {
    workspaceId,
    actor,
    action: 'source.create',
    target: { kind: 'source', id: row!.id },
    details: { kind: create.kind },
  });
  await announceSources(session, workspaceId);
  return asSourceId(row!.id);
}

export type SourceUpdate = {
  readonly name?: string | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly eventsPerSecondMax?: number | null | undefined;
  readonly disabled?: boolean | undefined;
  readonly rotate?: true | undefined;
};

export async function updateSource(
  control: ControlStore,
  workspaceId: WorkspaceId,
  sourceId: number,
  update: SourceUpdate,
  actor: Actor,
): Promise<Source> {
  return control.transaction(async (session) => {
    const rows = await session.of(workspaceId).query(
      `update sources set name = coalesce($3, name), settings = settings || $4::jsonb, write_key = coalesce($5, write_key),
         disabled_at = case when $6::boolean is null then disabled_at when $6 then coalesce(disabled_at, now()) end
       where workspace_id = $1 and id = $2 returning id`,
      [
        sourceId,
        update.name ?? null,
        JSON.stringify(sourceSettings(update)),
        update.rotate ? newToken() : null,
        update.disabled ?? null,
      ],
    );
    if (rows.length === 0) throw new AppError('not_found', `Source ${sourceId} does not exist.`);
    await appendAudit(session, {
      workspaceId,
      actor,
      action: update.rotate ? 'source.rotate_key' : 'source.update',
      target: { kind: 'source', id: sourceId },
      details: { fields: Object.keys(update), ...(update.disabled === undefined ? {} : { disabled: update.disabled }) },
    });
    await announceSources(session, workspaceId);
    return getSource(session, workspaceId, sourceId);
  });
}

function sourceSettings(given: Pick<SourceUpdate, 'allowedOrigins' | 'eventsPerSecondMax'>): Record<string, unknown> {
  return {
    ...(given.allowedOrigins === undefined
      ? {}
      : { allowedOrigins: given.allowedOrigins.map((origin) => new URL(origin).origin) }),
    ...(given.eventsPerSecondMax === undefined ? {} : { eventsPerSecondMax: given.eventsPerSecondMax }),
  };
}

async function announceSources(session: ControlSession, workspaceId: WorkspaceId): Promise<void> {
  await session.query('select pg_notify($1, $2)', [sourcesChannel, String(workspaceId)]);
}

async function getSource(session: ControlSession, workspaceId: WorkspaceId, sourceId: number): Promise<Source> {
  const [row] = await session.of(workspaceId).query<Row>(`${sourcesSql} and s.id = $2 group by s.id`, [sourceId]);
  if (!row) throw new AppError('not_found', `Source ${sourceId} does not exist.`);
  return formatSource(row, new Map());
}

function formatSource(row: Row, lastReceived: ReadonlyMap<number, string>): Source {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    writeKey: row.write_key,
    allowedOrigins: row.settings.allowedOrigins ?? [],
    eventsPerSecondMax: row.settings.eventsPerSecondMax ?? null,
    createdAt: row.created_at.toISOString(),
    disabledAt: row.disabled_at?.toISOString() ?? null,
    recent: {
      valid: Number(row.valid),
      duplicate: Number(row.duplicate),
      quarantined: Number(row.quarantined),
      lastReceivedAt: lastReceived.get(row.id) ?? null,
    },
  };
}
