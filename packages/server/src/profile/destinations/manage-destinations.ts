import { randomBytes, randomUUID } from 'node:crypto';
import type { Destination, DestinationTested, destinationCreateSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Act, operatorOf } from '../audiences/act.ts';
import { type OpenDestination, sendBatch } from './send-batch.ts';

type Row = {
  id: number;
  name: string;
  kind: 'webhook' | 'clickhouse';
  url: string;
  settings: { table?: string; user?: string };
  secret_sealed: Buffer | null;
  created_at: Date;
  subscriptions: number;
};

const columns = `d.id, d.name, d.kind, d.url, d.settings, d.secret_sealed, d.created_at,
  (select count(*)::int from segment_subscriptions s where s.workspace_id = $1 and s.destination_id = d.id) as subscriptions`;

export async function listDestinations(stores: Stores, workspace: Workspace): Promise<Destination[]> {
  const rows = await stores.control
    .of(workspace.id)
    .query<Row>(`select ${columns} from destinations d where d.workspace_id = $1 order by d.name limit 200`);
  return rows.map(toDestination);
}

/** Its secret is told now and never again. */
export async function createDestination(
  stores: Stores,
  workspace: Workspace,
  create: z.output<typeof destinationCreateSchema>,
  act: Act,
): Promise<Destination & { secret: string | null }> {
  const vault = await stores.vault.of(workspace.id);
  const secret =
    create.kind === 'webhook' ? (create.secret ?? `whsec_${randomBytes(24).toString('base64url')}`) : create.password;
  const settings = create.kind === 'clickhouse' ? { table: create.table, user: create.user } : {};
  return stores.control.transaction(async (session) => {
    const own = session.of(workspace.id);
    const [taken] = await own.query('select id from destinations where workspace_id = $1 and lower(name) = lower($2)', [
      create.name,
    ]);
    if (taken) {
      throw new AppError('conflict', `There is a destination called ${JSON.stringify(create.name)} already.`, {
        details: { field: 'name', fix: 'Choose another name.' },
      });
    }
    const [made] = await own.query<{ id: number }>(
      `insert into destinations (workspace_id, name, kind, url, settings, secret_sealed, created_by)
       values ($1, $2, $3, $4, $5, $6, $7) returning id`,
      [
        create.name,
        create.kind,
        create.url,
        JSON.stringify(settings),
        secret === '' ? null : vault.sealRecord(Buffer.from(secret)),
        operatorOf(act),
      ],
    );
    await act.audit(session, { destinationId: made!.id, kind: create.kind });
    const row = await getRow(session, workspace.id, made!.id);
    return { ...toDestination(row), secret: create.kind === 'webhook' ? secret : null };
  });
}

/** Its subscriptions end with it; what it was sent stays in the history of exports. */
export async function deleteDestination(stores: Stores, workspace: Workspace, id: number, act: Act): Promise<void> {
  await stores.control.transaction(async (session) => {
    await getRow(session, workspace.id, id);
    await session.of(workspace.id).query('delete from destinations where workspace_id = $1 and id = $2', [id]);
    await act.audit(session);
  });
}

/** Sends a batch without rows: whether it arrives, and what the other side says. */
export async function testDestination(stores: Stores, workspace: Workspace, id: number): Promise<DestinationTested> {
  const destination = await openDestination(stores, workspace.id, id);
  const startedAt = performance.now();
  const batch = { key: `test-${randomUUID()}`, about: { type: 'test' }, rows: [] };
  try {
    await sendBatch(destination, batch, { signal: AbortSignal.timeout(20_000), attemptsMax: 1 });
    return { ok: true, said: '', elapsedMs: Math.round(performance.now() - startedAt) };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, said, elapsedMs: Math.round(performance.now() - startedAt) };
  }
}

export async function openDestination(stores: Stores, workspaceId: WorkspaceId, id: number): Promise<OpenDestination> {
  const row = await getRow(stores.control, workspaceId, id);
  const vault = await stores.vault.of(workspaceId);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    url: row.url,
    table: row.settings.table ?? null,
    user: row.settings.user ?? null,
    secret: row.secret_sealed ? vault.openRecord(row.secret_sealed).toString('utf8') : '',
  };
}

async function getRow(control: ControlSession, workspaceId: WorkspaceId, id: number): Promise<Row> {
  const [row] = await control
    .of(workspaceId)
    .query<Row>(`select ${columns} from destinations d where d.workspace_id = $1 and d.id = $2`, [id]);
  if (row) return row;
  throw new AppError('not_found', `There is no destination ${id}.`, {
    details: { field: 'destinationId', fix: 'Use one of GET …/destinations.' },
  });
}

const toDestination = (row: Row): Destination => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  url: row.url,
  table: row.settings.table ?? null,
  user: row.settings.user ?? null,
  createdAt: row.created_at.toISOString(),
  subscriptions: row.subscriptions,
});
