import type { RepairRule } from '@zhiyin/contract';
import type { JsonObject } from '../../domain/events.ts';
import type { CompiledSettings } from '../clean-settings.ts';
import type { Draft, StepResult } from '../draft.ts';
import { own } from '../json.ts';
import { applyRepairActions } from '../repair-actions.ts';

/** Rules that operators kept from quarantine, for everything they match. Those tied to a reason run when it comes to that. */
export function applyRepairRules(draft: Draft, settings: CompiledSettings): StepResult {
  for (const rule of settings.rulesAlways) {
    if (!ruleMatches(rule, draft.call, draft.arrival.sourceId)) continue;
    draft.call = applyRepairActions(draft.call, rule.actions, settings.workspace.timeZone);
    draft.repairs.push(`rule:${rule.name}`);
  }
  return undefined;
}

export function ruleMatches(rule: RepairRule, call: JsonObject, sourceId: number): boolean {
  const { sourceId: ruleSource, event } = rule.matches;
  if (ruleSource !== undefined && ruleSource !== sourceId) return false;
  return event === undefined || event === own(call, 'event') || event === own(call, 'type');
}
