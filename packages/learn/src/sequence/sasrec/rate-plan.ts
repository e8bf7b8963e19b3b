/** The learning rate as a share of the first one, from the largest to the smallest. */
const rates = [1, 0.3, 0.1];
/** Share of all there is, passes or time, after which each must have fallen to the next: what small steps gain is worth their time. */
const fallBy = [0.6, 0.85, 1];

export type RatePlan = {
  /** Share of the first learning rate; 0 when the training is over. */
  readonly rate: number;
  /** True when time and not the held-out cases made a rate fall: another run may then go otherwise. */
  readonly isByTime: boolean;
  /**
   * Told after each pass.
   * @param passes, time the share of what there is that is used up.
   * @returns whether the next rate begins.
   */
  fallsAfter(pass: { isBetter: boolean; passes: number; time: number }): boolean;
};

/** Falls when `patience` passes in a row brought nothing, or when it is time for smaller steps. */
export function openRatePlan(patience: number): RatePlan {
  let stage = 0;
  let idle = 0;
  let isByTime = false;
  return {
    get rate() {
      return rates[stage] ?? 0;
    },
    get isByTime() {
      return isByTime;
    },
    fallsAfter({ isBetter, passes, time }) {
      idle = isBetter ? 0 : idle + 1;
      const mustFall = Math.max(passes, time) >= fallBy[stage];
      if (idle < patience && !mustFall) return false;
      if (idle < patience && time >= fallBy[stage]) isByTime = true;
      stage++;
      idle = 0;
      return stage < rates.length;
    },
  };
}
