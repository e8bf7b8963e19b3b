import type { SegmentRule } from '@zhiyin/contract';
import { describe, expect, it } from 'vitest';
import {
  addPart,
  type DraftGroup,
  groupPart,
  movePart,
  negatePart,
  newCondition,
  partAt,
  pathsOf,
  removePart,
  toDraft,
  toRule,
} from './rule-draft.ts';

const tag = (name: string) => ({ kind: 'tag', tag: name, in: true }) as const;
const rule: SegmentRule = {
  kind: 'all',
  of: [tag('a'), { kind: 'not', of: { kind: 'any', of: [tag('b'), { kind: 'not', of: tag('c') }] } }],
};
const keyOf = (draft: DraftGroup, path: string) => [...pathsOf(draft)].find(([, at]) => at === path)![0];

describe('a rule as a draft', () => {
  it('comes back as it was', () => {
    expect(toRule(toDraft(rule))).toEqual(rule);
    expect(toRule(toDraft({ kind: 'not', of: { kind: 'not', of: tag('a') } }))).toEqual({
      kind: 'all',
      of: [tag('a')],
    });
  });

  it('names places as the server does, through what is negated', () => {
    const draft = toDraft(rule);
    expect([...pathsOf(draft).values()]).toEqual(['', 'of[0]', 'of[1].of', 'of[1].of.of[0]', 'of[1].of.of[1].of']);
    expect(partAt(draft, 'of[1].of.of[0].test')).toBe(keyOf(draft, 'of[1].of.of[0]'));
    expect(partAt(draft, 'of[0]')).toBe(keyOf(draft, 'of[0]'));
  });

  it('gains, loses, negates and groups parts', () => {
    const draft = toDraft(rule);
    const first = keyOf(draft, 'of[0]');
    expect(toRule(removePart(draft, first))).toEqual({ kind: 'all', of: [rule.of[1]] });
    expect((toRule(negatePart(draft, first)) as { of: SegmentRule[] }).of[0]).toEqual({ kind: 'not', of: tag('a') });
    expect((toRule(groupPart(draft, first)) as { of: SegmentRule[] }).of[0]).toEqual({ kind: 'any', of: [tag('a')] });
    const added = addPart(draft, draft.key, newCondition(tag('d')));
    expect((toRule(added) as { of: SegmentRule[] }).of[2]).toEqual(tag('d'));
  });

  it('moves a part along its group, and out of it at the end', () => {
    const draft = toDraft({ kind: 'all', of: [tag('a'), { kind: 'any', of: [tag('b'), tag('c')] }] });
    const c = keyOf(draft, 'of[1].of[1]');
    const up = movePart(draft, c, -1);
    expect(toRule(up)).toEqual({ kind: 'all', of: [tag('a'), { kind: 'any', of: [tag('c'), tag('b')] }] });
    expect(toRule(movePart(up, c, -1))).toEqual({
      kind: 'all',
      of: [tag('a'), tag('c'), { kind: 'any', of: [tag('b')] }],
    });
    expect(toRule(movePart(draft, keyOf(draft, 'of[0]'), -1))).toEqual(toRule(draft));
  });
});
