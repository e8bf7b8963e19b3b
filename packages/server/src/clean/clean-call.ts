import { said } from '@zhiyin/contract';
import type { JsonObject } from '../domain/events.ts';
import type { CompiledSettings } from './clean-settings.ts';
import { cleanSteps } from './clean-steps.ts';
import { type Arrival, type Draft, quarantine, type Refusal, type StepResult, startDraft } from './draft.ts';
import { mendByRules } from './mend-by-rules.ts';
import { lostText } from './parse-body.ts';

/** Runs a call through the steps, mended by kept rules where one refuses it. */
export function cleanCall(
  call: JsonObject,
  arrival: Arrival,
  settings: CompiledSettings,
  repairs: readonly string[],
): { kind: 'event'; draft: Draft } | Refusal {
  // Bytes that were neither UTF-8 nor GB18030 came out as marks: whoever sent them has the text, we do not.
  if (repairs.includes(undecoded) && lostText(call)) {
    return quarantine('bad_encoding', '', said('not_utf8'));
  }
  const named = repairs.includes(undecoded) ? repairs.filter((repair) => repair !== undecoded) : repairs;
  return mendByRules(call, named, { arrival, settings }, (current, mended) => {
    const draft = startDraft(current, arrival, mended);
    return runSteps(draft, settings) ?? { kind: 'event', draft };
  });
}

/** Noted by `parseBody` for a body whose bytes are no text in any encoding we know. */
const undecoded = 'undecoded';

function runSteps(draft: Draft, settings: CompiledSettings): StepResult {
  for (const step of cleanSteps) {
    const refusal = step(draft, settings);
    if (refusal) return refusal;
  }
  return undefined;
}
