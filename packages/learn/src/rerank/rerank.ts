import { DomainError } from '../errors.ts';
import type { RankedList } from './ranked-list.ts';

/** Why a step touched an item: a code the console has words for, and the numbers in its sentence. */
export type Because = { readonly code: string; readonly values?: Readonly<Record<string, number>> };

/**
 * filter: takes items out. score: changes scores and sorts by them. order: places items with regard to each other.
 * place: puts items at fixed places. Scores no longer say the order after an `order` step, so none may follow it.
 */
export type RerankPhase = 'filter' | 'score' | 'order' | 'place';

export type RerankStep = {
  readonly name: string;
  readonly phase: RerankPhase;
  readonly apply: (list: RankedList) => RerankOutcome;
};

export type RerankOutcome = {
  readonly list: RankedList;
  /** Why this item was taken out, put in or moved; absent: it only made room for others. */
  readonly because?: (item: number) => Because | undefined;
};

export type RerankReport = {
  readonly step: string;
  readonly candidatesBefore: number;
  readonly candidatesAfter: number;
  readonly removed: readonly { readonly item: number; readonly from: number; readonly because: Because }[];
  readonly added: readonly { readonly item: number; readonly to: number; readonly because: Because }[];
  /** Places from 0, counted among those who stayed. Only items that stood or stand among the first `watched`. */
  readonly moved: readonly {
    readonly item: number;
    readonly from: number;
    readonly to: number;
    readonly because: Because;
  }[];
};

export type Reranked = { readonly list: RankedList; readonly reports: readonly RerankReport[] };

/**
 * Runs the steps in their order and says what each took out, put in and moved, and why.
 * @param watched moves are reported for so many places from the top; removals always.
 * @throws DomainError when a step that changes scores comes after one that orders.
 */
export function rerank(
  list: RankedList,
  steps: readonly RerankStep[],
  { watched = 50 }: { readonly watched?: number } = {},
): Reranked {
  assertPhases(steps);
  const reports: RerankReport[] = [];
  let current = list;
  for (const step of steps) {
    const { list: next, because } = step.apply(current);
    reports.push(compareLists({ step: step.name, before: current, after: next, because, watched }));
    current = next;
  }
  return { list: current, reports };
}

function assertPhases(steps: readonly RerankStep[]): void {
  const firstOrder = steps.findIndex((step) => step.phase === 'order' || step.phase === 'place');
  if (firstOrder < 0) return;
  const late = steps.slice(firstOrder + 1).find((step) => step.phase === 'score');
  if (late) {
    throw new DomainError(
      `rerank: ${late.name} changes scores and must come before ${steps[firstOrder].name}, whose order it would undo`,
    );
  }
}

function compareLists({
  step,
  before,
  after,
  because = () => undefined,
  watched,
}: {
  readonly step: string;
  readonly before: RankedList;
  readonly after: RankedList;
  readonly because?: RerankOutcome['because'];
  readonly watched: number;
}): RerankReport {
  const reasonOf = (item: number, otherwise: string): Because => because(item) ?? { code: otherwise };
  const had = new Set(before.item);
  const has = new Set(after.item);
  const stayed = [...before.item].filter((item) => has.has(item));
  const placeBefore = new Map(stayed.map((item, place) => [item, place]));
  return {
    step,
    candidatesBefore: before.item.length,
    candidatesAfter: after.item.length,
    removed: Array.from(before.item, (item, from) => ({ item, from }))
      .filter(({ item }) => !has.has(item))
      .map(({ item, from }) => ({ item, from, because: reasonOf(item, step) })),
    added: Array.from(after.item, (item, to) => ({ item, to }))
      .filter(({ item }) => !had.has(item))
      .map(({ item, to }) => ({ item, to, because: reasonOf(item, step) })),
    moved: [...after.item]
      .filter((item) => had.has(item))
      .map((item, to) => ({ item, from: placeBefore.get(item) as number, to }))
      .filter(({ from, to }) => from !== to && Math.min(from, to) < watched)
      .map(({ item, from, to }) => ({ item, from, to, because: reasonOf(item, from > to ? step : 'made_room') })),
  };
}
