import type { LlmCheck, LlmTest } from '@zhiyin/contract';
import { z } from 'zod';
import type { Workspace } from '../domain/workspace.ts';
import { fixes } from './endpoint/endpoint-error.ts';
import { findEndpoint, type LlmStores } from './model-settings.ts';
import type { ModelDoor } from './open-model-door.ts';
import type { Answer } from './run-call.ts';

/** A red square of 16 × 16 pixels. */
const redSquare = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mN4ICBAEmIY1TCqYfhqAADqCAAQV1mixwAAAABJRU5ErkJggg==',
  'base64',
);
const purpose = 'endpoint test';
const words = { purpose, promptVersion: '1', instructions: 'You answer briefly.', outputTokensMax: 400 };

/** Really asks the endpoint for everything that is set, one after the other; each is a call like any other and in the ledger. */
export async function testEndpoint(door: ModelDoor, stores: LlmStores, workspace: Workspace): Promise<LlmTest> {
  const endpoint = await findEndpoint(stores, workspace);
  const checks: LlmCheck[] = [];
  const check = async <Value>(
    what: LlmCheck['what'],
    model: string,
    ask: () => Promise<Answer<Value>>,
    found: (value: Value) => Partial<LlmCheck> = () => ({}),
  ) => {
    const startedAt = performance.now();
    const answer = await ask();
    const base = {
      what,
      model,
      latencyMs: Math.round(performance.now() - startedAt),
      dimensions: null,
      structuredOutput: null,
    };
    if (answer.kind === 'answered') {
      const tokens = answer.usage.input + answer.usage.output;
      checks.push({ ...base, ok: true, tokens, failure: null, detail: '', fix: '', ...found(answer.value) });
    } else {
      const { reason, detail } = answer;
      checks.push({ ...base, ok: false, tokens: 0, failure: reason, detail, fix: fixes[reason] });
    }
    return answer.kind === 'answered';
  };

  const chatModel = endpoint?.chatModel ?? '';
  const chats = await check('chat', chatModel, () =>
    door.chat(workspace, { ...words, prompt: 'Say hello in one word.' }),
  );
  if (chats) {
    await check(
      'object',
      chatModel,
      () => door.object(workspace, { ...words, prompt: 'Which colour is grass?' }, z.object({ colour: z.string() })),
      ({ mode }) => ({ structuredOutput: mode }),
    );
  }
  if (endpoint?.visionModel) {
    const images = [{ mediaType: 'image/png', data: redSquare }];
    await check('vision', endpoint.visionModel, () =>
      door.chat(workspace, { ...words, prompt: 'Which colour is this picture? One word.', images }),
    );
  }
  if (endpoint?.embeddingsModel) {
    // A new text each time: one that is kept would not ask the endpoint.
    const texts = [`endpoint test ${new Date().toISOString()}`, '接口测试'];
    await check(
      'embeddings',
      endpoint.embeddingsModel,
      () => door.embed(workspace, texts, { purpose }),
      (vectors) => ({ dimensions: vectors[0]?.length ?? 0 }),
    );
  }
  return { checks, testedAt: new Date().toISOString() };
}
