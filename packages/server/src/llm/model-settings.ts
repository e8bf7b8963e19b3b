import type { LlmSettings, LlmUpdate, LlmValues } from '@zhiyin/contract';
import { llmValuesSchema } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { dayOf } from '../domain/calendar.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { ControlSession } from '../storage/control/control-store.ts';
import type { Stores } from '../storage/stores.ts';
import { fromMicros } from './calls/money.ts';

export type LlmStores = Pick<Stores, 'control' | 'vault'>;

/** What the door needs of a workspace's settings, the key in clear: stays in memory, never in an answer or a log. */
export type Endpoint = LlmValues & { readonly apiKey: string | null; readonly updatedAtMs: number };

/** What a new endpoint starts with: a limit, so that a mistake costs a day's allowance and no more. */
export const firstValues: LlmValues = {
  enabled: true,
  baseUrl: '',
  chatModel: '',
  embeddingsModel: '',
  visionModel: '',
  structuredOutput: 'json_schema',
  prices: { chatInput: 0, chatOutput: 0, embeddings: 0 },
  budget: { tokensPerDay: 1_000_000, amountPerDay: null },
  timeouts: { chatSeconds: 60, embeddingsSeconds: 60 },
  promptDays: 7,
};

type Row = { settings: unknown; key_sealed: Buffer | null; key_last4: string; updated_at: Date };
const findRow = async (control: ControlSession, workspace: Workspace): Promise<Row | undefined> =>
  (
    await control
      .of(workspace.id)
      .query<Row>('select settings, key_sealed, key_last4, updated_at from llm_settings where workspace_id = $1')
  )[0];

export async function findEndpoint(stores: LlmStores, workspace: Workspace): Promise<Endpoint | undefined> {
  const row = await findRow(stores.control, workspace);
  if (!row) return undefined;
  const vault = await stores.vault.of(workspace.id);
  return {
    ...readValues(row.settings),
    apiKey: row.key_sealed ? vault.openRecord(row.key_sealed).toString('utf8') : null,
    updatedAtMs: row.updated_at.getTime(),
  };
}

export async function readSettings(control: ControlSession, workspace: Workspace, now: Date): Promise<LlmSettings> {
  const row = await findRow(control, workspace);
  const [today] = await control.of(workspace.id).query<{ calls: number; tokens: string; micros: string }>(
    `select (select count(*)::integer from llm_calls where workspace_id = $1 and day = $2::date) as calls,
            coalesce(sum(tokens_used), 0) as tokens, coalesce(sum(micros_used), 0) as micros
     from llm_spend where workspace_id = $1 and day = $2::date`,
    [dayOf(now, workspace.timeZone)],
  );
  return {
    ...(row ? readValues(row.settings) : firstValues),
    isSet: row !== undefined,
    key: { isSet: Boolean(row?.key_sealed), last4: row?.key_last4 ?? '' },
    currency: workspace.currency,
    today: {
      calls: today?.calls ?? 0,
      tokens: Number(today?.tokens ?? 0),
      amount: fromMicros(Number(today?.micros ?? 0)),
    },
    updatedAt: row?.updated_at.toISOString() ?? null,
  };
}

/**
 * @throws AppError `input.invalid` when the address moves to another host and a key is kept for the old one: whoever may change
 *   settings must not be able to have the stored key sent to a host of their own.
 */
export async function saveSettings(
  stores: LlmStores,
  workspace: Workspace,
  update: LlmUpdate,
  session: ControlSession,
) {
  const { apiKey, ...values } = update;
  const before = await findRow(session, workspace);
  if (before?.key_sealed && apiKey === undefined && !sameOrigin(readValues(before.settings).baseUrl, values.baseUrl)) {
    throw new AppError('input.invalid', 'The key in store belongs to another host and is not sent to a new one.', {
      details: { field: 'apiKey', fix: 'Give the key of the new endpoint, or null when it needs none.' },
    });
  }
  const vault = await stores.vault.of(workspace.id);
  const sealed = apiKey === undefined ? (before?.key_sealed ?? null) : apiKey && vault.sealRecord(Buffer.from(apiKey));
  const last4 = apiKey === undefined ? (before?.key_last4 ?? '') : lastOf(apiKey);
  await session.of(workspace.id).query(
    `insert into llm_settings (workspace_id, settings, key_sealed, key_last4, updated_at) values ($1, $2, $3, $4, clock_timestamp())
     on conflict (workspace_id) do update
       set settings = excluded.settings, key_sealed = excluded.key_sealed, key_last4 = excluded.key_last4, updated_at = excluded.updated_at`,
    [JSON.stringify(values), sealed || null, last4],
  );
  return { keyChanged: apiKey !== undefined, fields: changedFields(before && readValues(before.settings), values) };
}

/** Settings, key and kept embeddings; the ledger of calls stays. */
export async function deleteSettings(session: ControlSession, workspace: Workspace): Promise<void> {
  const own = session.of(workspace.id);
  await own.query('delete from llm_settings where workspace_id = $1');
  await own.query('delete from llm_embeddings where workspace_id = $1');
}

const readValues = (stored: unknown): LlmValues => llmValuesSchema.parse({ ...firstValues, ...(stored as LlmValues) });

/** Of a short key nothing: four characters of eight would be half of it. */
const lastOf = (key: string | null): string => (key && key.length >= 12 ? key.slice(-4) : '');

const sameOrigin = (a: string, b: string) => new URL(a).origin === new URL(b).origin;

function changedFields(before: LlmValues | undefined, after: LlmValues): string[] {
  const names = Object.keys(after) as (keyof LlmValues)[];
  return names.filter((name) => !before || JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
