export type FunnelStep = {
  readonly step: string;
  readonly people: number;
  /** Share of the first step, 0 to 1; null when nobody entered. */
  readonly ofFirst: number | null;
  /** Share of the step before; null for the first step and after an empty one. */
  readonly ofPrevious: number | null;
  /** People who did not go on to this step. */
  readonly lost: number;
};

/** Rates between the steps of a funnel. Steps are taken in the order given. */
export function computeFunnel(rows: readonly { step: string; people: number }[]): FunnelStep[] {
  const first = rows[0]?.people ?? 0;
  return rows.map(({ step, people }, index) => {
    const previous = index === 0 ? null : rows[index - 1]!.people;
    return {
      step,
      people,
      ofFirst: first > 0 ? people / first : null,
      ofPrevious: previous === null || previous <= 0 ? null : people / previous,
      lost: previous === null ? 0 : Math.max(0, previous - people),
    };
  });
}

/** The step that loses the largest share of those who reached the one before it: where to look first. */
export function findLargestLoss(steps: readonly FunnelStep[]): FunnelStep | null {
  let worst: FunnelStep | null = null;
  for (const step of steps) {
    if (step.ofPrevious === null) continue;
    if (worst === null || step.ofPrevious < worst.ofPrevious!) worst = step;
  }
  return worst;
}
