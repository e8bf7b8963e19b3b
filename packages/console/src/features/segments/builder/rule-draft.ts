import type { SegmentCondition, SegmentGroup, SegmentRule } from '@zhiyin/contract';

/** A rule as it is edited: "not" is a mark on a part rather than a part around it, and every part keeps its key while it moves. */
export type DraftGroup = {
  readonly key: string;
  readonly not: boolean;
  readonly kind: 'all' | 'any';
  readonly of: readonly DraftPart[];
};
export type DraftCondition = { readonly key: string; readonly not: boolean; readonly condition: SegmentCondition };
export type DraftPart = DraftGroup | DraftCondition;

export const isGroup = (part: DraftPart): part is DraftGroup => 'of' in part;

export const isRuleGroup = (rule: SegmentRule): rule is SegmentGroup => rule.kind === 'all' || rule.kind === 'any';

let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `part-${keys}`;
};

/** Whatever the rule begins with, a draft begins with a group: there is always room for another condition. */
export function toDraft(rule: SegmentRule): DraftGroup {
  const part = toPart(rule, false);
  return isGroup(part) && !part.not ? part : newGroup('all', [part]);
}

function toPart(rule: SegmentRule, not: boolean): DraftPart {
  if (rule.kind === 'not') return toPart(rule.of, !not);
  if (isRuleGroup(rule)) {
    return { key: newKey(), not, kind: rule.kind, of: rule.of.map((one) => toPart(one, false)) };
  }
  return { key: newKey(), not, condition: rule };
}

export const newCondition = (condition: SegmentCondition): DraftCondition => ({ key: newKey(), not: false, condition });
export const newGroup = (kind: 'all' | 'any', of: readonly DraftPart[] = []): DraftGroup => ({
  key: newKey(),
  not: false,
  kind,
  of,
});

export function toRule(part: DraftPart): SegmentRule {
  const rule: SegmentRule = isGroup(part) ? { kind: part.kind, of: part.of.map(toRule) } : part.condition;
  return part.not ? { kind: 'not', of: rule } : rule;
}

/** Where each part stands in the rule, as the server names places: `of[1].of[0]`. */
export function pathsOf(part: DraftPart, path = ''): Map<string, string> {
  const own = part.not ? join(path, 'of') : path;
  const paths = new Map([[part.key, own]]);
  if (isGroup(part)) {
    part.of.forEach((inner, i) => {
      for (const [key, at] of pathsOf(inner, join(own, `of[${i}]`))) paths.set(key, at);
    });
  }
  return paths;
}

const join = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`);

/** The part that a place lies in: the deepest whose own place begins it. */
export function partAt(draft: DraftGroup, path: string): string {
  let best: readonly [string, number] = [draft.key, -1];
  for (const [key, at] of pathsOf(draft)) {
    const holds = at === '' || path === at || path.startsWith(`${at}.`) || path.startsWith(`${at}[`);
    if (holds && at.length > best[1]) best = [key, at.length];
  }
  return best[0];
}

export function changePart(group: DraftGroup, key: string, change: (part: DraftPart) => DraftPart): DraftGroup {
  if (group.key === key) return change(group) as DraftGroup;
  return {
    ...group,
    of: group.of.map((part) => {
      if (part.key === key) return change(part);
      return isGroup(part) ? changePart(part, key, change) : part;
    }),
  };
}

export function removePart(group: DraftGroup, key: string): DraftGroup {
  return {
    ...group,
    of: group.of.filter((part) => part.key !== key).map((part) => (isGroup(part) ? removePart(part, key) : part)),
  };
}

export const addPart = (group: DraftGroup, into: string, part: DraftPart): DraftGroup =>
  changePart(group, into, (target) => (isGroup(target) ? { ...target, of: [...target.of, part] } : target));

/** Beside itself, one place up or down; at the end of its group it goes out of it, next to the group. */
export function movePart(group: DraftGroup, key: string, by: -1 | 1): DraftGroup {
  const at = group.of.findIndex((part) => part.key === key);
  if (at >= 0) {
    const to = at + by;
    if (to < 0 || to >= group.of.length) return group;
    const of = [...group.of];
    [of[at], of[to]] = [of[to]!, of[at]!];
    return { ...group, of };
  }
  return {
    ...group,
    of: group.of.flatMap((part): DraftPart[] => {
      if (!isGroup(part)) return [part];
      const inner = part.of.find((one) => one.key === key);
      const isAtEdge = inner && (by === -1 ? part.of[0] === inner : part.of.at(-1) === inner);
      if (!inner || !isAtEdge) return [movePart(part, key, by)];
      const rest = { ...part, of: part.of.filter((one) => one !== inner) };
      return by === -1 ? [inner, rest] : [rest, inner];
    }),
  };
}

/** A group around it, for an "or" beside it. */
export const groupPart = (group: DraftGroup, key: string): DraftGroup =>
  changePart(group, key, (part) => newGroup('any', [part]));

export const negatePart = (group: DraftGroup, key: string): DraftGroup =>
  changePart(group, key, (part) => ({ ...part, not: !part.not }));

export function countConditions(part: DraftPart): number {
  return isGroup(part) ? part.of.reduce((sum, one) => sum + countConditions(one), 0) : 1;
}
