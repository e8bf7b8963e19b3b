import { type RepairRule, said } from '@zhiyin/contract';
import type { JsonObject } from '../domain/events.ts';
import type { CompiledSettings } from './clean-settings.ts';
import { cleanSteps } from './clean-steps.ts';
import { type Arrival, type Draft, quarantine, type Refusal, type StepResult, startDraft } from './draft.ts';
import { lostText } from './parse-body.ts';
import { applyRepairActions } from './repair-actions.ts';
import { ruleMatches } from './steps/apply-repair-rules.ts';

/**
 * Runs a call through the steps. When one refuses it and a kept rule mends exactly that reason, it is mended and runs again;
 * each rule once, so it ends.
 */
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
  let current = call;
  let named = repairs.includes(undecoded) ? repairs.filter((repair) => repair !== undecoded) : repairs;
  let unused: Set<RepairRule> | undefined;
  for (;;) {
    const draft = startDraft(current, arrival, named);
    const refusal = runSteps(draft, settings);
    if (!refusal) return { kind: 'event', draft };
    unused ??= new Set(settings.rulesOnRefusal);
    const rule = [...unused].find(
      (one) => one.matches.reason === refusal.reason && ruleMatches(one, current, arrival.sourceId),
    );
    if (!rule) return refusal;
    unused.delete(rule);
    current = applyRepairActions(current, rule.actions, settings.workspace.timeZone);
    named = [...named, `rule:${rule.name}`];
  }
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
