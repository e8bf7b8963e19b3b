import { capGroups, ensureExposure } from './cap-groups.ts';
import { orderByDpp } from './order-by-dpp.ts';
import { type DiversityOptions, orderByMmr } from './order-by-mmr.ts';
import { type CalibrationOptions, orderCalibrated } from './order-calibrated.ts';
import { type Pin, placePins } from './place-pins.ts';
import { assertWhole, nonNegativeScores, pickPositions, type RankedList, withScores } from './ranked-list.ts';
import { type DueOptions, judgeRepurchase, type RepurchaseCycles } from './repurchase-cycles.ts';
import type { Because, RerankStep } from './rerank.ts';
import { boostScores, debiasPopularity } from './scale-scores.ts';
import type { SimilarityInto } from './similarity.ts';

/** Attributes in these steps are read by item index, so one array of the catalogue serves everybody. */
type OfItem = ArrayLike<number>;

/** Takes out every item for which `reasonFor` gives a reason: out of stock, too dear for the cart, blocked. */
export function removeItems(name: string, reasonFor: (item: number) => Because | undefined): RerankStep {
  return {
    name,
    phase: 'filter',
    apply: (list) => ({ list: keepWhere(list, (item) => reasonFor(item) === undefined), because: reasonFor }),
  };
}

export type BoughtOptions = {
  /** Days since the person last bought an item. */
  readonly daysSince: ReadonlyMap<number, number>;
  /** Never again; not within so many days; or only when it is likely to have run out. */
  readonly rule:
    | { readonly kind: 'never' }
    | { readonly kind: 'pause'; readonly days: number }
    | {
        readonly kind: 'when-due';
        readonly cycles: RepurchaseCycles;
        readonly due?: DueOptions;
        /** What is due counts for (1 + dueBoost) times its score. */
        readonly dueBoost: number;
      };
};

/** What a person has already bought. */
export function ruleBought({ daysSince, rule }: BoughtOptions): RerankStep {
  const judge = (item: number): { because: Because; factor: number } | undefined => {
    const days = daysSince.get(item);
    if (days === undefined) return undefined;
    const bought = { because: { code: 'bought', values: { daysSince: days } }, factor: 0 };
    if (rule.kind === 'never') return bought;
    if (rule.kind === 'pause') return days < rule.days ? bought : undefined;
    const state = judgeRepurchase(rule.cycles, item, days, rule.due);
    if (state.kind === 'once') return bought;
    if (state.kind === 'overdue') return undefined;
    if (state.kind === 'too-soon') {
      return {
        because: { code: 'bought_too_soon', values: { daysSince: days, dueInDays: state.dueInDays } },
        factor: 0,
      };
    }
    const values = { daysSince: days, medianDays: state.medianDays, cameBack: state.cameBack };
    return { because: { code: 'due_again', values }, factor: 1 + rule.dueBoost };
  };
  return {
    name: 'bought',
    phase: 'score',
    apply: (list) => {
      const kept = keepWhere(list, (item) => judge(item)?.factor !== 0);
      const scores = nonNegativeScores(kept.score).map((score, at) => score * (judge(kept.item[at])?.factor ?? 1));
      const hasBoost = kept.item.some((item) => (judge(item)?.factor ?? 1) !== 1);
      return { list: hasBoost ? withScores(kept, scores) : kept, because: (item) => judge(item)?.because };
    },
  };
}

/** score / popularity^β. */
export function lessPopular(popularity: OfItem, beta: number): RerankStep {
  return {
    name: 'popularity',
    phase: 'score',
    apply: (list) => ({ list: withScores(list, debiasPopularity(list.score, gather(list, popularity), beta)) }),
  };
}

/** score · (1 + strength · signal): margin, stock and the like; `name` says which. */
export function boostBySignal(name: string, signal: OfItem, strength: number): RerankStep {
  return {
    name,
    phase: 'score',
    apply: (list) => ({
      list: withScores(list, boostScores(list.score, gather(list, signal), strength)),
      because: (item) => (signal[item] === 0 ? undefined : { code: name, values: { signal: signal[item] } }),
    }),
  };
}

/** Scores of chosen items times a factor, set by hand. */
export function boostItems(factors: ReadonlyMap<number, number>): RerankStep {
  return {
    name: 'boost',
    phase: 'score',
    apply: (list) => ({
      list: withScores(
        list,
        nonNegativeScores(list.score).map((score, at) => score * (factors.get(list.item[at]) ?? 1)),
      ),
      because: (item) => {
        const factor = factors.get(item);
        return factor === undefined ? undefined : { code: 'boost', values: { factor } };
      },
    }),
  };
}

export type DiversityStepOptions = DiversityOptions & {
  readonly method: 'mmr' | 'dpp';
  /** Made for the items that are left when the step runs. */
  readonly similarity: (items: Uint32Array) => SimilarityInto;
};

/** Spreads alike items apart in the first `count` places. */
export function spreadAlike({ method, similarity, ...options }: DiversityStepOptions): RerankStep {
  const order = method === 'mmr' ? orderByMmr : orderByDpp;
  return orderStep('diversity', (list) => order(list.score, similarity(list.item), options));
}

/** Groups in the proportions of the person's own history. `groupOf` is by item. */
export function calibrateGroups({ groupOf, ...options }: CalibrationOptions): RerankStep {
  return orderStep('calibration', (list) =>
    orderCalibrated(list.score, { ...options, groupOf: gather(list, groupOf) }),
  );
}

export type CapOptions = {
  readonly groupOf: OfItem;
  /** For all groups, or by group; groups a map does not name have none. */
  readonly cap: number | ReadonlyMap<number, number> | ((group: number) => number);
};

/** At most `cap` items of a group; `name` says which kind of group: `category_cap`, `brand_cap`. */
export function capPerGroup(name: string, { groupOf, cap }: CapOptions): RerankStep {
  const capOf = (group: number) => {
    if (typeof cap === 'number') return cap;
    return typeof cap === 'function' ? cap(group) : (cap.get(group) ?? Number.POSITIVE_INFINITY);
  };
  return {
    name,
    phase: 'filter',
    apply: (list) => ({
      list: pickPositions(list, capGroups(gather(list, groupOf), capOf)),
      because: (item) => ({ code: name, values: { group: groupOf[item], cap: capOf(groupOf[item]) } }),
    }),
  };
}

export type ExposureStepOptions = {
  readonly slots: number;
  readonly groupOf: OfItem;
  readonly minimumShares: ReadonlyMap<number, number>;
};

/** Suppliers or brands with a least share of the places. */
export function ensureShares({ slots, groupOf, minimumShares }: ExposureStepOptions): RerankStep {
  return orderStep('exposure', (list) =>
    ensureExposure(list.item.length, { slots, groupOf: gather(list, groupOf), minimumShares }),
  );
}

/** Items at fixed places. `mayShow` keeps out what a filter before would have taken out. */
export function pinItems(pins: readonly Pin[], mayShow: (item: number) => boolean): RerankStep {
  return {
    name: 'pin',
    phase: 'place',
    apply: (list) => {
      const shown = pins.filter((pin) => mayShow(pin.item));
      const placeOf = new Map(shown.map((pin) => [pin.item, pin.position]));
      return {
        list: placePins(list, shown),
        because: (item) => {
          const position = placeOf.get(item);
          return position === undefined ? undefined : { code: 'pin', values: { position } };
        },
      };
    },
  };
}

/** The first `slots`; the rest is left out without a word, it only did not fit. */
export function takeFirst(list: RankedList, slots: number): RankedList {
  assertWhole('takeFirst: slots', slots, 0);
  return { item: list.item.slice(0, slots), score: list.score.slice(0, slots) };
}

function orderStep(name: string, order: (list: RankedList) => Uint32Array): RerankStep {
  return { name, phase: 'order', apply: (list) => ({ list: pickPositions(list, order(list)) }) };
}

function keepWhere(list: RankedList, keep: (item: number) => boolean): RankedList {
  const positions = Uint32Array.from(list.item.keys()).filter((position) => keep(list.item[position]));
  return pickPositions(list, positions);
}

function gather(list: RankedList, ofItem: OfItem): Float64Array {
  const values = new Float64Array(list.item.length);
  for (let at = 0; at < values.length; at++) values[at] = ofItem[list.item[at]];
  return values;
}
