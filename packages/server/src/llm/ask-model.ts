import { type StructuredOutput, structuredOutputSchema } from '@zhiyin/contract';
import { z } from 'zod';
import type { Workspace } from '../domain/workspace.ts';
import { estimateTokens, type Tokens } from './calls/money.ts';
import { type ChatAnswer, type ChatRequest, callChat, streamChat } from './endpoint/call-chat.ts';
import { EndpointError } from './endpoint/endpoint-error.ts';
import type { Endpoint } from './model-settings.ts';
import { type PreparedPrompt, preparePrompt, type Question } from './prepare-prompt.ts';
import { restoreStream } from './redact/placeholders.ts';
import {
  type Answer,
  type CallMeter,
  type CallPlan,
  type DoorParts,
  findOpenEndpoint,
  type OpenCall,
  openCall,
  runCall,
  unavailable,
} from './run-call.ts';

const outputTokensByDefault = 1_000;

/** One question, one text. */
export async function askForText(parts: DoorParts, workspace: Workspace, question: Question): Promise<Answer<string>> {
  const begun = await begin(parts, workspace, question, 'chat', 1);
  if ('kind' in begun) return begun;
  const { endpoint, prepared, plan, request } = begun;
  return runCall(parts, workspace, endpoint, plan, async (call) => {
    const answer = await callMetered(endpoint, { ...request, signal: call.signal }, call);
    checkSafe(answer.text, prepared);
    const { text, unknown } = prepared.placeholders.restore(answer.text);
    if (unknown > 0) throw new EndpointError('bad_answer', `made up ${unknown} placeholders`);
    return text;
  });
}

export type TextStream = {
  /** Pieces with personal values put back. Ends early, and `outcome` says why, when the endpoint fails. */
  readonly parts: AsyncIterable<string>;
  /** Settled when the parts were read or left. */
  readonly outcome: Promise<Answer<string>>;
};

/** The same as it comes. Whoever stops reading early stops the call. */
export async function askForStream(
  parts: DoorParts,
  workspace: Workspace,
  question: Question,
): Promise<TextStream | Extract<Answer<never>, { kind: 'unavailable' }>> {
  const stopped = new AbortController();
  const signal = question.signal ? AbortSignal.any([question.signal, stopped.signal]) : stopped.signal;
  const begun = await begin(parts, workspace, { ...question, signal }, 'chat', 1);
  if ('kind' in begun) return begun;
  const { endpoint, prepared, plan, request } = begun;
  const opened = await openCall(parts, workspace, endpoint, plan);
  if ('kind' in opened) return opened;
  const open: OpenCall = opened;
  const { promise: outcome, resolve, reject } = Promise.withResolvers<Answer<string>>();
  // Whoever only reads the parts does not look at it.
  outcome.catch(() => undefined);

  async function* read(): AsyncGenerator<string> {
    const restore = restoreStream(prepared.placeholders);
    let raw = '';
    let shown = '';
    let failed: EndpointError | undefined = new EndpointError('cancelled', 'reading stopped');
    let usage: Tokens | undefined;
    const show = (text: string) => {
      shown += text;
      return text;
    };
    try {
      const stream = await streamChat(endpoint, { ...request, signal: open.signal });
      for await (const part of stream.parts) {
        raw += part;
        checkSafe(raw, prepared);
        const ready = restore.push(part);
        if (ready !== '') yield show(ready);
      }
      const rest = restore.flush();
      if (rest !== '') yield show(rest);
      usage = await stream.usage().catch(() => undefined);
      failed = raw.trim() === '' ? new EndpointError('bad_answer', 'an empty answer') : undefined;
    } catch (thrown) {
      failed = open.toError(thrown);
    } finally {
      stopped.abort();
      await finish(failed, usage, raw, shown).catch(reject);
    }
  }

  async function finish(failed: EndpointError | undefined, usage: Tokens | undefined, raw: string, shown: string) {
    if (raw !== '' || usage) open.add(usage ?? { input: prepared.inputTokens, output: estimateTokens(raw) });
    await open.finish(failed ?? 'answered');
    resolve(
      failed
        ? unavailable(failed.reason, failed.message)
        : {
            kind: 'answered',
            value: shown,
            model: plan.model,
            usage: open.used(),
            injectionScore: plan.injectionScore,
          },
    );
  }
  return { parts: read(), outcome };
}

/** Ways of asking for JSON that an endpoint refused; kept while the process lives. */
const refusedModes = new Map<string, number>();
const modes = structuredOutputSchema.options;

export type ObjectAnswer<Value> = { readonly object: Value; readonly mode: StructuredOutput };

/**
 * An answer of a given shape. Asks in the mode that is set and, when the endpoint refuses it with 400, in the next; an answer that
 * does not fit is sent back once with what is wrong.
 */
export async function askForObject<Schema extends z.ZodType>(
  parts: DoorParts,
  workspace: Workspace,
  question: Question,
  schema: Schema,
): Promise<Answer<ObjectAnswer<z.output<Schema>>>> {
  const jsonSchema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const asked = {
    ...question,
    instructions: `${question.instructions}\n\nAnswer with one JSON object and nothing else. It fits this JSON schema:\n${JSON.stringify(jsonSchema)}`,
  };
  const begun = await begin(parts, workspace, asked, 'object', 2);
  if ('kind' in begun) return begun;
  const { endpoint, prepared, plan, request } = begun;
  const modeKey = `${endpoint.baseUrl} ${request.model}`;
  return runCall(parts, workspace, endpoint, plan, async (call) => {
    let mode = Math.max(modes.indexOf(endpoint.structuredOutput), refusedModes.get(modeKey) ?? 0);
    let prompt = request.prompt;
    let repaired = false;
    for (;;) {
      const json = { mode: modes[mode]!, schema: jsonSchema };
      let answer: ChatAnswer;
      try {
        answer = await callMetered(endpoint, { ...request, prompt, json, signal: call.signal }, call);
      } catch (thrown) {
        const refused = findRefusal(thrown);
        if (!refused || mode === modes.length - 1) throw thrown;
        mode += 1;
        refusedModes.set(modeKey, mode);
        continue;
      }
      checkSafe(answer.text, prepared);
      const parsed = parseObject(answer.text, schema, prepared);
      if (parsed.ok) return { object: parsed.value, mode: modes[mode]! };
      if (repaired) throw new EndpointError('bad_answer', `does not fit after one repair: ${parsed.problem}`);
      repaired = true;
      prompt = `${request.prompt}\n\nYour last answer did not fit: ${parsed.problem}\nIt was:\n${prepared.fence.fence('last answer', answer.text.slice(0, 4_000))}\nAnswer again with one JSON object that fits.`;
    }
  });
}

type Begun = {
  readonly endpoint: Endpoint;
  readonly prepared: PreparedPrompt;
  readonly plan: CallPlan & { readonly injectionScore: number };
  readonly request: Omit<ChatRequest, 'signal'>;
};

async function begin(
  parts: DoorParts,
  workspace: Workspace,
  question: Question,
  kind: 'chat' | 'object',
  callsMax: number,
): Promise<Begun | Extract<Answer<never>, { kind: 'unavailable' }>> {
  const endpoint = await findOpenEndpoint(parts.stores, workspace);
  if (typeof endpoint === 'string') return unavailable(endpoint);
  const model = question.images?.length ? endpoint.visionModel : endpoint.chatModel;
  if (model === '') return unavailable('no_model');
  const prepared = preparePrompt(question);
  const outputTokensMax = question.outputTokensMax ?? outputTokensByDefault;
  return {
    endpoint,
    prepared,
    plan: {
      kind,
      model,
      purpose: question.purpose,
      promptVersion: question.promptVersion,
      texts: 1,
      textsKept: 0,
      prompt: prepared.kept,
      most: {
        input: prepared.inputTokens * callsMax + (callsMax - 1) * outputTokensMax,
        output: outputTokensMax * callsMax,
      },
      sent: { input: prepared.inputTokens, output: 0 },
      timeoutSeconds: endpoint.timeouts.chatSeconds,
      signal: question.signal,
      injectionScore: prepared.injectionScore,
    },
    request: {
      model,
      instructions: prepared.instructions,
      prompt: prepared.prompt,
      outputTokensMax,
      temperature: question.temperature,
      ...(question.images ? { images: question.images } : {}),
    },
  };
}

async function callMetered(endpoint: Endpoint, request: ChatRequest, call: CallMeter): Promise<ChatAnswer> {
  const answer = await callChat(endpoint, request);
  call.add(
    answer.usage ?? {
      input: estimateTokens(request.instructions + request.prompt),
      output: estimateTokens(answer.text),
    },
  );
  return answer;
}

function checkSafe(text: string, prepared: PreparedPrompt): void {
  if (prepared.fence.leaked(text))
    throw new EndpointError('unsafe_answer', 'the answer repeats confidential instructions');
}

/** The endpoint said no to the request itself: perhaps to the way it was asked for JSON. */
function findRefusal(thrown: unknown): EndpointError | undefined {
  for (let cause = thrown, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth += 1) {
    if (cause instanceof EndpointError) return cause.reason === 'refused' ? cause : undefined;
  }
  return undefined;
}

function parseObject<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  prepared: PreparedPrompt,
): { ok: true; value: z.output<Schema> } | { ok: false; problem: string } {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  let unknown = 0;
  let raw: unknown;
  try {
    // Values go back after parsing: a quotation mark in one would break the JSON.
    raw = JSON.parse(text.slice(from, to + 1), (_, value: unknown) => {
      if (typeof value !== 'string') return value;
      const restored = prepared.placeholders.restore(value);
      unknown += restored.unknown;
      return restored.text;
    });
  } catch {
    return { ok: false, problem: 'it is not JSON' };
  }
  if (unknown > 0) return { ok: false, problem: 'it holds marks in double brackets that were not given' };
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`);
  return { ok: false, problem: issues.join('; ').slice(0, 500) };
}
