import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/app-error.ts';
import type { AudienceRow } from './read-audience-rows.ts';

/** Where a batch goes, with its secret in clear: only on the way out. */
export type OpenDestination = {
  readonly id: number;
  readonly name: string;
  readonly kind: 'webhook' | 'clickhouse';
  readonly url: string;
  readonly table: string | null;
  readonly user: string | null;
  readonly secret: string;
};

export type Batch = {
  /** The same for the same rows, however often they are sent: who receives it can tell a repeat. */
  readonly key: string;
  /** What a webhook is told beside the rows. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly rows: readonly AudienceRow[];
};

export type SendOptions = {
  readonly signal: AbortSignal;
  /** Tries in all, at once; whoever sends tries again later by itself. */
  readonly attemptsMax?: number;
  readonly firstWaitMs?: number;
};

const timeoutMs = 15_000;
const waitMaxMs = 30_000;

/**
 * Sends a batch and returns when it was taken. What may pass (no answer, 429, 5xx) is tried again, ever more slowly; what the
 * other side refuses is an error at once, with what it said.
 */
export async function sendBatch(destination: OpenDestination, batch: Batch, options: SendOptions): Promise<void> {
  const attemptsMax = options.attemptsMax ?? 4;
  let waitMs = options.firstWaitMs ?? 500;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(destination, batch, options.signal);
    if (answer.kind === 'taken') return;
    if (answer.kind === 'refused' || attempt >= attemptsMax) {
      throw new AppError(
        answer.kind === 'refused' ? 'conflict' : 'storage.unavailable',
        `${destination.name}: ${answer.said}`,
        {
          details: {
            fix:
              answer.kind === 'refused'
                ? 'Mend the destination: address, secret, or what it expects.'
                : 'It is tried again by itself when it answers.',
          },
        },
      );
    }
    await sleep(Math.min(answer.waitMs ?? waitMs, waitMaxMs), undefined, { signal: options.signal });
    waitMs *= 2;
  }
}

type Answered =
  | { kind: 'taken' }
  | { kind: 'refused'; said: string }
  | { kind: 'later'; said: string; waitMs: number | undefined };

async function ask(destination: OpenDestination, batch: Batch, signal: AbortSignal): Promise<Answered> {
  const { url, headers, body } =
    destination.kind === 'webhook' ? asWebhook(destination, batch) : asInsert(destination, batch);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': 'Zhiyin', ...headers },
      body,
      // Whoever answers with another address would get the rows there, past what was set.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    return { kind: 'later', said: `does not answer (${reason.slice(0, 200)})`, waitMs: undefined };
  }
  if (response.ok) {
    await response.body?.cancel();
    return { kind: 'taken' };
  }
  const text = (await response.text().catch(() => '')).replaceAll(/\s+/g, ' ').slice(0, 300);
  const said = `answered ${response.status}${text && `: ${text}`}`;
  if (response.status !== 429 && response.status !== 408 && response.status < 500) return { kind: 'refused', said };
  const after = Number(response.headers.get('retry-after'));
  return { kind: 'later', said, waitMs: Number.isFinite(after) && after > 0 ? after * 1_000 : undefined };
}

/** Signed over time and body, so that neither can be changed nor an old batch be sent again unnoticed. */
function asWebhook(destination: OpenDestination, batch: Batch) {
  const body = JSON.stringify({ ...batch.about, batch: batch.key, rows: batch.rows });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return {
    url: destination.url,
    body,
    headers: {
      'content-type': 'application/json',
      'zhiyin-batch': batch.key,
      'zhiyin-timestamp': timestamp,
      'zhiyin-signature': `v1=${signBatch(destination.secret, timestamp, body)}`,
    },
  };
}

export const signBatch = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

/** A batch again is a no-op where the table deduplicates by token. Columns the table does not have are left out. */
function asInsert(destination: OpenDestination, batch: Batch) {
  const url = new URL(destination.url);
  const rows = batch.rows.map((row) => ({ ...batch.about, ...row }));
  for (const [name, value] of Object.entries({
    query: `INSERT INTO ${destination.table} FORMAT JSONEachRow`,
    input_format_skip_unknown_fields: '1',
    date_time_input_format: 'best_effort',
    insert_deduplication_token: batch.key,
  })) {
    url.searchParams.set(name, value);
  }
  return {
    url: url.href,
    body: rows.map((row) => JSON.stringify(row)).join('\n'),
    headers: {
      'x-clickhouse-user': destination.user ?? 'default',
      ...(destination.secret ? { 'x-clickhouse-key': destination.secret } : {}),
    },
  };
}
