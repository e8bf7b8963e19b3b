import type { ByteText } from '../byte-text.ts';

/** What answers and ledger rows say of an item, each a piece of JSON. */
export type ItemPieces = readonly [fragment: string, name: string, id: string, twiceQuotedId: string];
type Piece = 0 | 1 | 2 | 3;
export const itemPiece = { fragment: 0, name: 1, id: 2, twiceQuotedId: 3 } as const satisfies Record<string, Piece>;

/** Where a piece begins, of each of four, and where the last one ends. */
const placesEach = 5;
const startBytes = 65_536;

/**
 * Pieces of answers, encoded when an item is first shown and laid end to end: an item's stand side by side, so that a long list finds
 * them in few lines of memory.
 */
export class ItemTexts {
  readonly #make: (index: number) => ItemPieces;
  #bytes = Buffer.allocUnsafe(startBytes);
  #end = 0;
  /** Bytes of versions that are gone. */
  #dead = 0;
  #places = new Uint32Array(placesEach * 256);

  constructor(make: (index: number) => ItemPieces) {
    this.#make = make;
  }

  addTo(text: ByteText, index: number, piece: Piece): void {
    const at = placesEach * index;
    // An item's last piece is never empty: it is an id in quotes.
    if (!(this.#places[at + placesEach - 1]! > 0)) this.#put(index);
    text.addPart(this.#bytes, this.#places[at + piece]!, this.#places[at + piece + 1]!);
  }

  /** The item says something else from now on. */
  forget(index: number): void {
    const at = placesEach * index;
    const end = this.#places[at + placesEach - 1] ?? 0;
    if (end === 0) return;
    this.#dead += end - this.#places[at]!;
    this.#places.fill(0, at, at + placesEach);
  }

  memoryBytes(): number {
    return this.#bytes.length + this.#places.byteLength;
  }

  #put(index: number): void {
    const at = placesEach * index;
    if (at + placesEach > this.#places.length) {
      const grown = new Uint32Array(Math.max(2 * this.#places.length, at + placesEach));
      grown.set(this.#places);
      this.#places = grown;
    }
    const pieces = this.#make(index);
    this.#makeRoom(pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0));
    pieces.forEach((piece, number) => {
      this.#places[at + number] = this.#end;
      this.#end += this.#bytes.write(piece, this.#end);
    });
    this.#places[at + placesEach - 1] = this.#end;
  }

  #makeRoom(more: number): void {
    if (this.#end + more <= this.#bytes.length) return;
    const live = this.#end - this.#dead;
    const moved = Buffer.allocUnsafe(Math.max(this.#bytes.length, 2 * live, live + more));
    let end = 0;
    for (let at = 0; at < this.#places.length; at += placesEach) {
      const last = this.#places[at + placesEach - 1]!;
      if (last === 0) continue;
      const shift = end - this.#places[at]!;
      end += this.#bytes.copy(moved, end, this.#places[at]!, last);
      for (let piece = 0; piece < placesEach; piece += 1) this.#places[at + piece]! += shift;
    }
    this.#bytes = moved;
    this.#end = end;
    this.#dead = 0;
  }
}
