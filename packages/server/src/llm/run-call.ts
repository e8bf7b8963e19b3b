import type { LlmFailure } from '@zhiyin/contract';
import type { Workspace } from '../domain/workspace.ts';
import { type CallRecord, recordCall } from './calls/ledger.ts';
import { priceChat, priceEmbeddings, type Tokens } from './calls/money.ts';
import { reserve, settle } from './calls/spend.ts';
import type { Breaker } from './endpoint/breaker.ts';
import { EndpointError, toEndpointError } from './endpoint/endpoint-error.ts';
import { type Endpoint, findEndpoint, type LlmStores } from './model-settings.ts';

export type DoorParts = { readonly stores: LlmStores; readonly breaker: Breaker; readonly now: () => Date };

/** What callers get: the answer, or why there is none, so that they take the way without a large model. */
export type Answer<Value> =
  | {
      readonly kind: 'answered';
      readonly value: Value;
      readonly model: string;
      readonly usage: Tokens;
      /** How much the data given looks like orders to the model, 0 to 1; from 0.5 on a person should look at what came of it. */
      readonly injectionScore: number;
    }
  | { readonly kind: 'unavailable'; readonly reason: LlmFailure; readonly detail: string };

export const unavailable = (reason: LlmFailure, detail = ''): Extract<Answer<never>, { kind: 'unavailable' }> => ({
  kind: 'unavailable',
  reason,
  detail,
});

export type CallPlan = Pick<
  CallRecord,
  'kind' | 'purpose' | 'promptVersion' | 'model' | 'texts' | 'textsKept' | 'prompt'
> & {
  /** Tokens it takes at most. */
  readonly most: Tokens;
  /** What it will have cost when it was sent and no answer came. */
  readonly sent: Tokens;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
};

/** The endpoint of a workspace, when it is set and on. */
export async function findOpenEndpoint(stores: LlmStores, workspace: Workspace): Promise<Endpoint | LlmFailure> {
  const endpoint = await findEndpoint(stores, workspace);
  if (!endpoint || endpoint.baseUrl === '') return 'not_set';
  return endpoint.enabled ? endpoint : 'off';
}

/** A call on its way: what it used so far. */
export type CallMeter = { readonly signal: AbortSignal; add(tokens: Tokens): void };

export type OpenCall = CallMeter & {
  /** Settles the budget and writes the ledger. To be called exactly once. */
  finish(outcome: 'answered' | EndpointError): Promise<void>;
  readonly used: () => Tokens;
  readonly toError: (thrown: unknown) => EndpointError;
};

/** Everything between the wish to call and the call: breaker, budget, time. */
export async function openCall(
  parts: DoorParts,
  workspace: Workspace,
  endpoint: Endpoint,
  plan: CallPlan,
): Promise<OpenCall | Extract<Answer<never>, { kind: 'unavailable' }>> {
  const { stores, breaker } = parts;
  const at = parts.now();
  const breakerKey = `${workspace.id} ${plan.kind === 'embed' ? 'embed' : 'chat'} ${endpoint.updatedAtMs}`;
  const priceOf = plan.kind === 'embed' ? priceEmbeddings : priceChat;
  const record = async (used: Tokens, latencyMs: number, outcome: CallRecord['outcome'], detail: string) =>
    recordCall(stores, workspace, {
      ...plan,
      at,
      tokensIn: used.input,
      tokensOut: used.output,
      micros: priceOf(endpoint, used),
      latencyMs,
      outcome,
      detail,
      prompt: endpoint.promptDays > 0 ? plan.prompt : null,
    });
  const nothing = { input: 0, output: 0 };
  if (!breaker.mayCall(breakerKey, at.getTime())) {
    await record(nothing, 0, 'paused', '');
    return unavailable('paused');
  }
  const most = { tokens: plan.most.input + plan.most.output, micros: priceOf(endpoint, plan.most) };
  const reserved = await reserve(stores.control, workspace, endpoint.budget, most, at);
  if (!reserved) {
    await record(nothing, 0, 'budget', `needs up to ${most.tokens} tokens`);
    return unavailable('budget', `needs up to ${most.tokens} tokens`);
  }
  const timeout = AbortSignal.timeout(plan.timeoutSeconds * 1_000);
  const startedAt = performance.now();
  let used: Tokens = nothing;
  return {
    signal: plan.signal ? AbortSignal.any([timeout, plan.signal]) : timeout,
    add: (tokens) => {
      used = { input: used.input + tokens.input, output: used.output + tokens.output };
    },
    used: () => used,
    toError: (thrown) => toEndpointError(thrown, { timeout, caller: plan.signal }),
    async finish(outcome) {
      const failed = outcome === 'answered' ? undefined : outcome;
      // Given up while the endpoint was at work: it counts what it read all the same.
      if (failed && ['timeout', 'cancelled'].includes(failed.reason) && used.input === 0) used = plan.sent;
      await settle(stores.control, workspace, reserved, {
        tokens: used.input + used.output,
        micros: priceOf(endpoint, used),
      });
      // Only what speaks of the endpoint's health opens the breaker.
      const isDown = failed && ['unreachable', 'timeout', 'server_error', 'rate_limited'].includes(failed.reason);
      if (!failed || isDown) breaker.note(breakerKey, !isDown, parts.now().getTime());
      await record(used, performance.now() - startedAt, failed?.reason ?? 'answered', failed?.message ?? '');
    },
  };
}

/** One call from plan to answer. What `work` throws becomes the reason why there is none. */
export async function runCall<Value>(
  parts: DoorParts,
  workspace: Workspace,
  endpoint: Endpoint,
  plan: CallPlan & { readonly injectionScore: number },
  work: (call: CallMeter) => Promise<Value>,
): Promise<Answer<Value>> {
  const call = await openCall(parts, workspace, endpoint, plan);
  if ('kind' in call) return call;
  let value: Value;
  try {
    value = await work(call);
  } catch (thrown) {
    const error = thrown instanceof EndpointError ? thrown : call.toError(thrown);
    await call.finish(error);
    return unavailable(error.reason, error.message);
  }
  await call.finish('answered');
  return { kind: 'answered', value, model: plan.model, usage: call.used(), injectionScore: plan.injectionScore };
}
