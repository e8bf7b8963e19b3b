import type { RepairRule } from '@zhiyin/contract';
import type { JsonObject } from '../../domain/events.ts';
import type { CompiledSettings } from '../clean-settings.ts';
import { type Draft, keep, type StepResult } from '../draft.ts';
import { own } from '../json.ts';
import { applyRepairActions } from '../repair-actions.ts';

/** Rules that operators kept from quarantine, for everything they match. Those tied to a reason run when it comes to that. */
export function applyRepairRules(draft: Draft, settings: CompiledSettings): StepResult {
  if (settings.rulesAlways.length === 0) return keep(draft);
  let { call, repairs } = draft;
  for (const rule of settings.rulesAlways) {
    if (!ruleMatches(rule, call, draft.arrival.sourceId)) continue;
    call = applyRepairActions(call, rule.actions, settings.workspace.timeZone);
    repairs = [...repairs, `rule:${rule.name}`];
  }
  return keep({ ...draft, call, repairs });
}

export function ruleMatches(rule: RepairRule, call: JsonObject, sourceId: number): boolean {
  const { sourceId: ruleSource, event } = rule.matches;
  if (ruleSource !== undefined && ruleSource !== sourceId) return false;
  return event === undefined || event === own(call, 'event') || event === own(call, 'type');
}
