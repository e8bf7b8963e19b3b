import type { Contribution, History } from '../../recommend/recommender.ts';
import { knownItems } from '../sequences.ts';
import { viewParameters } from './parameters.ts';
import type { SasrecModel } from './sasrec-model.ts';
import { readLast, residentOf } from './score-sasrec.ts';

/** Of a history the latest are asked about; what came before moves an answer little, and each costs a pass. */
const askedMax = 10;

/**
 * Which events of a history speak for an item: each of the latest is left out in turn, and what the item's lead over the mean of all
 * items loses is what the event gave. A network is no sum: these are shares of what is lost, and add up to 1. Events without which the
 * item would stand better have no share.
 * Cost: eleven passes for the first item asked about; further items of the same history cost eleven dot products.
 */
export function explainBySasrec(model: SasrecModel, history: History, item: number): readonly Contribution[] {
  const { size } = model;
  const { asked, vectors } = leaveOut(model, history);
  if (asked.length === 0) return [];
  const own = viewParameters(model, model.parameters).item.subarray(item * size, (item + 1) * size);
  const mean = meanVector(model);
  const leadOf = (row: number) => {
    let lead = 0;
    for (let l = 0; l < size; l++) lead += vectors[row * size + l] * (own[l] - mean[l]);
    return lead;
  };
  const whole = leadOf(0);
  const lost = new Map<number, number>();
  for (const [at, event] of asked.entries()) {
    lost.set(event, (lost.get(event) ?? 0) + Math.max(0, whole - leadOf(at + 1)));
  }
  let total = 0;
  for (const share of lost.values()) total += share;
  if (!(total > 0)) return [];
  return Array.from(lost, ([item, share]): Contribution => ({ item, share: share / total }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}

type LeftOut = {
  readonly model: SasrecModel;
  /** The latest events, oldest first. */
  readonly asked: Uint32Array;
  /** What the network says after the whole history, then after it without each of them; (asked + 1) × size. */
  readonly vectors: Float32Array;
};

/** An answer's items are explained one by one from one history. */
const remembered = new WeakMap<History, LeftOut>();

function leaveOut(model: SasrecModel, history: History): LeftOut {
  const known = remembered.get(history);
  if (known?.model === model) return known;
  const items = knownItems(history, model.items);
  // One event leaves nothing to compare with but itself: it is the reason.
  const asked = items.slice(-askedMax);
  const first = items.length - asked.length;
  const lists = Array.from(asked, (_, at) => items.filter((_, place) => place !== first + at));
  const network = residentOf(model);
  network.buffers.reset();
  const isSingle = items.length === 1;
  const read = items.length === 0 ? new Float32Array(0) : readLast(network, isSingle ? [items] : [items, ...lists]);
  const vectors = new Float32Array((asked.length + 1) * model.size);
  vectors.set(read.subarray(0, vectors.length));
  const leftOut = { model, asked, vectors };
  remembered.set(history, leftOut);
  return leftOut;
}

const means = new WeakMap<SasrecModel, Float32Array>();

/** The vector of the mean item. */
function meanVector(model: SasrecModel): Float32Array {
  const known = means.get(model);
  if (known) return known;
  const { items, size } = model;
  const vectors = viewParameters(model, model.parameters).item;
  const mean = new Float32Array(size);
  for (let i = 0; i < items * size; i++) mean[i % size] += vectors[i] / items;
  means.set(model, mean);
  return mean;
}
