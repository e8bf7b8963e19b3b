import { estimateTokens } from './calls/money.ts';
import { type Fence, openFence } from './redact/fence-text.ts';
import { scoreInjection } from './redact/injection-score.ts';
import { openPlaceholders, type Placeholders } from './redact/placeholders.ts';

export type Question = {
  /** What it is for, in a word or two: `review reply`. Shown in the ledger. */
  readonly purpose: string;
  /** Version of the prompt's words, so that answers before and after a change can be told apart. */
  readonly promptVersion: string;
  /** Who the model is and what it may do. Ours; never text from outside. */
  readonly instructions: string;
  /** What to do now. */
  readonly prompt: string;
  /** Text from outside, such as a customer's review: goes between marks, as material. */
  readonly data?: readonly { readonly name: string; readonly text: string }[];
  /** Values known to be personal, such as the customer's name. */
  readonly known?: readonly string[];
  /** Sent as they are: what a picture shows is not redacted. Needs a model for pictures. */
  readonly images?: readonly { readonly mediaType: string; readonly data: Uint8Array }[];
  readonly outputTokensMax?: number;
  readonly temperature?: number;
  readonly signal?: AbortSignal;
};

export type PreparedPrompt = {
  readonly instructions: string;
  readonly prompt: string;
  /** For the ledger, without the marks of this call. */
  readonly kept: string;
  readonly inputTokens: number;
  readonly injectionScore: number;
  readonly placeholders: Placeholders;
  readonly fence: Fence;
};

const textCharactersMax = 60_000;
const tokensPerImage = 1_500;

/** Everything as it leaves: personal data replaced, text from outside between marks, confidential rule and canary in front. */
export function preparePrompt(question: Question): PreparedPrompt {
  const placeholders = openPlaceholders(question.known ?? []);
  const fence = openFence();
  const { redact } = placeholders;
  const data = (question.data ?? []).map(({ name, text }) => ({ name, text: text.slice(0, textCharactersMax) }));
  const instructions = `${redact(question.instructions)}\n\n${fence.rule}`;
  const asked = redact(question.prompt);
  const redacted = data.map(({ name, text }) => ({ name, text: redact(text) }));
  const prompt = [asked, ...redacted.map(({ name, text }) => fence.fence(name, text))].join('\n\n');
  return {
    instructions,
    prompt,
    kept: [redact(question.instructions), asked, ...redacted.map(({ name, text }) => `${name}: ${text}`)].join('\n\n'),
    inputTokens: estimateTokens(instructions + prompt) + (question.images?.length ?? 0) * tokensPerImage + 16,
    injectionScore: Math.max(0, ...data.map(({ text }) => scoreInjection(text))),
    placeholders,
    fence,
  };
}
