import { buildItemContent, type ItemContent } from '@zhiyin/learn';
import { currencyExponents } from '../../domain/currencies.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { ItemCells } from '../catalogue/catalogue.ts';
import { loadItems } from '../catalogue/load-items.ts';
import type { ItemVectors } from '../models/item-vectors.ts';

/** The items of a training: first those that somebody did something with, then new ones that are known by their content alone. */
export type TrainItems = {
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Items before this one have deeds. */
  readonly known: number;
  /** By item; undefined: not in the catalogue. */
  readonly cells: readonly (ItemCells | undefined)[];
};

/** New items beside the known ones: more of them would push out models that grow with the square of the items. */
const newItemsShare = 0.25;
const newItemsAlways = 100;

export async function readTrainItems(
  events: EventStore,
  workspaceId: WorkspaceId,
  knownIds: readonly string[],
): Promise<TrainItems> {
  const indexOf = new Map(knownIds.map((id, item) => [id, item]));
  const cells: (ItemCells | undefined)[] = knownIds.map(() => undefined);
  const fresh: ItemCells[] = [];
  for await (const part of loadItems(events, workspaceId)) {
    for (const item of part) {
      const known = indexOf.get(item.itemId);
      if (known !== undefined) cells[known] = item;
      else if (!item.deleted && item.stock !== 0) fresh.push(item);
    }
  }
  const most = Math.max(newItemsAlways, Math.floor(newItemsShare * knownIds.length));
  const added = fresh.sort((a, b) => b.version - a.version || (a.itemId < b.itemId ? -1 : 1)).slice(0, most);
  for (const item of added) indexOf.set(item.itemId, indexOf.size);
  return {
    ids: [...knownIds, ...added.map(({ itemId }) => itemId)],
    indexOf,
    known: knownIds.length,
    cells: [...cells, ...added],
  };
}

const embeddedValuesMax = 5_000_000;
const tagsMax = 10;

/** What items are, for models of content: words, category, brand, price, attributes, and embeddings where there are some. */
export function describeItems(items: TrainItems, vectors: ItemVectors | undefined): ItemContent {
  const useVectors = vectors !== undefined && vectors.items * vectors.dimensions <= embeddedValuesMax;
  const rowOf = new Map(useVectors ? vectors.itemIds.map((id, row) => [id, row]) : []);
  return buildItemContent(
    items.ids.map((id, item) => {
      const one = items.cells[item];
      if (!one) return {};
      const row = rowOf.get(id);
      const price =
        one.priceMinor === null ? undefined : one.priceMinor / 10 ** (currencyExponents.get(one.currency) ?? 2);
      return {
        text: `${one.name} ${one.description}`,
        category: one.category.split(' / '),
        brand: one.brand,
        tags: tagsOf(one),
        ...(price !== undefined && price >= 0 ? { price } : {}),
        ...(row === undefined || !vectors
          ? {}
          : { embedding: vectors.values.subarray(row * vectors.dimensions, (row + 1) * vectors.dimensions) }),
      };
    }),
  );
}

/** Attributes that name a kind, not a quantity. */
function tagsOf({ attributes }: ItemCells): string[] {
  return Object.entries(attributes)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, one] as const))
    .filter(([, value]) => typeof value === 'string' && value !== '' && Number.isNaN(Number(value)))
    .slice(0, tagsMax)
    .map(([name, value]) => `${name}:${String(value)}`);
}
