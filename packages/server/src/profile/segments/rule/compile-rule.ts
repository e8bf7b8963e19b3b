import type { SegmentRule } from '@zhiyin/contract';
import { assert } from '../../../domain/app-error.ts';
import { compileCondition, type LeafCondition, type RuleContext } from './compile-condition.ts';
import type { SqlScope } from './sql-scope.ts';

/** A rule without references to other segments: see `inlineSegments`. */
export type OwnRule = { kind: 'all' | 'any'; of: OwnRule[] } | { kind: 'not'; of: OwnRule } | LeafCondition;

/** True of a person or not, and the instants (in milliseconds, null: never) at which that could change with nothing new happening. */
export type CompiledRule = { readonly holds: string; readonly dues: readonly string[] };

export function compileRule(scope: SqlScope, rule: OwnRule, context: RuleContext): CompiledRule {
  if (rule.kind === 'not') {
    const inner = compileRule(scope, rule.of, context);
    return { holds: `NOT (${inner.holds})`, dues: inner.dues };
  }
  if ('of' in rule) {
    const of = rule.of.map((inner) => compileRule(scope, inner, context));
    const parts = of.map(({ holds }) => `(${holds})`);
    const ofNothing = rule.kind === 'all' ? '1' : '0';
    const holds = parts.length > 0 ? parts.join(rule.kind === 'all' ? ' AND ' : ' OR ') : ofNothing;
    return { holds, dues: of.flatMap(({ dues }) => dues) };
  }
  return compileCondition(scope, rule, context);
}

/** Puts the rules of other segments in the place of their names. Cycles were refused when they were saved. */
export function inlineSegments(rule: SegmentRule, rules: ReadonlyMap<number, SegmentRule>, depth = 0): OwnRule {
  assert(depth < 64, 'segments of segments are nested deeper than 64: a cycle was saved');
  switch (rule.kind) {
    case 'not':
      return { kind: 'not', of: inlineSegments(rule.of, rules, depth) };
    case 'all':
    case 'any':
      return { kind: rule.kind, of: rule.of.map((inner) => inlineSegments(inner, rules, depth)) };
    case 'segment': {
      const other = rules.get(rule.segmentId);
      // Nobody is in a segment that is not there.
      const inner = other ? inlineSegments(other, rules, depth + 1) : ({ kind: 'any', of: [] } as const);
      return rule.in ? (inner as OwnRule) : { kind: 'not', of: inner as OwnRule };
    }
    default:
      return rule;
  }
}
