import { createHash } from 'node:crypto';
import { dayOf } from '../domain/calendar.ts';
import type { Workspace } from '../domain/workspace.ts';
import { recordCall } from './calls/ledger.ts';
import { estimateTokens, type Tokens } from './calls/money.ts';
import { callEmbeddings, toBytes, toFloats } from './endpoint/call-embeddings.ts';
import type { Endpoint, LlmStores } from './model-settings.ts';
import { openPlaceholders } from './redact/placeholders.ts';
import { type Answer, type DoorParts, findOpenEndpoint, runCall, unavailable } from './run-call.ts';

export type EmbedOptions = {
  readonly purpose: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

const textCharactersMax = 8_000;
const batchTextsMax = 64;
const batchCharactersMax = 100_000;
/** Some providers take no more than ten; the size that an endpoint refused is not tried again while the process lives. */
const smallBatch = 10;
const batchOf = new Map<string, number>();

/**
 * One vector per text, of one length. What was embedded before with this model comes from the store; the rest goes out in batches,
 * each kept as soon as it is there, so that a run that stops goes on where it was.
 */
export async function embedTexts(
  parts: DoorParts,
  workspace: Workspace,
  texts: readonly string[],
  options: EmbedOptions,
): Promise<Answer<Float32Array[]>> {
  const { stores } = parts;
  const endpoint = await findOpenEndpoint(stores, workspace);
  if (typeof endpoint === 'string') return unavailable(endpoint);
  const model = endpoint.embeddingsModel;
  if (model === '') return unavailable('no_model');
  // Personal data is replaced one way: a vector has no place to put it back.
  const sent = texts.map((text) => openPlaceholders().redact(text.slice(0, textCharactersMax)).trim() || '-');
  const keys = sent.map((text) => keyOf(endpoint, text));
  const today = dayOf(parts.now(), workspace.timeZone);
  const vectors = await loadKept(stores, workspace, [...new Set(keys)], today);
  const missing = [...new Map(keys.map((key, i) => [key, sent[i]!])).entries()].filter(([key]) => !vectors.has(key));
  const kept = texts.length - sent.filter((_, i) => !vectors.has(keys[i]!)).length;
  let usage: Tokens = { input: 0, output: 0 };
  let first = true;
  for (let at = 0; at < missing.length; ) {
    const batch = nextBatch(missing, at, batchOf.get(endpoint.baseUrl) ?? batchTextsMax);
    const answer = await embedBatch(parts, workspace, endpoint, batch, first ? kept : 0, options);
    if (answer.kind === 'unavailable') {
      if (answer.reason === 'refused' && batch.length > smallBatch) {
        batchOf.set(endpoint.baseUrl, smallBatch);
        continue;
      }
      return answer;
    }
    usage = { input: usage.input + answer.usage.input, output: 0 };
    batch.forEach(([key], i) => {
      vectors.set(key, answer.value[i]!);
    });
    await keep(
      stores,
      workspace,
      batch.map(([key]) => key),
      answer.value,
      today,
    );
    at += batch.length;
    first = false;
    options.onProgress?.(texts.length - missing.length + at, texts.length);
  }
  if (missing.length === 0 && texts.length > 0) await recordKept(parts, workspace, endpoint, texts.length, options);
  const ordered = keys.map((key) => vectors.get(key)!);
  if (ordered.some((vector) => vector.length !== ordered[0]!.length)) {
    return unavailable('bad_answer', 'embeddings of different lengths under one model name; use another name');
  }
  return { kind: 'answered', value: ordered, model, usage, injectionScore: 0 };
}

type Missing = readonly [key: string, text: string];

function nextBatch(missing: readonly Missing[], at: number, textsMax: number): Missing[] {
  const batch: Missing[] = [];
  let characters = 0;
  for (const one of missing.slice(at, at + textsMax)) {
    characters += one[1].length;
    if (batch.length > 0 && characters > batchCharactersMax) break;
    batch.push(one);
  }
  return batch;
}

function embedBatch(
  parts: DoorParts,
  workspace: Workspace,
  endpoint: Endpoint,
  batch: readonly Missing[],
  kept: number,
  { purpose, signal }: EmbedOptions,
): Promise<Answer<Float32Array[]>> {
  const texts = batch.map(([, text]) => text);
  const estimated = { input: texts.reduce((sum, text) => sum + estimateTokens(text), 0), output: 0 };
  const plan = {
    ...embedPlan(endpoint, purpose),
    texts: batch.length + kept,
    textsKept: kept,
    prompt: texts.slice(0, 3).join('\n'),
    most: estimated,
    sent: estimated,
    timeoutSeconds: endpoint.timeouts.embeddingsSeconds,
    signal,
    injectionScore: 0,
  };
  return runCall(parts, workspace, endpoint, plan, async (call) => {
    const { vectors, usage } = await callEmbeddings(endpoint, texts, call.signal);
    call.add(usage ?? estimated);
    return vectors;
  });
}

const embedPlan = (endpoint: Endpoint, purpose: string) =>
  ({ kind: 'embed', purpose, promptVersion: '', model: endpoint.embeddingsModel }) as const;

function recordKept(parts: DoorParts, workspace: Workspace, endpoint: Endpoint, texts: number, options: EmbedOptions) {
  const nothing = { tokensIn: 0, tokensOut: 0, micros: 0, latencyMs: 0, prompt: null };
  return recordCall(parts.stores, workspace, {
    ...embedPlan(endpoint, options.purpose),
    ...nothing,
    at: parts.now(),
    texts,
    textsKept: texts,
    outcome: 'answered',
    detail: '',
  });
}

/** Hex of SHA-256 over where, what and the text: another endpoint's model of the same name is another model. */
const keyOf = ({ baseUrl, embeddingsModel }: Endpoint, text: string): string =>
  createHash('sha256')
    .update(JSON.stringify([baseUrl, embeddingsModel, text]))
    .digest('hex');

const keysPerQuery = 2_000;

async function loadKept(
  { control }: LlmStores,
  workspace: Workspace,
  keys: readonly string[],
  today: string,
): Promise<Map<string, Float32Array>> {
  const own = control.of(workspace.id);
  const kept = new Map<string, Float32Array>();
  for (let at = 0; at < keys.length; at += keysPerQuery) {
    const asked = keys.slice(at, at + keysPerQuery).map((key) => Buffer.from(key, 'hex'));
    const rows = await own.query<{ text_key: Buffer; vector: Buffer }>(
      'select text_key, vector from llm_embeddings where workspace_id = $1 and text_key = any($2::bytea[])',
      [asked],
    );
    for (const row of rows) kept.set(row.text_key.toString('hex'), toFloats(row.vector));
    await own.query(
      'update llm_embeddings set used_on = $3 where workspace_id = $1 and text_key = any($2::bytea[]) and used_on < $3',
      [asked, today],
    );
  }
  return kept;
}

async function keep(
  { control }: LlmStores,
  workspace: Workspace,
  keys: readonly string[],
  vectors: readonly Float32Array[],
  today: string,
): Promise<void> {
  await control.of(workspace.id).query(
    `insert into llm_embeddings (workspace_id, text_key, vector, used_on)
     select $1, text_key, vector, $4 from unnest($2::bytea[], $3::bytea[]) as fresh (text_key, vector)
     on conflict (workspace_id, text_key) do update set vector = excluded.vector, used_on = excluded.used_on`,
    [keys.map((key) => Buffer.from(key, 'hex')), vectors.map(toBytes), today],
  );
}
