import { noColumn } from '@zhiyin/kernels';
import type { Buffers } from './buffers.ts';

/** One stretch of a sequence: the network reads `[start, end)` of the items. */
export type Stretch = { readonly start: number; readonly end: number };

/** Sequences of similar length, padded on the left to one. Its rows are `[row, row + batch · length)` of the batch. */
export type BatchGroup = {
  readonly row: number;
  readonly batch: number;
  readonly length: number;
  /** First position that is not padding, per sequence. */
  readonly start: Uint32Array;
};

/**
 * Many sequences as rows of one matrix. They are grouped by length before they are padded: in shops most histories are short, and padding
 * all to the longest would be most of the work.
 */
export type Batch = {
  readonly rows: number;
  readonly groups: readonly BatchGroup[];
  /** Per row; `noColumn` for padding. */
  readonly item: Uint32Array;
  /** Row of the table of positions: maxLength − 1 for the last event; `noColumn` for padding. */
  readonly position: Uint32Array;
  /** The item after it, where there is one to learn from; 0 elsewhere. */
  readonly target: Uint32Array;
  /** 1 / targets where there is a target, else 0. */
  readonly weight: Float32Array;
  /** Row of the last event of each stretch, in the order in which they were given. */
  readonly last: Uint32Array;
  /** batch · length² summed over groups. */
  readonly attentionSize: number;
};

/**
 * @param items of all sequences; the target of a row is the item behind it, also behind the end of the stretch.
 * @param withTargets false: nothing is learnt, and the last event of a stretch has no item behind it.
 */
export function buildBatch(
  items: Uint32Array,
  stretches: readonly Stretch[],
  { maxLength, withTargets, buffers }: { maxLength: number; withTargets: boolean; buffers: Buffers },
): Batch {
  const lengthOf = (at: number) => stretches[at].end - stretches[at].start;
  const order = Array.from(stretches, (_, at) => at).sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const layout: { members: number[]; length: number; row: number }[] = [];
  let rows = 0;
  for (let from = 0; from < order.length; ) {
    const length = paddedLength(lengthOf(order[from]), maxLength);
    let until = from;
    while (until < order.length && lengthOf(order[until]) <= length) until++;
    const members = order.slice(from, until);
    const longest = lengthOf(members[members.length - 1]);
    layout.push({ members, length: longest, row: rows });
    rows += members.length * longest;
    from = until;
  }
  const batch = {
    rows,
    item: buffers.uint32(rows).fill(noColumn),
    position: buffers.uint32(rows).fill(noColumn),
    target: buffers.uint32(rows).fill(0),
    weight: buffers.float32(rows).fill(0),
    last: buffers.uint32(stretches.length),
  };
  let targets = 0;
  const groups = layout.map(({ members, length, row }): BatchGroup => {
    const start = buffers.uint32(members.length);
    for (const [sequence, member] of members.entries()) {
      const used = lengthOf(member);
      start[sequence] = length - used;
      for (let i = 0; i < used; i++) {
        const at = row + sequence * length + length - used + i;
        batch.item[at] = items[stretches[member].start + i];
        batch.position[at] = maxLength - used + i;
        if (withTargets) batch.target[at] = items[stretches[member].start + i + 1];
      }
      batch.last[member] = row + (sequence + 1) * length - 1;
      targets += used;
    }
    return { row, batch: members.length, length, start };
  });
  if (withTargets)
    for (let row = 0; row < rows; row++) if (batch.item[row] !== noColumn) batch.weight[row] = 1 / targets;
  const attentionSize = groups.reduce((sum, { batch, length }) => sum + batch * length * length, 0);
  return { ...batch, groups, attentionSize };
}

/** The longest sequence that may share a group with one of this length: a quarter longer. */
function paddedLength(length: number, maxLength: number): number {
  return Math.min(maxLength, Math.max(length, Math.floor(length * 1.25)));
}
