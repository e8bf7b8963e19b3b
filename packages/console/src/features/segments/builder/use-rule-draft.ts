import { type SegmentRule, segmentRuleSchema } from '@zhiyin/contract';
import { useCallback, useMemo, useState } from 'react';
import { countConditions, type DraftGroup, pathsOf, toDraft, toRule } from './rule-draft.ts';

type History = { readonly steps: readonly DraftGroup[]; readonly at: number };
const stepsMax = 100;

/** The rule while it is edited, with the way back and forth, and what is missing before it can be asked. */
export function useRuleDraft(saved: SegmentRule) {
  const [history, setHistory] = useState<History>(() => ({ steps: [toDraft(saved)], at: 0 }));
  const draft = history.steps[history.at]!;
  const change = useCallback(
    (make: (draft: DraftGroup) => DraftGroup) =>
      setHistory(({ steps, at }) => {
        const next = make(steps[at]!);
        const kept = [...steps.slice(0, at + 1), next].slice(-stepsMax);
        return { steps: kept, at: kept.length - 1 };
      }),
    [],
  );
  const step = useCallback(
    (by: -1 | 1) => setHistory(({ steps, at }) => ({ steps, at: Math.min(steps.length - 1, Math.max(0, at + by)) })),
    [],
  );
  const undo = useCallback(() => step(-1), [step]);
  const redo = useCallback(() => step(1), [step]);
  return {
    draft,
    change,
    undo,
    redo,
    canUndo: history.at > 0,
    canRedo: history.at < history.steps.length - 1,
    ...useMemo(() => read(draft), [draft]),
  };
}
export type RuleDraft = ReturnType<typeof useRuleDraft>;

function read(draft: DraftGroup) {
  const rule = toRule(draft);
  const parsed = segmentRuleSchema.safeParse(rule);
  const paths = pathsOf(draft);
  const wrong = new Set<string>();
  for (const issue of parsed.success ? [] : parsed.error.issues) {
    const at = issue.path.reduce<string>((path, one) => {
      if (typeof one === 'number') return `${path}[${one}]`;
      return path === '' ? String(one) : `${path}.${String(one)}`;
    }, '');
    let found = ['', -1] as [string, number];
    for (const [key, path] of paths) {
      if (path !== '' && at.startsWith(path) && path.length > found[1]) found = [key, path.length];
    }
    if (found[0]) wrong.add(found[0]);
  }
  const isEmpty = countConditions(draft) === 0;
  return { rule: parsed.success && !isEmpty ? parsed.data : null, incomplete: wrong, isEmpty };
}
