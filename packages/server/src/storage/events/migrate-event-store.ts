import { AppError } from '../../domain/app-error.ts';
import { connectNodes, type Node, type Nodes } from './connect-nodes.ts';
import type { EventStoreAddress } from './event-store-address.ts';
import { mergeTreeSettings } from './render-engine-config.ts';
import { localName, renderTables, type SchemaPlace } from './render-tables.ts';
import { tables } from './schema.ts';
import { toStorageError } from './to-storage-error.ts';

export type EventMigration = {
  readonly version: number;
  readonly name: string;
  /** Each statement must be harmless when repeated: a node may have died between two of them. */
  readonly statements: (place: SchemaPlace) => readonly string[];
};

export const eventMigrations: readonly EventMigration[] = [
  { version: 1, name: 'foundation', statements: (place) => renderTables(place) },
  { version: 3, name: 'segments', statements: (place) => renderTables(place, only('segment_memberships')) },
  { version: 4, name: 'computed-traits', statements: (place) => renderTables(place, only('computed_traits')) },
  { version: 5, name: 'predictions', statements: (place) => renderTables(place, only('prediction_scores')) },
  {
    version: 14,
    name: 'tags-and-lists',
    statements: (place) => renderTables(place, only('tags', 'list_members')),
  },
];

const only = (...names: readonly string[]) => tables.filter(({ name }) => names.includes(name));

/**
 * Brings every node to the newest schema, one node after the other. The caller holds the control store's migration lock.
 * Returns what was applied, as `node version-name`.
 */
export async function migrateEventStore(
  address: EventStoreAddress,
  migrations: readonly EventMigration[] = eventMigrations,
): Promise<string[]> {
  const nodes = connectNodes(address);
  const applied: string[] = [];
  try {
    for (const node of nodes.perNode) applied.push(...(await migrateNode(nodes, node, address, migrations)));
    for (const node of nodes.perNode) await assertTableSettings(nodes, node, address);
    return applied;
  } catch (cause) {
    throw toStorageError('migrate the event store', cause, 'read');
  } finally {
    await nodes.close();
  }
}

async function migrateNode(
  nodes: Nodes,
  node: Node,
  address: EventStoreAddress,
  migrations: readonly EventMigration[],
): Promise<string[]> {
  const run = <Row>(statement: string, parameters: Record<string, unknown> = {}) =>
    nodes.maintain<Row>(statement, parameters, node);
  const { database } = address;
  await run(`CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic`);
  await run(
    `CREATE TABLE IF NOT EXISTS ${database}.schema_migrations
     (version UInt32, name String, applied_at DateTime DEFAULT now())
     ENGINE = MergeTree ORDER BY version SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  );
  const known = await run<{ version: number }>(`SELECT DISTINCT version FROM ${database}.schema_migrations`);
  const done = new Set(known.map((row) => Number(row.version)));
  const newest = Math.max(0, ...migrations.map((migration) => migration.version));
  const tooNew = [...done].find((version) => version > newest);
  if (tooNew !== undefined) {
    throw new AppError('config.invalid', `${node.url}: schema ${tooNew} is newer than this program knows (${newest})`, {
      details: { fix: 'Start the newer version of Zhiyin, or restore a backup from before the upgrade.' },
    });
  }
  const applied: string[] = [];
  for (const migration of migrations) {
    if (done.has(migration.version)) continue;
    for (const statement of migration.statements(address)) await run(statement);
    await run(`INSERT INTO ${database}.schema_migrations (version, name) VALUES ({version:UInt32}, {name:String})`, {
      version: migration.version,
      name: migration.name,
    });
    applied.push(`${node.url} ${migration.version}-${migration.name}`);
  }
  return applied;
}

/** A table without them would lose acknowledged rows in a power cut or store a repeated chunk twice: do not start with it. */
async function assertTableSettings(nodes: Nodes, node: Node, address: EventStoreAddress): Promise<void> {
  const rows = await nodes.maintain<{ name: string; engine: string; definition: string }>(
    'SELECT name, engine, engine_full AS definition FROM system.tables WHERE database = {database:String}',
    { database: address.database },
    node,
  );
  const found = new Map(rows.map((row) => [row.name, row]));
  for (const table of tables) {
    const name = localName(table.name, address);
    const definition = found.get(name)?.definition ?? '';
    for (const setting of requiredSettings(address)) {
      if (new RegExp(`\\b${setting} = [1-9]`).test(definition)) continue;
      throw new AppError('storage.unavailable', `${node.url}: table ${address.database}.${name} lacks ${setting}`, {
        details: {
          fix: `ALTER TABLE ${address.database}.${name} MODIFY SETTING ${setting} = ${mergeTreeSettings[setting]}`,
        },
      });
    }
  }
}

const requiredSettings = (place: SchemaPlace): readonly (keyof typeof mergeTreeSettings)[] =>
  place.engineFamily === 'plain'
    ? ['fsync_after_insert', 'fsync_part_directory', 'non_replicated_deduplication_window']
    : ['fsync_after_insert', 'fsync_part_directory'];
