import { mergeTreeSettings } from './render-engine-config.ts';
import { type TableDefinition, tables } from './schema.ts';

export type SchemaPlace = {
  readonly database: string;
  readonly cluster: string | null;
  readonly engineFamily: 'plain' | 'replicated';
};

/** CREATE statements for one node: the same text for one server and for each node of a cluster. */
export function renderTables(place: SchemaPlace, definitions: readonly TableDefinition[] = tables): string[] {
  return definitions.flatMap((table) =>
    place.cluster ? [renderLocal(table, place), renderDistributed(table, place)] : [renderLocal(table, place)],
  );
}

/** `name` on a single server, `name_local` in a cluster. */
export const localName = (table: string, place: SchemaPlace): string => (place.cluster ? `${table}_local` : table);

function renderLocal(table: TableDefinition, place: SchemaPlace): string {
  const name = localName(table.name, place);
  const settings = [
    ...Object.entries(mergeTreeSettings)
      // Replicated tables have their own window, on by default.
      .filter(([key]) => place.engineFamily === 'plain' || key !== 'non_replicated_deduplication_window')
      .map(([key, value]) => `${key} = ${value}`),
    ...(table.settings ? [table.settings] : []),
  ].join(', ');
  return [
    `CREATE TABLE IF NOT EXISTS ${place.database}.${name} (${table.columns})`,
    `ENGINE = ${renderFamily(table.family, name, place)}`,
    table.partitionBy ? `PARTITION BY ${table.partitionBy}` : '',
    `ORDER BY ${table.orderBy}`,
    `SETTINGS ${settings}`,
  ]
    .filter(Boolean)
    .join('\n');
}

function renderFamily(family: string, name: string, place: SchemaPlace): string {
  const [, engine = '', inner = ''] = /^(\w+)(?:\((.*)\))?$/.exec(family) ?? [];
  if (place.engineFamily === 'plain') return `${engine}(${inner})`;
  const where = `'/clickhouse/tables/{shard}/${place.database}/${name}', '{replica}'`;
  return `Replicated${engine}(${inner ? `${where}, ${inner}` : where})`;
}

function renderDistributed(table: TableDefinition, place: SchemaPlace): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${place.database}.${table.name} AS ${place.database}.${localName(table.name, place)} ` +
    `ENGINE = Distributed(${place.cluster}, ${place.database}, ${localName(table.name, place)}, ${table.shardBy}) ` +
    'SETTINGS fsync_after_insert = 1, fsync_directories = 1, background_insert_max_sleep_time_ms = 2000'
  );
}
