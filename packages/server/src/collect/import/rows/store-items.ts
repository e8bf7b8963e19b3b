import type { Stores } from '../../../storage/stores.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { RowFields } from './read-fields.ts';
import { type ItemRow, toItem } from './to-item.ts';

export type ItemTally = {
  accepted: number;
  repaired: number;
  duplicate: number;
  readonly repairs: Map<string, number>;
  readonly refused: { row: number; raw: string; reason: string; field: string; detail: string }[];
};

/** A page of catalogue rows → `items`. What is there already as it stands is a duplicate; of two rows with one id the later stays. */
export async function storeItems(
  stores: Stores,
  plan: ImportPlan,
  rows: readonly RowFields[],
  tally: ItemTally,
  run: { readonly isRestart: boolean } = { isRestart: false },
): Promise<void> {
  const results = rows.map((row) => ({ row, result: toItem(plan, row) }));
  const ids = results.flatMap(({ result }) => (result.kind === 'item' ? [result.item.item_id] : []));
  // Rises with the row, so that of two rows with one id in different pages the later one stays.
  const version = plan.receivedAt.getTime() * 1_000 + (rows[0]!.row % 1_000_000);
  const known = await readKnown(stores, plan, ids, run.isRestart ? version : null);
  const fresh = new Map<string, ItemRow>();
  for (const { row, result } of results) {
    if (result.kind === 'refused') {
      const { reason, field, detail } = result;
      tally.refused.push({ row: row.row, raw: row.raw, reason, field, detail });
      continue;
    }
    const content = contentOf(result.item);
    if (known.get(result.item.item_id) === content) {
      tally.duplicate += 1;
      continue;
    }
    known.set(result.item.item_id, content);
    fresh.set(result.item.item_id, result.item);
    tally[result.repairs.length > 0 ? 'repaired' : 'accepted'] += 1;
    for (const repair of result.repairs) tally.repairs.set(repair, (tally.repairs.get(repair) ?? 0) + 1);
  }
  const stamp = {
    updated_at: plan.receivedAt.toISOString().replace('T', ' ').replace('Z', ''),
    import_id: plan.importId,
  };
  const stored = [...fresh.values()].map((item) => ({ ...item, ...stamp, version }));
  if (stored.length > 0)
    await stores.events.append('items', stored, `import:${plan.importId}:${plan.receivedAt.getTime()}:${rows[0]!.row}`);
}

/** What is stored. @param from in a run after a crash: what its own rows of this version and later say was not there before. */
async function readKnown(
  stores: Stores,
  plan: ImportPlan,
  ids: readonly string[],
  from: number | null,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await stores.events.read<ItemRow & { import_id: number; version: string }>(plan.workspace.id, {
    name: 'known-items',
    sql: 'SELECT item_id, name, description, category, brand, price_minor, currency, url, image_url, stock, attributes, deleted, import_id, toString(version) AS version FROM @items WHERE item_id IN {ids:Array(String)}',
    parameters: { ids },
  });
  const isOwn = (row: { import_id: number; version: string }) =>
    from !== null && Number(row.import_id) === Number(plan.importId) && Number(row.version) >= from;
  return new Map(rows.filter((row) => !isOwn(row)).map((row) => [row.item_id, contentOf(row)]));
}

function contentOf(item: ItemRow): string {
  const plain = (value: unknown) => (value === null || value === undefined ? null : String(value));
  const attributes = Object.entries((item.attributes ?? {}) as Record<string, unknown>)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort();
  return JSON.stringify([
    ...(
      [
        'name',
        'description',
        'category',
        'brand',
        'price_minor',
        'currency',
        'url',
        'image_url',
        'stock',
        'deleted',
      ] as const
    ).map((name) => plain(item[name])),
    attributes,
  ]);
}
