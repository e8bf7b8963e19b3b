import { z } from 'zod';
import type { Tokens } from '../calls/money.ts';
import type { Endpoint } from '../model-settings.ts';
import { EndpointError } from './endpoint-error.ts';
import { createModelFetch } from './model-fetch.ts';

const answerSchema = z.object({
  data: z.array(
    z.object({ index: z.number().int().optional(), embedding: z.union([z.array(z.number()), z.string()]) }),
  ),
  usage: z.object({ prompt_tokens: z.number().optional(), total_tokens: z.number().optional() }).nullish(),
});

/**
 * One batch of texts → one vector each, in their order. Takes lists of numbers and base64 of 32-bit floats, which some servers
 * send whatever they are asked for.
 * @throws EndpointError, or what the signal was aborted with.
 */
export async function callEmbeddings(
  endpoint: Endpoint,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<{ vectors: Float32Array[]; usage: Tokens | undefined }> {
  const response = await createModelFetch(endpoint)(`${endpoint.baseUrl.replace(/\/+$/, '')}/embeddings`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(endpoint.apiKey ? { authorization: `Bearer ${endpoint.apiKey}` } : {}),
    },
    body: JSON.stringify({ model: endpoint.embeddingsModel, input: texts, encoding_format: 'float' }),
    signal,
  });
  const parsed = answerSchema.safeParse(await readJson(response));
  if (!parsed.success) throw new EndpointError('bad_answer', 'the answer holds no list of embeddings');
  const { data, usage } = parsed.data;
  const vectors = new Array<Float32Array>(texts.length);
  data.forEach(({ index, embedding }, place) => {
    vectors[index ?? place] = typeof embedding === 'string' ? fromBase64(embedding) : Float32Array.from(embedding);
  });
  const dimensions = vectors[0]?.length ?? 0;
  for (let i = 0; i < texts.length; i += 1) {
    const vector = vectors[i];
    if (!vector || vector.length !== dimensions || dimensions === 0 || !vector.every(Number.isFinite)) {
      throw new EndpointError(
        'bad_answer',
        `text ${i + 1} of ${texts.length} has no embedding of ${dimensions} numbers`,
      );
    }
  }
  const input = usage?.prompt_tokens ?? usage?.total_tokens;
  return { vectors, usage: input === undefined ? undefined : { input, output: 0 } };
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EndpointError('bad_answer', 'the answer is not JSON', { cause });
  }
}

export function fromBase64(text: string): Float32Array {
  return toFloats(Buffer.from(text, 'base64'));
}

/** 32-bit floats, little end first, as bytes. */
export const toBytes = (vector: Float32Array): Buffer => {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, i) => {
    bytes.writeFloatLE(value, i * 4);
  });
  return bytes;
};

export const toFloats = (bytes: Buffer): Float32Array =>
  Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(i * 4));
