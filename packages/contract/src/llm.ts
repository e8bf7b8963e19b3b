import { z } from 'zod';
import { instantSchema, pageQuerySchema } from './basics.ts';

/** Limits of what may be set for a model endpoint. */
export const llmLimits = { promptDaysMax: 90, timeoutSecondsMax: 600 } as const;

/** How the endpoint is asked for JSON. One that refuses a mode is asked again in the next. */
export const structuredOutputSchema = z.enum(['json_schema', 'json_object', 'text']);
export type StructuredOutput = z.infer<typeof structuredOutputSchema>;

const modelName = z.string().trim().max(200);
const price = z.number().min(0).max(1_000_000);

const baseUrlSchema = z
  .string()
  .trim()
  .max(500)
  .refine(isEndpointUrl, 'must be an http or https address without user name, query or #, such as https://host/v1');

const fields = {
  /** False: nothing leaves, and everything runs on the embedded models. */
  enabled: z.boolean(),
  /** Without the last part: `https://host/v1`, to which `/chat/completions` and `/embeddings` are added. */
  baseUrl: baseUrlSchema,
  /** Empty: not offered. */
  chatModel: modelName,
  embeddingsModel: modelName,
  visionModel: modelName,
  structuredOutput: structuredOutputSchema,
  /** Price of 1,000 tokens in the workspace's currency. */
  prices: z.strictObject({ chatInput: price, chatOutput: price, embeddings: price }),
  /** Most per day of the workspace's time zone. Null: no limit. */
  budget: z.strictObject({
    tokensPerDay: z.number().int().min(0).max(1e12).nullable(),
    amountPerDay: z.number().min(0).max(1e9).nullable(),
  }),
  /** Seconds until a call is given up, waiting and trying again included. */
  timeouts: z.strictObject({
    chatSeconds: z.number().int().min(1).max(llmLimits.timeoutSecondsMax),
    embeddingsSeconds: z.number().int().min(1).max(llmLimits.timeoutSecondsMax),
  }),
  /** Days for which what was sent is kept, with placeholders for what is personal. */
  promptDays: z.number().int().min(0).max(llmLimits.promptDaysMax),
};

export const llmValuesSchema = z.strictObject(fields);
export type LlmValues = z.infer<typeof llmValuesSchema>;

/** GET, DELETE …/llm */
export const llmSettingsSchema = z.object({
  ...fields,
  baseUrl: z.string(),
  /** False: nothing was ever set; the values are what a new one starts with. */
  isSet: z.boolean(),
  /** The key itself is never in an answer. */
  key: z.object({ isSet: z.boolean(), last4: z.string() }),
  currency: z.string(),
  today: z.object({ calls: z.number().int(), tokens: z.number(), amount: z.number() }),
  updatedAt: instantSchema.nullable(),
});
export type LlmSettings = z.infer<typeof llmSettingsSchema>;

/** PUT …/llm */
export const llmUpdateSchema = z.strictObject({
  ...fields,
  /** Left out: as it is. Null: none. It must be given again when the address moves to another host. */
  apiKey: z.string().trim().min(1).max(2_000).nullable().optional(),
});
export type LlmUpdate = z.infer<typeof llmUpdateSchema>;

export const llmFailures = [
  'not_set',
  'off',
  'no_model',
  'budget',
  'paused',
  'unreachable',
  'timeout',
  'rate_limited',
  'key_refused',
  'unknown_model',
  'refused',
  'server_error',
  'bad_answer',
  'unsafe_answer',
  'cancelled',
] as const;
/** Why the endpoint gave nothing; callers go on without it. */
export const llmFailureSchema = z.enum(llmFailures);
export type LlmFailure = z.infer<typeof llmFailureSchema>;

/** POST …/llm/test : calls the endpoint for what is set. */
export const llmCheckSchema = z.object({
  what: z.enum(['chat', 'object', 'vision', 'embeddings']),
  model: z.string(),
  ok: z.boolean(),
  latencyMs: z.number(),
  tokens: z.number().int(),
  /** Of embeddings. */
  dimensions: z.number().int().nullable(),
  /** The mode in which JSON came, for `object`. */
  structuredOutput: structuredOutputSchema.nullable(),
  failure: llmFailureSchema.nullable(),
  /** What the endpoint said, shortened. */
  detail: z.string(),
  fix: z.string(),
});
export type LlmCheck = z.infer<typeof llmCheckSchema>;
export const llmTestSchema = z.object({ checks: z.array(llmCheckSchema), testedAt: instantSchema });
export type LlmTest = z.infer<typeof llmTestSchema>;

/** GET …/llm/usage?days */
export const llmUsageQuerySchema = z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) });

/** GET …/llm/calls?cursor&limit : newest first. */
export const llmCallsQuerySchema = pageQuerySchema;
export const llmCallSchema = z.object({
  id: z.string(),
  at: instantSchema,
  kind: z.enum(['chat', 'object', 'embed']),
  purpose: z.string(),
  promptVersion: z.string(),
  model: z.string(),
  tokensIn: z.number().int(),
  tokensOut: z.number().int(),
  amount: z.number(),
  latencyMs: z.number().int(),
  texts: z.number().int(),
  textsKept: z.number().int(),
  outcome: z.enum(['answered', ...llmFailures]),
  detail: z.string(),
  /** With placeholders for what is personal; null when it is not kept, or the reader may not change settings. */
  prompt: z.string().nullable(),
});
export type LlmCall = z.infer<typeof llmCallSchema>;

function isEndpointUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && !username && !password && !search && !hash;
}
