import type { z } from 'zod';
import type { Workspace } from '../domain/workspace.ts';
import { askForObject, askForStream, askForText, type ObjectAnswer, type TextStream } from './ask-model.ts';
import { type EmbedOptions, embedTexts } from './embed-texts.ts';
import { createBreaker } from './endpoint/breaker.ts';
import type { LlmStores } from './model-settings.ts';
import type { Question } from './prepare-prompt.ts';
import type { Answer, DoorParts } from './run-call.ts';

/**
 * The one door to a large-model endpoint. Before anything leaves, personal data becomes placeholders, text from outside goes between
 * marks, and the day's budget is reserved; what comes back is checked, values are put back, and the call is written to the ledger.
 * Nothing here throws because of the endpoint: callers get an answer or the reason why there is none, and go on without.
 */
export type ModelDoor = {
  embed(workspace: Workspace, texts: readonly string[], options: EmbedOptions): Promise<Answer<Float32Array[]>>;
  chat(workspace: Workspace, question: Question): Promise<Answer<string>>;
  stream(
    workspace: Workspace,
    question: Question,
  ): Promise<TextStream | Extract<Answer<never>, { kind: 'unavailable' }>>;
  object<Schema extends z.ZodType>(
    workspace: Workspace,
    question: Question,
    schema: Schema,
  ): Promise<Answer<ObjectAnswer<z.output<Schema>>>>;
};

/** @param options.now replaced in tests. */
export function openModelDoor(options: { readonly stores: LlmStores; readonly now?: () => Date }): ModelDoor {
  const parts: DoorParts = { stores: options.stores, breaker: createBreaker(), now: options.now ?? (() => new Date()) };
  return {
    embed: (workspace, texts, embedOptions) => embedTexts(parts, workspace, texts, embedOptions),
    chat: (workspace, question) => askForText(parts, workspace, question),
    stream: (workspace, question) => askForStream(parts, workspace, question),
    object: (workspace, question, schema) => askForObject(parts, workspace, question, schema),
  };
}
