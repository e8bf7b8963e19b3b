import type { SurfaceUpdate } from '@zhiyin/contract';
import { useCallback, useMemo, useState } from 'react';
import { findProblems, listChanges } from './draft.ts';

type Step = { readonly draft: SurfaceUpdate; readonly key: string; readonly at: number };
/** Moves of one slider within so short a time are one step back. */
const oneStepMs = 1_000;
const stepsMax = 100;

/** The rules while they are edited: what changed, what is wrong, and the way back step by step or at once. */
export function useDraft(saved: SurfaceUpdate) {
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const draft = steps.at(-1)?.draft ?? saved;

  const change = useCallback(
    (key: string, make: (draft: SurfaceUpdate) => SurfaceUpdate) =>
      setSteps((before) => {
        const last = before.at(-1);
        const now = Date.now();
        const isSameMove = last?.key === key && now - last.at < oneStepMs;
        const next = { draft: make(last?.draft ?? saved), key, at: now };
        return [...(isSameMove ? before.slice(0, -1) : before), next].slice(-stepsMax);
      }),
    [saved],
  );
  const set = useCallback(
    <Key extends keyof SurfaceUpdate>(key: Key, value: SurfaceUpdate[Key]) =>
      change(key, (before) => ({ ...before, [key]: value })),
    [change],
  );
  const setRule = useCallback(
    <Key extends keyof SurfaceUpdate['rules']>(key: Key, value: SurfaceUpdate['rules'][Key]) =>
      change(`rules.${key}`, (before) => ({ ...before, rules: { ...before.rules, [key]: value } })),
    [change],
  );
  return {
    draft,
    set,
    setRule,
    changes: useMemo(() => listChanges(saved, draft), [saved, draft]),
    problems: useMemo(() => findProblems(draft), [draft]),
    canUndo: steps.length > 0,
    undo: useCallback(() => setSteps((before) => before.slice(0, -1)), []),
    discard: useCallback(() => setSteps([]), []),
  };
}
export type Draft = ReturnType<typeof useDraft>;
