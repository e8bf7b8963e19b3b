import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { Answer } from '../answer/format-answer.ts';
import type { Candidate } from '../answer/question.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';

export type DecisionCounts = { readonly written: number; readonly waiting: number; readonly lost: number };

type Log = { warn(details: object, message: string): void };

const flushMs = 500;
const batchRowsMax = 2_000;
/** About 60 MB of text: a minute of a thousand answers a second. */
const waitingRowsMax = 60_000;
const retryMs = { first: 250, most: 10_000 } as const;
/** Besides what was shown. */
const candidatesKept = 20;
/** Reasons kept per item, the strongest. */
const reasonsKept = 2;

/**
 * Every answer becomes a row of the ledger, written in batches beside the answers. A batch that fails is tried again under the same
 * token until it is in, so it is there once. When the store is away for long the oldest rows are given up, counted and said.
 */
export class DecisionWriter {
  readonly #events: Pick<EventStore, 'append'>;
  readonly #log: Log;
  #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #written = 0;
  #lost = 0;
  #closing = false;
  #batches = 0;
  readonly #name = crypto.randomUUID();

  constructor(events: Pick<EventStore, 'append'>, log: Log) {
    this.#events = events;
    this.#log = log;
  }

  add(line: string): void {
    if (this.#waiting.length >= waitingRowsMax) {
      const given = this.#waiting.splice(0, batchRowsMax).length;
      this.#lost += given;
      this.#log.warn({ lost: this.#lost }, 'recommend: decisions are lost: the event store takes none');
    }
    this.#waiting.push(line);
    if (this.#waiting.length >= batchRowsMax) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), flushMs);
  }

  counts(): DecisionCounts {
    return { written: this.#written, waiting: this.#waiting.length, lost: this.#lost };
  }

  /** Returns when everything added so far is stored. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#flushing) {
      this.#start();
      await this.#flushing;
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.flush();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#flushing || this.#waiting.length === 0) return;
    this.#flushing = this.#writeAll().finally(() => {
      this.#flushing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchRowsMax);
      this.#batches += 1;
      const token = `${this.#name}:${this.#batches}`;
      await this.#writeBatch(batch, token);
    }
  }

  async #writeBatch(batch: readonly string[], token: string): Promise<void> {
    const lines = { rows: batch.length, pieces: [Buffer.from(`${batch.join('\n')}\n`, 'utf8')] };
    for (let waitMs: number = retryMs.first; ; waitMs = Math.min(waitMs * 2, retryMs.most)) {
      try {
        await this.#events.append('decisions', lines, token);
        this.#written += batch.length;
        return;
      } catch (cause) {
        // While stopping there is one more chance, not a wait without end.
        if (this.#closing && waitMs > retryMs.first) {
          this.#lost += batch.length;
          this.#log.warn(
            { err: cause, lost: this.#lost },
            'recommend: decisions are lost: stopped while the event store was away',
          );
          return;
        }
        this.#log.warn(
          { err: cause, waiting: this.#waiting.length + batch.length },
          'recommend: decisions wait for the event store',
        );
        await sleep(waitMs, undefined, { ref: false });
      }
    }
  }
}

/** One row of the table `decisions` as a line of JSON: what was shown, what else could have been, and the chances. */
export function formatDecision(
  answer: Answer,
  catalogue: Catalogue,
  decided: {
    readonly workspaceId: WorkspaceId;
    readonly profileId: string;
    readonly candidates: readonly Candidate[];
    readonly consentBasis: string;
    readonly now: number;
  },
): string {
  let shown = '';
  let reasons = '';
  answer.items.forEach((one, place) => {
    const id = catalogue.quotedId(one.item);
    shown += `${place > 0 ? ',' : ''}${id}`;
    let because = '';
    answer.reasons[place]!.slice(0, reasonsKept).forEach(({ did, item, share }, at) => {
      because += `${at > 0 ? ',' : ''}["${did}",${catalogue.quotedId(item)},${Math.round(share * 100) / 100}]`;
    });
    reasons +=
      `${place > 0 ? ',' : ''}{"itemId":${id},"propensity":${one.propensity},"method":"${one.method}"` +
      `${one.pinned ? ',"pinned":true' : ''}${one.explored ? ',"explored":true' : ''}${because ? `,"because":[${because}]` : ''}}`;
  });
  const shownItems = new Set(answer.items.map(({ item }) => item));
  let candidates = '';
  let scores = '';
  const add = (item: number, score: number) => {
    const comma = candidates === '' ? '' : ',';
    candidates += `${comma}${catalogue.quotedId(item)}`;
    scores += `${comma}${Math.round(score * 10_000) / 10_000}`;
  };
  for (const one of answer.items) add(one.item, one.score);
  let others = 0;
  for (const { item, score } of decided.candidates) {
    if (others >= candidatesKept) break;
    if (shownItems.has(item)) continue;
    add(item, score);
    others += 1;
  }
  const { experiment } = answer;
  return (
    `{"workspace_id":${decided.workspaceId},"decision_id":"${answer.decisionId}","profile_id":"${decided.profileId}",` +
    `"decided_at":"${storeInstant(answer.decidedAt)}","surface":${JSON.stringify(answer.surface)},` +
    `"action":${JSON.stringify(answer.items.length === 0 ? 'none' : `[${shown}]`)},"candidates":[${candidates}],"scores":[${scores}],` +
    `"model":"${answer.model}","model_version":"${answer.modelVersion}","propensity":${answer.propensity},` +
    `"experiment":${JSON.stringify(experiment?.name ?? '')},"arm":${JSON.stringify(experiment?.arm ?? '')},` +
    `"reasons":${JSON.stringify(`[${reasons}]`)},"consent_basis":"${decided.consentBasis}",` +
    `"policy_checks":${JSON.stringify(JSON.stringify([{ check: 'personalisation', basis: decided.consentBasis }, ...answer.notes.map((note) => ({ note }))]))}}`
  );
}

const storeInstant = (at: Date): string => at.toISOString().slice(0, 23).replace('T', ' ');
