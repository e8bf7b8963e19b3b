import type { LlmFailure } from '@zhiyin/contract';

/** A call of the endpoint that gave nothing. Never holds the key: what the endpoint said is shortened and cleaned of it. */
export class EndpointError extends Error {
  readonly reason: LlmFailure;
  readonly status: number | null;

  constructor(reason: LlmFailure, detail: string, options: { status?: number; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.name = 'EndpointError';
    this.reason = reason;
    this.status = options.status ?? null;
  }
}

/** Whatever was thrown on the way to the endpoint and back, as one of ours. */
export function toEndpointError(thrown: unknown, signals: { timeout: AbortSignal; caller?: AbortSignal | undefined }) {
  for (let cause = thrown, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth += 1) {
    if (cause instanceof EndpointError) return cause;
  }
  if (signals.caller?.aborted) return new EndpointError('cancelled', 'the caller went away', { cause: thrown });
  if (signals.timeout.aborted) return new EndpointError('timeout', 'no answer in time', { cause: thrown });
  const { name, message, cause } = thrown as Error;
  const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
  if (name === 'TypeError' || /fetch failed|terminated|ECONN|socket|network|Cannot connect/i.test(why)) {
    return new EndpointError('unreachable', why, { cause: thrown });
  }
  return new EndpointError('bad_answer', why, { cause: thrown });
}

/** What to do about it, for whoever set the endpoint up. */
export const fixes: Readonly<Record<LlmFailure, string>> = {
  not_set: 'Set an endpoint in Settings → Model endpoint.',
  off: 'Turn the endpoint on in Settings → Model endpoint.',
  no_model: 'Name a model for this in Settings → Model endpoint.',
  budget: "Raise the day's budget, or wait for the next day.",
  paused: 'Several calls in a row failed; the endpoint is tried again by itself within half a minute.',
  unreachable:
    'Check the address and port, and that this machine may reach it. From a container, localhost is the container.',
  timeout: 'Raise the time-out, choose a faster model, or look at how busy the endpoint is.',
  rate_limited: "The provider's rate limit is reached: ask it for a higher one, or lower the budget.",
  key_refused: 'Check the key: it was refused. It may be of another project, expired, or without credit.',
  unknown_model: 'Check the spelling of the model and that the address ends before /chat/completions (often in /v1).',
  refused: 'The endpoint refused the request: see what it said.',
  server_error: 'The endpoint failed on its side: look at its log or the status page of its provider.',
  bad_answer: 'The answer was not what the protocol says: check that the address is of an OpenAI-compatible API.',
  unsafe_answer:
    'The answer repeated confidential instructions and was thrown away. A text from outside may have tried to give orders.',
  cancelled: 'Ask again.',
};
