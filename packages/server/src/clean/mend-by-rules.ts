import type { RepairRule } from '@zhiyin/contract';
import type { JsonObject } from '../domain/events.ts';
import type { CompiledSettings } from './clean-settings.ts';
import type { Arrival, Refusal } from './draft.ts';
import { applyRepairActions } from './repair-actions.ts';
import { ruleMatches } from './steps/apply-repair-rules.ts';

/**
 * Cleans a record. When it is refused and a kept rule mends exactly that reason, it is mended and cleaned again; each rule once, so
 * it ends. @param clean takes the record as it is by then, and what was mended so far.
 */
export function mendByRules<Kept extends { readonly kind: string }>(
  record: JsonObject,
  repairs: readonly string[],
  { arrival, settings }: { readonly arrival: Arrival; readonly settings: CompiledSettings },
  clean: (record: JsonObject, repairs: readonly string[]) => Kept | Refusal,
): Kept | Refusal {
  let current = record;
  let named = repairs;
  let unused: Set<RepairRule> | undefined;
  for (;;) {
    const result = clean(current, named);
    if (!isRefusal(result)) return result;
    unused ??= new Set(settings.rulesOnRefusal);
    const rule = [...unused].find(
      (one) => one.matches.reason === result.reason && ruleMatches(one, current, arrival.sourceId),
    );
    if (!rule) return result;
    unused.delete(rule);
    current = applyRepairActions(current, rule.actions, settings.workspace.timeZone);
    named = [...named, `rule:${rule.name}`];
  }
}

const isRefusal = (result: { readonly kind: string }): result is Refusal => result.kind === 'quarantine';
