import type { Json, JsonObject } from '../../domain/events.ts';
import type { ByteText } from '../byte-text.ts';
import { type ItemPieces, ItemTexts, itemPiece } from './item-texts.ts';

/** One row of the table `items`, as it is read. */
export type ItemCells = {
  readonly itemId: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly brand: string;
  readonly priceMinor: number | null;
  readonly currency: string;
  readonly url: string;
  readonly imageUrl: string;
  /** Null: not counted, so always there. */
  readonly stock: number | null;
  readonly attributes: JsonObject;
  readonly deleted: boolean;
  readonly version: number;
};

const listValuesMax = 20;
const attributesMax = 40;
const valueCharactersMax = 300;
const none: Int32Array = new Int32Array(0);

/**
 * A brand's catalogue in memory, in columns. An item keeps its index for the life of the process: models, histories and
 * rules speak of indices. Also ids that are known from events alone have one; they are never live.
 */
export class Catalogue {
  readonly #indexOf = new Map<string, number>();
  readonly ids: string[] = [];
  readonly names: string[] = [];
  readonly categories: string[] = [];
  readonly brands: string[] = [];
  readonly currencies: string[] = [];
  readonly urls: string[] = [];
  readonly imageUrls: string[] = [];
  /** First words of the description, for likeness by content. */
  readonly texts: string[] = [];
  /** NaN: none. */
  prices = new Float64Array(256);
  /** Infinity: not counted. 0 for what is deleted or no item at all. */
  stocks = new Float64Array(256);
  /** 1: in the catalogue and not deleted. */
  present = new Uint8Array(256);
  versions = new Float64Array(256);
  /** Pairs (attribute, value) of each item, see `pairs`. */
  readonly #pairsOf: (Int32Array | undefined)[] = [];
  readonly #pairIndex = new Map<string, number>();
  readonly pairs: { readonly attribute: string; readonly value: string; readonly number: number }[] = [];
  readonly #texts = new ItemTexts((index) => this.#piecesOf(index));
  /** Numbers of category and brand, for counting without comparing text. 0: none. */
  categoryIds = new Int32Array(256);
  brandIds = new Int32Array(256);
  readonly #numberOf = new Map<string, number>([['', 0]]);
  /** Items that are present. */
  live = 0;
  /** Rises with every change; `changedAt[i]` is the revision in which item i changed last. */
  revision = 0;
  changedAt = new Float64Array(256);
  /** Highest version seen, in the table's own unit. */
  newestVersion = 0;

  get size(): number {
    return this.ids.length;
  }

  find(itemId: string): number | undefined {
    return this.#indexOf.get(itemId);
  }

  /** The item's index; a new one for an id never seen. */
  register(itemId: string): number {
    const known = this.#indexOf.get(itemId);
    if (known !== undefined) return known;
    const index = this.ids.length;
    if (index >= this.present.length) this.#grow();
    this.#indexOf.set(itemId, index);
    this.ids.push(itemId);
    for (const texts of [
      this.names,
      this.categories,
      this.brands,
      this.currencies,
      this.urls,
      this.imageUrls,
      this.texts,
    ]) {
      texts.push('');
    }
    this.prices[index] = Number.NaN;
    return index;
  }

  /** @returns indices of items that changed; older versions of what is known already change nothing. */
  apply(rows: readonly ItemCells[]): number[] {
    const changed: number[] = [];
    for (const row of rows) {
      if (row.deleted && this.find(row.itemId) === undefined) {
        this.newestVersion = Math.max(this.newestVersion, row.version);
        continue;
      }
      const index = this.register(row.itemId);
      if (row.version <= this.versions[index]!) continue;
      this.#put(index, row);
      changed.push(index);
    }
    if (changed.length > 0) {
      this.revision += 1;
      for (const index of changed) this.changedAt[index] = this.revision;
    }
    return changed;
  }

  #put(index: number, row: ItemCells): void {
    const wasPresent = this.present[index]!;
    this.versions[index] = row.version;
    this.newestVersion = Math.max(this.newestVersion, row.version);
    this.present[index] = row.deleted ? 0 : 1;
    this.live += this.present[index]! - wasPresent;
    this.stocks[index] = row.deleted ? 0 : (row.stock ?? Number.POSITIVE_INFINITY);
    this.#texts.forget(index);
    if (row.deleted) return;
    this.prices[index] = row.priceMinor ?? Number.NaN;
    this.names[index] = row.name;
    this.categories[index] = row.category;
    this.brands[index] = row.brand;
    this.categoryIds[index] = this.#number(row.category);
    this.brandIds[index] = this.#number(row.brand);
    this.currencies[index] = row.currency;
    this.urls[index] = row.url;
    this.imageUrls[index] = row.imageUrl;
    this.texts[index] = row.description.slice(0, valueCharactersMax);
    this.#pairsOf[index] = this.#internPairs(row.attributes);
  }

  pairsOf(index: number): Int32Array {
    return this.#pairsOf[index] ?? none;
  }

  findPair(attribute: string, value: string): number | undefined {
    return this.#pairIndex.get(`${attribute}\0${value}`);
  }

  /** The part of an answer that is the same for everybody: `"itemId":"…","name":"…",…`. Made once per version of the item. */
  addFragment(text: ByteText, index: number): void {
    this.#texts.addTo(text, index, itemPiece.fragment);
  }

  /** The item's name (its id where it has none) as it stands inside of a JSON text, without the quotes. */
  addName(text: ByteText, index: number): void {
    this.#texts.addTo(text, index, itemPiece.name);
  }

  addId(text: ByteText, index: number): void {
    this.#texts.addTo(text, index, itemPiece.id);
  }

  /** The id as it stands in JSON that is itself the value of a text in JSON. */
  addTwiceQuotedId(text: ByteText, index: number): void {
    this.#texts.addTo(text, index, itemPiece.twiceQuotedId);
  }

  #piecesOf(index: number): ItemPieces {
    const price = this.prices[index]!;
    const said = JSON.stringify({
      itemId: this.ids[index],
      name: this.names[index],
      category: this.categories[index],
      brand: this.brands[index],
      priceMinor: Number.isNaN(price) ? null : price,
      currency: this.currencies[index],
      url: this.urls[index],
      imageUrl: this.imageUrls[index],
    });
    const id = JSON.stringify(this.ids[index]);
    return [said.slice(1, -1), JSON.stringify(this.nameOf(index)).slice(1, -1), id, JSON.stringify(id).slice(1, -1)];
  }

  nameOf(index: number): string {
    return this.names[index] || this.ids[index] || '';
  }

  #liveItems: Int32Array = new Int32Array(0);
  #liveRevision = -1;

  /** Indices of all items that are in stock. */
  liveItems(): Int32Array {
    if (this.#liveRevision !== this.revision) {
      const items: number[] = [];
      for (let index = 0; index < this.size; index += 1) if (this.isLive(index)) items.push(index);
      this.#liveItems = Int32Array.from(items);
      this.#liveRevision = this.revision;
    }
    return this.#liveItems;
  }

  isLive(index: number): boolean {
    return this.present[index] === 1 && this.stocks[index]! >= 1;
  }

  /** What the columns hold, roughly: for the console and the docs. */
  memoryBytes(): number {
    let characters = 0;
    let pairs = 0;
    for (let i = 0; i < this.size; i += 1) {
      characters +=
        this.ids[i]!.length +
        this.names[i]!.length +
        this.texts[i]!.length +
        this.urls[i]!.length +
        this.imageUrls[i]!.length;
      pairs += this.pairsOf(i).length;
    }
    return (
      characters * 1.5 + this.#texts.memoryBytes() + pairs * 4 + this.size * (9 * 24 + 5 * 8) + this.pairs.length * 120
    );
  }

  #internPairs(attributes: JsonObject): Int32Array {
    const found: number[] = [];
    for (const [attribute, value] of Object.entries(attributes).slice(0, attributesMax)) {
      const values = Array.isArray(value) ? value.slice(0, listValuesMax) : [value];
      for (const one of values) {
        const text = textOf(one);
        if (text !== undefined) found.push(this.#internPair(attribute, text));
      }
    }
    return Int32Array.from(found);
  }

  #number(text: string): number {
    let number = this.#numberOf.get(text);
    if (number === undefined) {
      number = this.#numberOf.size;
      this.#numberOf.set(text, number);
    }
    return number;
  }

  #internPair(attribute: string, value: string): number {
    const key = `${attribute}\0${value}`;
    const known = this.#pairIndex.get(key);
    if (known !== undefined) return known;
    const index = this.pairs.length;
    this.#pairIndex.set(key, index);
    this.pairs.push({ attribute, value, number: value.trim() === '' ? Number.NaN : Number(value) });
    return index;
  }

  #grow(): void {
    const length = this.present.length * 2;
    const grow = <Column extends Float64Array | Uint8Array | Int32Array>(
      column: Column,
      make: (n: number) => Column,
    ): Column => {
      const grown = make(length);
      grown.set(column);
      return grown;
    };
    this.prices = grow(this.prices, (n) => new Float64Array(n));
    this.stocks = grow(this.stocks, (n) => new Float64Array(n));
    this.versions = grow(this.versions, (n) => new Float64Array(n));
    this.changedAt = grow(this.changedAt, (n) => new Float64Array(n));
    this.present = grow(this.present, (n) => new Uint8Array(n));
    this.categoryIds = grow(this.categoryIds, (n) => new Int32Array(n));
    this.brandIds = grow(this.brandIds, (n) => new Int32Array(n));
  }
}

function textOf(value: Json): string | undefined {
  if (typeof value === 'string') return value.slice(0, valueCharactersMax);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
