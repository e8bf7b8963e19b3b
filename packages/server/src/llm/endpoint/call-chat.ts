import type { StructuredOutput } from '@zhiyin/contract';
import type { Tokens } from '../calls/money.ts';
import type { Endpoint } from '../model-settings.ts';
import { EndpointError } from './endpoint-error.ts';
import { createModelFetch } from './model-fetch.ts';

export type ChatRequest = {
  readonly model: string;
  readonly instructions: string;
  readonly prompt: string;
  readonly images?: readonly { readonly mediaType: string; readonly data: Uint8Array }[];
  readonly outputTokensMax: number;
  readonly temperature?: number | undefined;
  /** JSON schema and how to ask for it. */
  readonly json?: { readonly mode: StructuredOutput; readonly schema: object };
  readonly signal: AbortSignal;
};

export type ChatAnswer = { readonly text: string; readonly usage: Tokens | undefined };

/** One question, one answer. @throws EndpointError, or what the signal was aborted with. */
export async function callChat(endpoint: Endpoint, request: ChatRequest): Promise<ChatAnswer> {
  const { generateText } = await import('ai');
  const { text, usage, finishReason } = await generateText(await toCall(endpoint, request));
  // Some models think aloud in what they answer.
  const answer = text.replace(/^\s*<think>[\s\S]*?<\/think>\s*/, '');
  if (answer.trim() === '') throw new EndpointError('bad_answer', `an empty answer (finish reason ${finishReason})`);
  return { text: answer, usage: toTokens(usage) };
}

/** The same as it comes. `usage` is there once the parts are read. */
export async function streamChat(
  endpoint: Endpoint,
  request: ChatRequest,
): Promise<{ readonly parts: AsyncIterable<string>; readonly usage: () => Promise<Tokens | undefined> }> {
  const { streamText } = await import('ai');
  let failed: unknown;
  const result = streamText({
    ...(await toCall(endpoint, request)),
    onError: ({ error }) => {
      failed = error;
    },
  });
  async function* read(): AsyncGenerator<string> {
    yield* result.textStream;
    if (failed !== undefined) throw failed;
    // An aborted stream ends like a finished one.
    request.signal.throwIfAborted();
  }
  return { parts: read(), usage: async () => toTokens(await result.usage) };
}

async function toCall(endpoint: Endpoint, request: ChatRequest) {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const { json, images = [] } = request;
  const provider = createOpenAICompatible({
    name: 'endpoint',
    baseURL: endpoint.baseUrl.replace(/\/+$/, ''),
    includeUsage: true,
    fetch: createModelFetch(endpoint),
    ...(endpoint.apiKey ? { apiKey: endpoint.apiKey } : {}),
    ...(json && json.mode !== 'text'
      ? { transformRequestBody: (body) => ({ ...body, response_format: responseFormat(json.mode, json.schema) }) }
      : {}),
  });
  const content = [
    { type: 'text' as const, text: request.prompt },
    ...images.map(({ mediaType, data }) => ({ type: 'file' as const, mediaType, data })),
  ];
  return {
    model: provider(request.model),
    instructions: request.instructions,
    messages: [{ role: 'user' as const, content }],
    maxOutputTokens: request.outputTokensMax,
    // Trying again is the fetch's business, which knows what the endpoint said.
    maxRetries: 0,
    abortSignal: request.signal,
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
  };
}

const responseFormat = (mode: StructuredOutput, schema: object) =>
  mode === 'json_object'
    ? { type: 'json_object' }
    : { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };

function toTokens(usage: { inputTokens?: number | undefined; outputTokens?: number | undefined }): Tokens | undefined {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return { input: inputTokens ?? 0, output: outputTokens ?? 0 };
}
