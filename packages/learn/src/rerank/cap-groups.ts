import { ShapeError } from '../errors.ts';
import { assertWhole } from './ranked-list.ts';

/**
 * At most `cap` candidates of a group (category, brand), the best ones.
 * @param groupOf group of each candidate in list order, length n; a negative number: of no group, never capped.
 * @param capOf the cap per group; Infinity for none.
 * @returns positions kept, in list order. Cost: O(n).
 */
export function capGroups(groupOf: ArrayLike<number>, capOf: (group: number) => number): Uint32Array {
  const counts = new Map<number, number>();
  const kept: number[] = [];
  for (let position = 0; position < groupOf.length; position++) {
    const group = groupOf[position];
    const count = counts.get(group) ?? 0;
    if (group >= 0 && count >= assertedCap(capOf(group))) continue;
    counts.set(group, count + 1);
    kept.push(position);
  }
  return Uint32Array.from(kept);
}

function assertedCap(cap: number): number {
  if (cap !== Number.POSITIVE_INFINITY) assertWhole('capGroups: cap', cap, 0);
  return cap;
}

export type ExposureOptions = {
  /** Places that count. */
  readonly slots: number;
  /** Group (supplier, brand) of each candidate in list order, length n. */
  readonly groupOf: ArrayLike<number>;
  /** Least share of the places per group; together at most 1. */
  readonly minimumShares: ReadonlyMap<number, number>;
};

/**
 * Every group gets its least share of every beginning of the list: of the first p places at least ⌊p · share⌋, so nobody's share
 * sits at the end. Otherwise the order stays. A group with too few candidates gives all it has.
 *
 * A place may go to the best candidate only while the places left can still serve every later claim (earliest deadline first),
 * which is always possible when shares add up to at most 1.
 * @returns all n positions in their new order.
 * Cost: O(slots² × groups + n). Idea: Geyik, Ambler, Kenthapadi (2019), KDD, whose greedy form can miss a claim; this one cannot.
 */
export function ensureExposure(n: number, { slots, groupOf, minimumShares }: ExposureOptions): Uint32Array {
  if (groupOf.length !== n) throw new ShapeError(`ensureExposure: ${n} candidates but ${groupOf.length} groups`);
  assertWhole('ensureExposure: slots', slots, 0);
  const claims = new Claims(groupOf, minimumShares);
  const left = Array.from({ length: n }, (_, position) => position);
  const order: number[] = [];
  const places = Math.min(slots, n);
  while (order.length < places) {
    let at = 0;
    if (!claims.allowed(groupOf[left[0]], order.length + 1, places)) {
      const urgent = claims.mostUrgent(order.length + 1, places);
      at = left.findIndex((position) => groupOf[position] === urgent);
    }
    const [position] = left.splice(at, 1);
    claims.placed(groupOf[position]);
    order.push(position);
  }
  return Uint32Array.from([...order, ...left]);
}

class Claims {
  private readonly counts = new Map<number, number>();
  private readonly available = new Map<number, number>();
  private readonly shares: ReadonlyMap<number, number>;

  constructor(groupOf: ArrayLike<number>, shares: ReadonlyMap<number, number>) {
    let sum = 0;
    for (const [group, share] of shares) {
      if (!(share >= 0 && share <= 1))
        throw new ShapeError(`ensureExposure: the share of group ${group} must be 0 to 1`);
      sum += share;
    }
    if (sum > 1 + 1e-9) throw new ShapeError(`ensureExposure: shares must add up to at most 1, got ${sum}`);
    this.shares = shares;
    for (let i = 0; i < groupOf.length; i++) {
      this.available.set(groupOf[i], (this.available.get(groupOf[i]) ?? 0) + 1);
    }
  }

  placed(group: number): void {
    this.counts.set(group, (this.counts.get(group) ?? 0) + 1);
  }

  /** Whether, with `group` at place p, all later claims can still be met. */
  allowed(group: number, p: number, places: number): boolean {
    for (let deadline = p; deadline <= places; deadline++) {
      let owed = 0;
      for (const claimant of this.shares.keys()) owed += this.owed(claimant, deadline, claimant === group ? 1 : 0);
      if (owed > deadline - p) return false;
    }
    return true;
  }

  /** The group whose next claim falls due first. */
  mostUrgent(p: number, places: number): number {
    for (let deadline = p; deadline <= places; deadline++) {
      for (const group of this.shares.keys()) if (this.owed(group, deadline, 0) > 0) return group;
    }
    throw new ShapeError('ensureExposure: no claim is open');
  }

  private owed(group: number, deadline: number, extra: number): number {
    const share = this.shares.get(group) ?? 0;
    const wanted = Math.min(Math.floor(share * deadline + 1e-9), this.available.get(group) ?? 0);
    return Math.max(0, wanted - (this.counts.get(group) ?? 0) - extra);
  }
}
