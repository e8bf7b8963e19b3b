import { openKernels } from '@zhiyin/kernels';
import { buildInteractions, findRecommender } from '@zhiyin/learn';
import { saveModelFile } from '../../storage/models/model-files.ts';
import { seededRandom } from '../answer/random.ts';
import { toItemLists } from '../models/model-bundle.ts';
import { registerModel } from '../models/model-registry.ts';
import { openRecommendServer } from './open-recommend-server.ts';
import { pinToCore } from './pin-to-core.ts';

/**
 * The server that is measured, in a process of its own: `<items> <people> <kind> <core>`. A catalogue and a year of deeds with tastes in them, a
 * model fitted on them, everything on real stores. Prints its port and a key, tells its CPU time when asked, ends with its input.
 */
const [items = 20_000, people = 1_000] = process.argv.slice(2, 4).map(Number);
const [kind = 'item-knn', core] = process.argv.slice(4);
const deedsEach = 30;
const groups = 200;

const server = await openRecommendServer({ worker: false });
const brand = await server.newBrand();
const random = seededRandom(7);
const { events } = server.stores;
const whole = (n: number) => Math.floor(random() * n);
const now = Date.now();
const storeInstant = (ms: number) => new Date(ms).toISOString().slice(0, 23).replace('T', ' ');

const itemRows = Array.from({ length: items }, (_, i) => ({
  workspace_id: brand.workspaceId,
  item_id: `item-${i}`,
  name: `手工茶杯 number ${i} of the collection`,
  description: '',
  category: `category ${i % groups}`,
  brand: `brand ${i % 97}`,
  price_minor: 1_000 + (i % 500) * 100,
  currency: 'CNY',
  url: `https://shop.example/item/${i}`,
  image_url: `https://img.example/item/${i}.jpg`,
  stock: 1 + (i % 50),
  attributes: { origin: `place ${i % 31}`, weight: i % 900 },
  updated_at: storeInstant(now),
  deleted: 0,
  import_id: 0,
  version: (now - 3_600_000) * 1_000 + i,
}));
for (let at = 0; at < items; at += 10_000) await events.append('items', itemRows.slice(at, at + 10_000), `items-${at}`);

const vault = await server.stores.vault.of(brand.workspaceId);
const [user, item]: [number[], number[]] = [[], []];
const eventRows: Record<string, unknown>[] = [];
for (let person = 0; person < people; person += 1) {
  const identity = vault.surrogate('user_id', `person-${person}`);
  const tastes = [whole(groups), whole(groups), whole(groups)];
  for (let deed = 0; deed < deedsEach; deed += 1) {
    const group = random() < 0.8 ? tastes[whole(3)]! : whole(groups);
    // Squared: a few items of a group are popular.
    const chosen = Math.min(items - 1, group + groups * Math.floor(random() ** 2 * (items / groups)));
    user.push(person);
    item.push(chosen);
    eventRows.push({
      workspace_id: brand.workspaceId,
      source_id: 1,
      message_key: crypto.randomUUID(),
      identity_id: identity,
      type: 'track',
      name: deed % 5 === 0 ? 'product_added' : 'product_viewed',
      occurred_at: storeInstant(now - whole(200) * 86_400_000 - whole(86_400_000)),
      received_at: storeInstant(now - 86_400_000),
      properties: { product_id: `item-${chosen}` },
      context: {},
      repairs: [],
      import_id: 0,
    });
  }
}
for (let at = 0; at < eventRows.length; at += 50_000) {
  await events.append('events', eventRows.slice(at, at + 50_000), `events-${at}`);
}

using kernels = openKernels({ threads: 1 });
const interactions = buildInteractions(people, items, { user, item });
const recommender = findRecommender(kind)!;
const optionsOf: Record<string, object> = { als: { factors: 64 }, 'item-knn': { neighbours: 100, shrinkage: 20 } };
const personal = recommender.fit({ interactions }, optionsOf[kind] ?? {}, { kernels, seed: 1 });
const none = toItemLists(items, [], 1);
const popularity = new Float32Array(items);
for (const one of item) popularity[one]! += 1;
const bundle = {
  kind: 'bundle',
  version: 1,
  items,
  itemIds: itemRows.map((row) => row.item_id),
  personal,
  viewed: none,
  together: none,
  next: none,
  popularity,
} as const;
const saved = await saveModelFile(server.stores.config.recommend.modelDir, brand.workspaceId, 'bench', bundle);
const data = { from: null, to: null, people, items, interactions: item.length };
await registerModel(server.stores.control, brand.workspaceId, {
  card: { kind, measures: null, baseline: null, verdict: 'bench', data, tried: [], fitSeconds: 0 },
  saved,
  state: 'serving',
});
await server.app.listen({ port: 0, host: '127.0.0.1' });
const port = (server.app.server.address() as { port: number }).port;
// The stores, started before, stay where they are.
const isPinned = core !== undefined && pinToCore(Number(core));
process.send?.({ kind: 'ready', port, key: brand.key, isPinned });
process.on('message', (message) => {
  if (message === 'cpu') {
    const { user: inUser, system } = process.cpuUsage();
    process.send?.({
      kind: 'cpu',
      seconds: (inUser + system) / 1e6,
      rssMb: process.memoryUsage().rss / 1_048_576,
      decisions: server.engine.decisions(),
    });
  }
  if (message === 'stop') void server.close().finally(() => process.exit(0));
});
process.on('disconnect', () => process.exit(0));
