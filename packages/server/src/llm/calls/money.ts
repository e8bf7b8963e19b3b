import type { Endpoint } from '../model-settings.ts';

/** Millionths of the currency: prices of single calls are far below its smallest coin. */
export const toMicros = (amount: number): number => Math.round(amount * 1e6);
export const fromMicros = (micros: number): number => micros / 1e6;

export type Tokens = { readonly input: number; readonly output: number };

export function priceChat({ prices }: Pick<Endpoint, 'prices'>, tokens: Tokens): number {
  return toMicros((tokens.input * prices.chatInput + tokens.output * prices.chatOutput) / 1_000);
}

export function priceEmbeddings({ prices }: Pick<Endpoint, 'prices'>, tokens: Tokens): number {
  return toMicros((tokens.input * prices.embeddings) / 1_000);
}

/**
 * About how many tokens a text is, rather too many than too few: one per Chinese, Japanese or Korean character, one per three
 * others. For reserving; what is settled is what the endpoint counted.
 */
export function estimateTokens(text: string): number {
  const dense = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/g)?.length ?? 0;
  return Math.ceil(dense * 1.2 + (text.length - dense) / 3);
}
