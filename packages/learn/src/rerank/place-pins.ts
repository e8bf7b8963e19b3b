import { DomainError } from '../errors.ts';
import type { RankedList } from './ranked-list.ts';

export type Pin = {
  /** Index into the catalogue. */
  readonly item: number;
  /** From 0. */
  readonly position: number;
};

/**
 * Puts pinned items at their places; the others close up around them in their order. A pinned item that was no candidate comes
 * in with the score of the item it stands before. Beyond the end of the list it goes to the end.
 * @throws DomainError when an item or a place is pinned twice.
 */
export function placePins(list: RankedList, pins: readonly Pin[]): RankedList {
  const pinned = new Map(pins.map((pin) => [pin.position, pin.item]));
  const items = new Set(pins.map((pin) => pin.item));
  if (pinned.size < pins.length) throw new DomainError('placePins: two pins have the same position');
  if (items.size < pins.length) throw new DomainError('placePins: an item is pinned twice');
  const scoreOf = new Map(Array.from(list.item, (item, at) => [item, list.score[at]]));
  const others = [...list.item].filter((item) => !items.has(item));
  const item: number[] = [];
  const byPosition = [...pins].sort((a, b) => a.position - b.position);
  for (const pin of byPosition) {
    while (item.length < pin.position && others.length > 0) item.push(others.shift() as number);
    item.push(pin.item);
  }
  item.push(...others);
  const score = new Float64Array(item.length);
  for (let at = item.length - 1; at >= 0; at--) {
    const next = at + 1 < item.length ? score[at + 1] : (list.score.at(-1) ?? 0);
    score[at] = scoreOf.get(item[at]) ?? next;
  }
  return { item: Uint32Array.from(item), score };
}
