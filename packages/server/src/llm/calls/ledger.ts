import type { LlmCall, LlmFailure, Page, Panel } from '@zhiyin/contract';
import { addDays, dayOf } from '../../domain/calendar.ts';
import { asWorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { ask } from '../../storage/control/ask.ts';
import type { ControlStore } from '../../storage/control/control-store.ts';
import type { LlmStores } from '../model-settings.ts';
import { fromMicros } from './money.ts';

export type CallRecord = {
  readonly at: Date;
  readonly kind: LlmCall['kind'];
  readonly purpose: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly micros: number;
  readonly latencyMs: number;
  readonly texts: number;
  readonly textsKept: number;
  readonly outcome: 'answered' | LlmFailure;
  readonly detail: string;
  /** As it left, with placeholders. Null: not to be kept. */
  readonly prompt: string | null;
};

const promptCharactersMax = 20_000;
const callDaysKept = 400;
const embeddingsKeptMax = 500_000;

/** One row per call that was tried, also those that the budget or the breaker stopped. */
export async function recordCall(stores: LlmStores, workspace: Workspace, call: CallRecord): Promise<void> {
  const vault = await stores.vault.of(workspace.id);
  const prompt = call.prompt === null ? null : vault.sealRecord(Buffer.from(call.prompt.slice(0, promptCharactersMax)));
  await stores.control.of(workspace.id).query(
    `insert into llm_calls (workspace_id, at, day, kind, purpose, prompt_version, model, tokens_in, tokens_out, micros, latency_ms,
       texts, texts_kept, outcome, detail, prompt_sealed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      call.at,
      dayOf(call.at, workspace.timeZone),
      call.kind,
      call.purpose,
      call.promptVersion,
      call.model,
      call.tokensIn,
      call.tokensOut,
      call.micros,
      Math.round(call.latencyMs),
      call.texts,
      call.textsKept,
      call.outcome,
      call.detail.slice(0, 300),
      prompt,
    ],
  );
}

type Row = {
  id: string;
  at: Date;
  kind: LlmCall['kind'];
  purpose: string;
  prompt_version: string;
  model: string;
  tokens_in: number;
  tokens_out: number;
  micros: string;
  latency_ms: number;
  texts: number;
  texts_kept: number;
  outcome: LlmCall['outcome'];
  detail: string;
  prompt_sealed: Buffer | null;
};

/** Newest first. */
export async function listCalls(
  stores: LlmStores,
  workspace: Workspace,
  query: { readonly cursor?: string | undefined; readonly limit: number },
  view: { readonly prompts: boolean },
): Promise<Page<LlmCall>> {
  const before = query.cursor && /^\d{1,18}$/.test(query.cursor) ? query.cursor : null;
  const rows = await stores.control.of(workspace.id).query<Row>(
    `select id, at, kind, purpose, prompt_version, model, tokens_in, tokens_out, micros, latency_ms, texts, texts_kept, outcome, detail,
       case when $4 then prompt_sealed end as prompt_sealed
     from llm_calls where workspace_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [before, query.limit + 1, view.prompts],
  );
  const page = rows.slice(0, query.limit);
  const vault = await stores.vault.of(workspace.id);
  return {
    rows: page.map((row) => ({
      id: row.id,
      at: row.at.toISOString(),
      kind: row.kind,
      purpose: row.purpose,
      promptVersion: row.prompt_version,
      model: row.model,
      tokensIn: row.tokens_in,
      tokensOut: row.tokens_out,
      amount: fromMicros(Number(row.micros)),
      latencyMs: row.latency_ms,
      texts: row.texts,
      textsKept: row.texts_kept,
      outcome: row.outcome,
      detail: row.detail,
      prompt: row.prompt_sealed ? vault.openRecord(row.prompt_sealed).toString('utf8') : null,
    })),
    nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
    total: null,
  };
}

const usageSql = `select to_char(days.day, 'YYYY-MM-DD') as day,
  count(calls.id) filter (where outcome = 'answered')::integer as answered,
  count(calls.id) filter (where outcome <> 'answered')::integer as failed,
  coalesce(sum(tokens_in + tokens_out), 0)::float8 as tokens, coalesce(sum(micros), 0)::float8 / 1e6 as amount,
  percentile_cont(0.5) within group (order by latency_ms) filter (where outcome = 'answered' and latency_ms > 0) as latency_median,
  percentile_cont(0.95) within group (order by latency_ms) filter (where outcome = 'answered' and latency_ms > 0) as latency_slow
from generate_series($2::date, $3::date, '1 day') as days (day)
left join llm_calls calls on calls.workspace_id = $1 and calls.day = days.day::date
group by days.day order by days.day`;

/** One row a day up to today: calls, tokens, money and how long answers took. */
export async function readUsage(control: ControlStore, workspace: Workspace, days: number, now: Date): Promise<Panel> {
  const today = dayOf(now, workspace.timeZone);
  const { rows, query } = await ask<Record<string, string | number | null>>(control, workspace.id, usageSql, [
    addDays(today, 1 - days),
    today,
  ]);
  return {
    name: 'llm-usage',
    columns: [
      { key: 'day', type: 'date' },
      { key: 'answered', type: 'number' },
      { key: 'failed', type: 'number' },
      { key: 'tokens', type: 'number' },
      { key: 'amount', type: 'number' },
      { key: 'latency_median', type: 'number' },
      { key: 'latency_slow', type: 'number' },
    ],
    rows,
    query,
    asOf: now.toISOString(),
  };
}

/** Every night: prompts older than the workspace keeps them, calls after 400 days, and embeddings beyond the limit, longest unused first. */
export async function tidyCalls(control: ControlStore, now: Date): Promise<void> {
  for (const { id } of await control.query<{ id: number }>('select id from workspaces')) {
    const own = control.of(asWorkspaceId(id));
    await own.query(
      `update llm_calls set prompt_sealed = null where workspace_id = $1 and prompt_sealed is not null and at <
         $2::timestamptz - make_interval(days => coalesce(
           (select (settings->>'promptDays')::integer from llm_settings where llm_settings.workspace_id = $1), 0))`,
      [now],
    );
    await own.query(
      'delete from llm_calls where workspace_id = $1 and at < $2::timestamptz - make_interval(days => $3)',
      [now, callDaysKept],
    );
    await own.query(
      `delete from llm_embeddings where workspace_id = $1 and text_key in (
         select text_key from llm_embeddings where workspace_id = $1 order by used_on desc, text_key offset $2)`,
      [embeddingsKeptMax],
    );
  }
}
